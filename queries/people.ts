import type { Settings } from "../functions/lifecycle/settings.ts";

/** Whom AWS names so: a person of the settings by name, else the last part of what AWS says; `undefined` for nobody. */
export function personOf(
  identities: readonly string[],
  { approvers, authors }: Pick<Settings, "approvers" | "authors">,
): string | undefined {
  const person = [...approvers, ...authors].find((one) =>
    one.identities.some((identity) => identities.includes(identity)),
  );
  const [first] = identities;
  return person?.name ?? first?.slice(first.lastIndexOf("/") + 1);
}
