import type { ExecutionStatus } from "@aws-sdk/client-sfn";
import type { DescribedExecution, ListedExecution } from "../functions/aws/execution-pages.ts";
import { readAuditChain } from "../functions/records/records-in-table.ts";
import { TriggerSchema } from "../functions/read-card/trigger.ts";
import type { QuerySources } from "./sources.ts";

/** Which executions somebody wants to see. */
export interface ExecutionFilter {
  workflow: "promotion" | "sweep";
  status?: ExecutionStatus | undefined;
  /** Oldest moment of their start, ISO 8601 UTC. */
  since?: string | undefined;
  nextToken?: string | undefined;
  limit: number;
}

export interface ExecutionPage {
  executions: ListedExecution[];
  nextToken?: string | undefined;
}

/** One page of executions, newest first. */
export async function readExecutions(
  { workflow, since, ...filter }: ExecutionFilter,
  {
    executionPages,
    promotionArn,
    sweepArn,
  }: Pick<QuerySources, "executionPages" | "promotionArn" | "sweepArn">,
): Promise<ExecutionPage> {
  const stateMachineArn = workflow === "promotion" ? promotionArn : sweepArn;
  const { executions, nextToken } = await executionPages.page({ ...filter, stateMachineArn });
  if (since === undefined) return { executions, nextToken };
  const recent = executions.filter(({ startedAt }) => startedAt >= since);
  // They come newest first: behind the first one that is too old, all are.
  return { executions: recent, nextToken: recent.length < executions.length ? undefined : nextToken };
}

/**
 * The executions that have done something about a card, or are at work on it, newest first. One that found nothing to do leaves no
 * trace on the card.
 */
export async function readExecutionsOfCard(
  modelCardArn: string,
  { status, since, limit }: Pick<ExecutionFilter, "status" | "since" | "limit">,
  sources: Pick<QuerySources, "executionPages" | "records" | "table" | "promotionArn">,
): Promise<DescribedExecution[]> {
  const { executionPages, records, table, promotionArn } = sources;
  const [{ entries }, { claim }] = await Promise.all([
    readAuditChain(table, modelCardArn),
    records.readCard(modelCardArn),
  ]);
  const prefix = `${promotionArn.replace(":stateMachine:", ":execution:")}:`;
  const arns = [
    claim?.executionArn,
    ...entries.toReversed().map(({ detail }) => detail["executionArn"]),
  ].filter((arn) => typeof arn === "string" && arn.startsWith(prefix));
  const found: DescribedExecution[] = [];
  for (const arn of new Set(arns)) {
    if (found.length >= limit) break;
    const execution = typeof arn === "string" ? await executionPages.describe(arn) : undefined;
    if (execution === undefined) continue;
    const matches = status === undefined || execution.status === status;
    if (matches && (since === undefined || execution.startedAt >= since)) found.push(execution);
  }
  return found.sort((one, other) => other.startedAt.localeCompare(one.startedAt));
}

/**
 * The cards that executions are about, by the ARN of the execution: lists of executions do not tell. Asks AWS once for each.
 */
export async function cardsOfExecutions(
  executions: readonly ListedExecution[],
  { executionPages }: Pick<QuerySources, "executionPages">,
): Promise<Map<string, string>> {
  const found = await Promise.all(
    executions.map(async ({ executionArn }): Promise<[string, string][]> => {
      const described = await executionPages.describe(executionArn);
      const modelCardArn = cardOfExecution(described?.input);
      return modelCardArn === undefined ? [] : [[executionArn, modelCardArn]];
    }),
  );
  return new Map(found.flat());
}

/** ARN of the card that an execution's input names; `undefined` where it names none, as a sweep's does. */
export function cardOfExecution(input: string | undefined): string | undefined {
  if (input === undefined) return undefined;
  try {
    return TriggerSchema.safeParse(JSON.parse(input)).data?.modelCardArn;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
