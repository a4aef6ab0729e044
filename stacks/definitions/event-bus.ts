import type { EventPattern } from "../../events/define-event.ts";
import { cardwaySource } from "../../events/cardway-event.ts";
import { type Deployment, arnOf, eventBusName, eventLogGroupName } from "./deployment.ts";
import type { PolicyDocument } from "./policy.ts";

/** The rule on our own bus that writes every event of ours down. */
export const eventLogRule: { name: string; description: string; pattern: Pick<EventPattern, "source"> } = {
  name: "cardway-event-log",
  description: "Every event of Cardway, written down: metrics and alarms are made of this log.",
  pattern: { source: [cardwaySource] },
};

/** How long events can be replayed from the bus's archive, in days. What happened stays on record in the table. */
export const archiveDays = 365;

/**
 * EventBridge may write what that rule matches, and nothing else.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
 */
export function eventLogPolicy(deployment: Deployment): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "EventBridgeWritesEvents",
        Effect: "Allow",
        Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: arnOf("logs", `log-group:${eventLogGroupName}:*`, deployment),
        Condition: {
          ArnEquals: {
            "aws:SourceArn": arnOf("events", `rule/${eventBusName}/${eventLogRule.name}`, deployment),
          },
        },
      },
    ],
  };
}
