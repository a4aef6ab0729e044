import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { RoleDefinition } from "./roles.ts";
export function personaRoles(_a: string, _s: Settings): RoleDefinition[] {
  return [];
}
