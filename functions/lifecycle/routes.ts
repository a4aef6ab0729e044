import { matchesPattern } from "./pattern.ts";
import type { Lifecycle, Settings } from "./settings.ts";

/** Whether `lifecycleOf` needs the card's tags; reading them costs a call. */
export function routesNeedTags(settings: Pick<Settings, "routes">): boolean {
  return settings.routes.some(({ tag }) => tag !== undefined);
}

/** The lifecycle of a card: that of the first route that matches its name or tags, or none. */
export function lifecycleOf(
  card: { modelCardName: string; tags: Record<string, string> },
  settings: Pick<Settings, "routes" | "lifecycles">,
): Lifecycle | undefined {
  const route = settings.routes.find(({ namePattern, tag }) =>
    namePattern === undefined
      ? tag !== undefined && card.tags[tag.key] === tag.value
      : matchesPattern(card.modelCardName, namePattern),
  );
  return lifecycleNamed(route?.lifecycle ?? null, settings);
}

/** @param lifecycle - A name, or `null` for a card that belongs to no lifecycle. */
export function lifecycleNamed(
  lifecycle: string | null,
  { lifecycles }: Pick<Settings, "lifecycles">,
): Lifecycle | undefined {
  return lifecycles.find(({ name }) => name === lifecycle);
}
