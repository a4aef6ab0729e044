import { type SFNClient, paginateGetExecutionHistory, paginateListExecutions } from "@aws-sdk/client-sfn";

/** What all executions of a state machine have done. */
export interface HistoryCounts {
  executions: number;
  /** States entered, and tasks tried again: AWS counts both. */
  transitions: number;
  historyEvents: number;
}

export async function countHistory(client: SFNClient, stateMachineArn: string): Promise<HistoryCounts> {
  const counted: HistoryCounts = { executions: 0, transitions: 0, historyEvents: 0 };
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn })) {
    counted.executions += executions.length;
    for (const { executionArn } of executions) {
      for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn })) {
        const types = events.flatMap(({ type }) => type ?? []);
        const ofType = (end: string): number => types.filter((type) => type.endsWith(end)).length;
        counted.historyEvents += types.length;
        counted.transitions += ofType("StateEntered") + ofType("TaskScheduled") - ofType("TaskStateEntered");
      }
    }
  }
  return counted;
}
