import type { EventPattern } from "../../events/define-event.ts";
import { cardwaySource } from "../../events/cardway-event.ts";
import { type Deployment, arnOf, eventBusName, eventLogGroupName } from "./deployment.ts";
import { type PolicyDocument, type PolicyStatement, document } from "./policy.ts";

/** The rule on our own bus that writes every event of ours down. */
export const eventLogRule: { name: string; description: string; pattern: Pick<EventPattern, "source"> } = {
  name: "cardway-event-log",
  description: "Every event of Cardway, written down: metrics and alarms are made of this log.",
  pattern: { source: [cardwaySource] },
};

/** How long events can be replayed from the bus's archive, in days. What happened stays on record in the table. */
export const archiveDays = 365;

/**
 * EventBridge may write what that rule matches, and nothing else. In AWS's example only the events themselves are asked for
 * their rule: whoever makes the log's streams names none.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
 */
export function eventLogPolicy(deployment: Deployment): PolicyDocument {
  const write = {
    Effect: "Allow",
    Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
    Resource: arnOf("logs", `log-group:${eventLogGroupName}:*`, deployment),
  } satisfies Partial<PolicyStatement>;
  return document([
    { Sid: "EventBridgeMakesStreams", ...write, Action: "logs:CreateLogStream" },
    {
      Sid: "EventBridgeWritesEvents",
      ...write,
      Action: "logs:PutLogEvents",
      Condition: {
        ArnEquals: {
          "aws:SourceArn": arnOf("events", `rule/${eventBusName}/${eventLogRule.name}`, deployment),
        },
      },
    },
  ]);
}
