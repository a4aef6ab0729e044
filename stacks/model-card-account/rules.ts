import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { Deployment } from "../definitions/deployment.ts";
import { ruleRoles } from "../definitions/roles.ts";
import { rules } from "../definitions/rules.ts";
import { createRole } from "../iam-role.ts";

/** The rules that start executions, each with a role that can start that one state machine. */
export function createRules(place: Deployment, settings: Settings, needs: $util.Resource[]): void {
  const roles = ruleRoles(place).map((role) => createRole(role).complete);
  for (const { name, description, target, ...trigger } of rules(place, settings)) {
    const rule = new aws.cloudwatch.EventRule(name, {
      name,
      description,
      ...("pattern" in trigger
        ? { eventPattern: JSON.stringify(trigger.pattern) }
        : { scheduleExpression: trigger.scheduleExpression }),
    });
    const { InputTransformer, RetryPolicy, DeadLetterConfig } = target;
    new aws.cloudwatch.EventTarget(
      name,
      {
        rule: rule.name,
        targetId: target.Id,
        arn: target.Arn,
        roleArn: target.RoleArn,
        ...(InputTransformer && {
          inputTransformer: {
            inputPaths: InputTransformer.InputPathsMap,
            inputTemplate: InputTransformer.InputTemplate,
          },
        }),
        retryPolicy: {
          maximumRetryAttempts: RetryPolicy.MaximumRetryAttempts,
          maximumEventAgeInSeconds: RetryPolicy.MaximumEventAgeInSeconds,
        },
        deadLetterConfig: { arn: DeadLetterConfig.Arn },
      },
      { dependsOn: [...roles, ...needs] },
    );
  }
}
