import type { DescribedExecution } from "../functions/aws/execution-pages.ts";
import { type ExecutionHistory, executionHistory } from "./execution-history.ts";
import type { QuerySources } from "./sources.ts";

/** One execution, and what it did. */
export interface ExecutionDetail {
  described: DescribedExecution;
  history: ExecutionHistory;
}

/** @returns `undefined` where there is no such execution, or not any more. */
export async function readExecution(
  executionArn: string,
  { executionPages }: Pick<QuerySources, "executionPages">,
): Promise<ExecutionDetail | undefined> {
  const described = await executionPages.describe(executionArn);
  if (described === undefined) return undefined;
  return { described, history: await readHistory(described, { executionPages }) };
}

/** What an execution did. */
export async function readHistory(
  described: DescribedExecution,
  { executionPages }: Pick<QuerySources, "executionPages">,
): Promise<ExecutionHistory> {
  const { startedAt, stoppedAt, ...rest } = described;
  const times = {
    startDate: new Date(startedAt),
    ...(stoppedAt !== undefined && { stopDate: new Date(stoppedAt) }),
  };
  return executionHistory({ ...rest, ...times }, await executionPages.history(described.executionArn));
}
