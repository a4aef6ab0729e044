import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { Deployment } from "../definitions/deployment.ts";
import { workflowLogGroupName, workflowPlatformPermissions } from "../definitions/platform-permissions.ts";
import { stateMachines } from "../definitions/state-machines.ts";
import { createRole } from "../iam-role.ts";
import { createLogGroup } from "./log-group.ts";

/** The state machines, from the very definitions that `local/` runs. */
export function createStateMachines({
  place,
  settings,
  dataKey,
  needs,
}: {
  place: Deployment;
  settings: Settings;
  dataKey: aws.kms.Key;
  needs: $util.Input<$util.Resource>[];
}): aws.sfn.StateMachine[] {
  return stateMachines(place).map(({ name, definition, role }) => {
    const logGroup = createLogGroup(workflowLogGroupName(name), settings, dataKey);
    const executionRole = createRole(role, workflowPlatformPermissions());
    return new aws.sfn.StateMachine(
      name,
      {
        name,
        definition: JSON.stringify(definition),
        roleArn: executionRole.arn,
        loggingConfiguration: {
          level: "ALL",
          // What states pass on holds task tokens, so only what happened is logged.
          includeExecutionData: false,
          logDestination: $interpolate`${logGroup.arn}:*`,
        },
        tracingConfiguration: { enabled: true },
      },
      { dependsOn: [executionRole.complete, ...needs] },
    );
  });
}
