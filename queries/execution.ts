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
  const { startedAt, stoppedAt, ...rest } = described;
  const times = {
    startDate: new Date(startedAt),
    ...(stoppedAt !== undefined && { stopDate: new Date(stoppedAt) }),
  };
  const history = executionHistory({ ...rest, ...times }, await executionPages.history(executionArn));
  return { described, history };
}
