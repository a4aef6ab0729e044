import type { Settings } from "../../functions/lifecycle/settings.ts";

/**
 * Options of a resource that a removal leaves behind. A deployment after it takes the resource over, by its id in Pulumi's words,
 * where the settings name the kept keys; else it makes a new one.
 */
export function leftBehind(
  settings: Settings,
  idOf: (keptKeys: NonNullable<Settings["deployment"]["keptKeys"]>) => string,
): $util.CustomResourceOptions {
  const { keptKeys } = settings.deployment;
  return { retainOnDelete: true, ...(keptKeys && { import: idOf(keptKeys) }) };
}
