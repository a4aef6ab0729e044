import { type Deployment, arnOf } from "./deployment.ts";
import { type PolicyDocument, document } from "./policy.ts";

/** Where EventBridge puts the events of one rule that it could not deliver. */
export interface DeadLetterQueueDefinition {
  queueName: string;
  ruleName: string;
  /** The queue's own policy: that rule may put messages in, and nobody else by it. */
  policy: PolicyDocument;
}

export function deadLetterQueueName(ruleName: string): string {
  return `${ruleName}-dead-letters`;
}

export function deadLetterQueueArn(ruleName: string, deployment: Deployment): string {
  return arnOf("sqs", deadLetterQueueName(ruleName), deployment);
}

export function deadLetterQueue(ruleName: string, deployment: Deployment): DeadLetterQueueDefinition {
  return {
    queueName: deadLetterQueueName(ruleName),
    ruleName,
    policy: document([
      {
        Sid: "RuleKeepsWhatItCannotDeliver",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: deadLetterQueueArn(ruleName, deployment),
        Condition: { ArnEquals: { "aws:SourceArn": arnOf("events", `rule/${ruleName}`, deployment) } },
      },
    ]),
  };
}
