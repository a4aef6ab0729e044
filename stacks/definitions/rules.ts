import type { EventPattern } from "../../events/define-event.ts";
import { ModelCardCallViaCloudTrail } from "../../events/model-card-call-via-cloudtrail.ts";
import { SageMakerModelCardStateChange } from "../../events/sagemaker-model-card-state-change.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import { type DeadLetterQueueDefinition, deadLetterQueue, deadLetterQueueArn } from "./dead-letters.ts";
import { type Deployment, roleArnOf, stateMachineArn, sweepStateMachineArn } from "./deployment.ts";

/**
 * A rule on the default bus and its one target, in the words of PutRule and PutTargets. Events start it that match its pattern,
 * or time does.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 */
export type RuleDefinition = {
  name: string;
  description: string;
  target: {
    Id: string;
    Arn: string;
    RoleArn: string;
    InputTransformer?: { InputPathsMap: Record<string, string>; InputTemplate: string };
    RetryPolicy: { MaximumRetryAttempts: number; MaximumEventAgeInSeconds: number };
    DeadLetterConfig: { Arn: string };
  };
} & ({ pattern: EventPattern } | { scheduleExpression: string });

const stateChangeRule = "cardway-model-card-state-change";
const callRule = "cardway-model-card-call";
const sweepRule = "cardway-sweep";

/** ARN of the state machine that each rule starts, by the rule's name. */
export function startedByRules(
  deployment: Deployment,
): Record<typeof stateChangeRule | typeof callRule | typeof sweepRule, string> {
  return {
    [stateChangeRule]: stateMachineArn(deployment),
    [callRule]: stateMachineArn(deployment),
    [sweepRule]: sweepStateMachineArn(deployment),
  };
}

/** The rules' own dead-letter queues. */
export function deadLetterQueues(deployment: Deployment): DeadLetterQueueDefinition[] {
  return Object.keys(startedByRules(deployment)).map((ruleName) => deadLetterQueue(ruleName, deployment));
}

/** A rule's own role, which may start its state machine and nothing else. */
export function ruleRoleName(ruleName: string): string {
  return `${ruleName}-rule`;
}

/** The rules that start the workflows. The target is the state machine itself; what cannot be delivered is kept. */
export function rules(deployment: Deployment, settings: Pick<Settings, "deployment">): RuleDefinition[] {
  const { sweepEveryHours } = settings.deployment;
  const started = startedByRules(deployment);
  const target = (Id: string, ruleName: keyof typeof started): RuleDefinition["target"] => ({
    Id,
    Arn: started[ruleName],
    RoleArn: roleArnOf(ruleRoleName(ruleName), deployment.modelCardAccountId),
    RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
    DeadLetterConfig: { Arn: deadLetterQueueArn(ruleName, deployment) },
  });
  return [
    {
      name: stateChangeRule,
      description: "SageMaker's own event of a changed model card.",
      pattern: SageMakerModelCardStateChange.pattern,
      target: target("promotion", stateChangeRule),
    },
    {
      name: callRule,
      description:
        "CloudTrail's record of a call that changed a model card: the second trigger, and the one for deletions.",
      pattern: ModelCardCallViaCloudTrail.pattern,
      target: {
        ...target("promotion", callRule),
        // The parameters of a call may hold card content, which must not become an execution's input.
        InputTransformer: {
          InputPathsMap: {
            modelCardName: "$.detail.requestParameters.modelCardName",
            eventName: "$.detail.eventName",
            eventId: "$.id",
            account: "$.account",
            region: "$.region",
            caller: "$.detail.userIdentity.arn",
            callerAccount: "$.detail.userIdentity.accountId",
            eventTime: "$.detail.eventTime",
            status: "$.detail.requestParameters.modelCardStatus",
          },
          InputTemplate:
            '{"apiCall":{"modelCardName":<modelCardName>,"eventName":<eventName>,"eventId":<eventId>,"account":<account>,"region":<region>,"caller":<caller>,"callerAccount":<callerAccount>,"eventTime":<eventTime>,"status":<status>}}',
        },
      },
    },
    {
      name: sweepRule,
      description: "Compares every card with its live access: the third trigger, for events that were lost.",
      // AWS takes neither `1 hours` nor `2 hour`.
      scheduleExpression: `rate(${sweepEveryHours} ${sweepEveryHours === 1 ? "hour" : "hours"})`,
      target: target("sweep", sweepRule),
    },
  ];
}
