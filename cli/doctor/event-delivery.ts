import { DescribeRuleCommand, ListTargetsByRuleCommand, type Target } from "@aws-sdk/client-eventbridge";
import { ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { allPages } from "../../functions/aws/aws-call.ts";
import { deadLetterQueueName } from "../../stacks/definitions/dead-letters.ts";
import { type Deployment, sweepStateMachineArn } from "../../stacks/definitions/deployment.ts";
import type { RuleDefinition } from "../../stacks/definitions/rules.ts";
import { type Reading, read } from "../reading.ts";
import type { Clients } from "./clients.ts";

/** A rule as it stands in the account. */
export interface LiveRule {
  enabled: boolean;
  /** JSON text. */
  pattern?: string | undefined;
  scheduleExpression?: string | undefined;
  targets: Target[];
}

/** What brings changes of cards to Cardway, rule by rule. */
export interface DeliveryFacts {
  rules: {
    definition: RuleDefinition;
    live: Reading<LiveRule | "missing">;
    /** How many events wait in its dead-letter queue. */
    deadLetters: Reading<number | "missing">;
  }[];
  lastSweep: Reading<{ status: string; startedAt: string } | "none" | "missing">;
}

export async function readDelivery(
  clients: Pick<Clients, "events" | "sqs" | "stepFunctions">,
  definitions: readonly RuleDefinition[],
  deployment: Deployment,
): Promise<DeliveryFacts> {
  const [rules, lastSweep] = await Promise.all([
    Promise.all(
      definitions.map(async (definition) => ({
        definition,
        live: await readRule(clients, definition.name),
        deadLetters: await readDeadLetters(clients, definition.name, deployment),
      })),
    ),
    readLastSweep(clients, deployment),
  ]);
  return { rules, lastSweep };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html */
async function readRule(
  { events }: Pick<Clients, "events">,
  name: string,
): Promise<DeliveryFacts["rules"][number]["live"]> {
  const rule = await read<Omit<LiveRule, "targets"> | "missing">(
    "events:DescribeRule",
    async () => {
      const { State, EventPattern, ScheduleExpression } = await events.send(
        new DescribeRuleCommand({ Name: name }),
      );
      const enabled = State?.startsWith("ENABLED") === true;
      return { enabled, pattern: EventPattern, scheduleExpression: ScheduleExpression };
    },
    { ResourceNotFoundException: "missing" },
  );
  if ("unseen" in rule) return rule;
  if (rule.seen === "missing") return { seen: "missing" };
  const targets = await read("events:ListTargetsByRule", () =>
    allPages(async (NextToken) => {
      const answer = await events.send(new ListTargetsByRuleCommand({ Rule: name, NextToken }));
      return { items: answer.Targets, nextToken: answer.NextToken };
    }),
  );
  return "unseen" in targets ? targets : { seen: { ...rule.seen, targets: targets.seen } };
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
async function readDeadLetters(
  { sqs }: Pick<Clients, "sqs">,
  ruleName: string,
  { modelCardAccountId }: Deployment,
): Promise<Reading<number | "missing">> {
  const missing = "missing" as const;
  const url = await read<string>(
    "sqs:GetQueueUrl",
    async () => {
      const { QueueUrl = missing } = await sqs.send(
        new GetQueueUrlCommand({
          QueueName: deadLetterQueueName(ruleName),
          QueueOwnerAWSAccountId: modelCardAccountId,
        }),
      );
      return QueueUrl;
    },
    { QueueDoesNotExist: missing, "AWS.SimpleQueueService.NonExistentQueue": missing },
  );
  if ("unseen" in url) return url;
  if (url.seen === missing) return { seen: missing };
  return read("sqs:GetQueueAttributes", async () => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url.seen,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    return (
      Number(Attributes.ApproximateNumberOfMessages ?? 0) +
      Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0)
    );
  });
}

function readLastSweep(
  { stepFunctions }: Pick<Clients, "stepFunctions">,
  deployment: Deployment,
): Promise<DeliveryFacts["lastSweep"]> {
  return read<{ status: string; startedAt: string } | "none" | "missing">(
    "states:ListExecutions",
    async () => {
      const stateMachineArn = sweepStateMachineArn(deployment);
      const { executions: [last] = [] } = await stepFunctions.send(
        new ListExecutionsCommand({ stateMachineArn, maxResults: 1 }),
      );
      return last === undefined
        ? "none"
        : { status: last.status ?? "UNKNOWN", startedAt: last.startDate?.toISOString() ?? "" };
    },
    { StateMachineDoesNotExist: "missing" },
  );
}
