import type { Settings } from "../../functions/lifecycle/settings.ts";
import { personaRoles } from "../definitions/personas.ts";
import { createRole } from "../iam-role.ts";

/** The roles of people who work in the model card account. */
export function createPersonaRoles(settings: Settings): void {
  for (const role of personaRoles(settings.modelCardAccountId, settings)) createRole(role);
}
