import { describe, expect, it } from "vitest";
import { stageAccounts } from "../../../functions/lifecycle/stage-accounts.ts";
import { reasonsForAnyResource } from "../../../stacks/definitions/any-resource.ts";
import { deploymentOf } from "../../../stacks/definitions/deployment.ts";
import { modelCardAccountPersonaRoles } from "../../../stacks/definitions/personas.ts";
import {
  functionPlatformPermissions,
  workflowPlatformPermissions,
} from "../../../stacks/definitions/platform-permissions.ts";
import { modelCardAccountRoles } from "../../../stacks/definitions/roles.ts";
import { stageAccountRoles } from "../../../stacks/definitions/stage-account.ts";
import { cardKey, settingsWith } from "./example-settings.ts";

const settings = settingsWith({
  shareOutsideOrganization: true,
  deployment: { cardKeyArns: [cardKey], personas: { exportBuckets: ["exported-cards"] } },
});
const deployment = deploymentOf(settings, "https://approvals.example.com");
const allowed = [
  ...modelCardAccountRoles(deployment),
  ...modelCardAccountPersonaRoles(deployment, settings),
  ...stageAccounts(settings).flatMap((accountId) => stageAccountRoles(accountId, settings)),
]
  .flatMap(({ policy }) => policy.Statement)
  .concat(functionPlatformPermissions("cardway-read-card", deployment), workflowPlatformPermissions())
  .filter(({ Effect }) => Effect === "Allow");

describe("every role", () => {
  it("names the resources of an action, or there is a reason why it cannot", () => {
    const onAny = allowed.flatMap(({ Action, Resource }) =>
      [Resource ?? "*"].flat().includes("*") ? [Action].flat() : [],
    );

    expect([...new Set(onAny)].sort()).toStrictEqual(Object.keys(reasonsForAnyResource).sort());
  });

  it("names its actions", () => {
    const actions = allowed.flatMap(({ Action }) => [Action].flat());

    expect(actions.filter((action) => action.includes("*"))).toStrictEqual([]);
  });
});
