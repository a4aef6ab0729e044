/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html */
export interface HistoryEvent {
  id: number;
  previousEventId: number;
  type: HistoryEventType;
  /** Milliseconds since 1970. */
  timestampMs: number;
  details?: HistoryDetails;
}

/** Members of all `…EventDetails` structures; payloads are JSON texts, shared between events, never copied. */
export interface HistoryDetails {
  name?: string;
  input?: string;
  output?: string;
  assignedVariables?: Record<string, string>;
  error?: string;
  cause?: string;
  location?: string;
  state?: string;
  resource?: string;
  resourceType?: string;
  region?: string;
  parameters?: string;
  timeoutInSeconds?: number;
  heartbeatInSeconds?: number;
  length?: number;
  index?: number;
  roleArn?: string;
  redriveCount?: number;
}

export type HistoryEventType =
  | "ExecutionStarted"
  | "ExecutionSucceeded"
  | "ExecutionFailed"
  | "ExecutionAborted"
  | "ExecutionTimedOut"
  | "ExecutionRedriven"
  | "EvaluationFailed"
  | `${StateType}StateEntered`
  | `${Exclude<StateType, "Fail">}StateExited`
  | `${AbortableType}StateAborted`
  | `${"Parallel" | "Map"}State${"Started" | "Succeeded" | "Failed"}`
  | `MapIteration${"Started" | "Succeeded" | "Failed" | "Aborted"}`
  | `Task${"Scheduled" | "Started" | "Submitted" | "Succeeded" | "Failed" | "TimedOut"}`;

export type StateType = "Pass" | "Task" | "Choice" | "Wait" | "Succeed" | "Fail" | "Parallel" | "Map";

/** States that can be under way when something else ends them. */
export type AbortableType = "Task" | "Wait" | "Parallel" | "Map";

/** AWS ends an execution whose history reaches this many events. */
export const historyLimit = 25_000;

/** One event as `GetExecutionHistory` answers it. */
export function toWireEvent(event: HistoryEvent, includeExecutionData: boolean): object {
  const { id, previousEventId, type, timestampMs } = event;
  const wire = { id, previousEventId, type, timestamp: new Date(timestampMs) };
  if (event.details === undefined) return wire;
  const { input, output, assignedVariables, ...details } = event.details;
  return {
    ...wire,
    [detailsMember(type)]: {
      ...details,
      ...(includeExecutionData && {
        ...(input !== undefined && { input, inputDetails: { truncated: false } }),
        ...(output !== undefined && { output, outputDetails: { truncated: false } }),
        ...(assignedVariables !== undefined && {
          assignedVariables,
          assignedVariablesDetails: { truncated: false },
        }),
      }),
    },
  };
}

/** `TaskFailed` → `taskFailedEventDetails`; entering and leaving a state share one structure for all types. */
function detailsMember(type: HistoryEventType): string {
  if (type.endsWith("StateEntered")) return "stateEnteredEventDetails";
  if (type.endsWith("StateExited")) return "stateExitedEventDetails";
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
