import type { ModelCards } from "./aws/sagemaker.ts";
import type { Card } from "./lifecycle/card.ts";
import { lifecycleOf, routesNeedTags } from "./lifecycle/routes.ts";
import type { Lifecycle, Settings } from "./lifecycle/settings.ts";

/** The lifecycle of a card as its routes and tags are now: tags are no part of a version, and change without any event. */
export async function lifecycleNow(
  { modelCardArn, modelCardName, status }: Pick<Card, "modelCardArn" | "modelCardName" | "status">,
  { modelCards, settings }: { modelCards: ModelCards; settings: Settings },
): Promise<Lifecycle | undefined> {
  const tags = status !== "Deleted" && routesNeedTags(settings) ? await modelCards.tags(modelCardArn) : {};
  return lifecycleOf({ modelCardName, tags }, settings);
}
