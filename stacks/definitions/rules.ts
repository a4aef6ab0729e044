import type { EventPattern } from "../../events/define-event.ts";
import { ModelCardCallViaCloudTrail } from "../../events/model-card-call-via-cloudtrail.ts";
import { SageMakerModelCardStateChange } from "../../events/sagemaker-model-card-state-change.ts";
import { type Deployment, deadLetterQueueArn, roleArnOf, stateMachineArn } from "./deployment.ts";
import { startPromotionRoleName } from "./roles.ts";

/**
 * A rule on the default bus and its one target, in the words of PutRule and PutTargets.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 */
export interface RuleDefinition {
  name: string;
  description: string;
  pattern: EventPattern;
  target: {
    Id: string;
    Arn: string;
    RoleArn: string;
    InputTransformer?: { InputPathsMap: Record<string, string>; InputTemplate: string };
    RetryPolicy: { MaximumRetryAttempts: number; MaximumEventAgeInSeconds: number };
    DeadLetterConfig: { Arn: string };
  };
}

/** The rules that start the promotion workflow. The target is the state machine itself; what cannot be delivered is kept. */
export function rules(deployment: Deployment): RuleDefinition[] {
  const target = {
    Id: "promotion",
    Arn: stateMachineArn(deployment),
    RoleArn: roleArnOf(startPromotionRoleName, deployment.modelCardAccountId),
    RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
    DeadLetterConfig: { Arn: deadLetterQueueArn(deployment) },
  };
  return [
    {
      name: "cardway-model-card-state-change",
      description: "SageMaker's own event of a changed model card.",
      pattern: SageMakerModelCardStateChange.pattern,
      target,
    },
    {
      name: "cardway-model-card-call",
      description:
        "CloudTrail's record of a call that changed a model card: the second trigger, and the one for deletions.",
      pattern: ModelCardCallViaCloudTrail.pattern,
      target: {
        ...target,
        // The parameters of a call may hold card content, which must not become an execution's input.
        InputTransformer: {
          InputPathsMap: {
            modelCardName: "$.detail.requestParameters.modelCardName",
            eventName: "$.detail.eventName",
            eventId: "$.id",
            account: "$.account",
            region: "$.region",
            caller: "$.detail.userIdentity.arn",
          },
          InputTemplate:
            '{"apiCall":{"modelCardName":<modelCardName>,"eventName":<eventName>,"eventId":<eventId>,"account":<account>,"region":<region>,"caller":<caller>}}',
        },
      },
    },
  ];
}
