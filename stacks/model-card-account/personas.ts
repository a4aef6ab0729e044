import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { Deployment } from "../definitions/deployment.ts";
import { modelCardAccountPersonaRoles } from "../definitions/personas.ts";
import { createRole } from "../iam-role.ts";

/** The roles of people who work in the model card account. */
export function createPersonaRoles(place: Deployment, settings: Settings): void {
  for (const role of modelCardAccountPersonaRoles(place, settings)) createRole(role);
}
