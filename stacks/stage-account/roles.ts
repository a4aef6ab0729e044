import type { Settings } from "../../functions/lifecycle/settings.ts";
import { stageAccountRoles } from "../definitions/stage-account.ts";
import { createRole } from "../iam-role.ts";

/** All that Cardway has in a lifecycle account: roles. */
export function createStageAccount(accountId: string, settings: Settings) {
  return { roles: stageAccountRoles(accountId, settings).map((definition) => createRole(definition).arn) };
}
