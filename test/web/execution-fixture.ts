import type { ExecutionHistory } from "../../queries/execution-history.ts";
import type { StateVisit } from "../../queries/state-visit.ts";
import { type StateGraph, stateGraph } from "../../queries/state-graph.ts";

export const startedAt = "2026-01-01T00:00:00.000Z";

/** So many milliseconds after the execution's start. */
export function moment(ms: number): string {
  return new Date(Date.parse(startedAt) + ms).toISOString();
}

/** A small workflow that asks somebody. */
export const askingGraph: StateGraph = stateGraph({
  StartAt: "Read",
  States: {
    Read: {
      Type: "Task",
      Next: "Needed",
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Record" }],
    },
    Needed: { Type: "Choice", Choices: [{ Condition: "{% true %}", Next: "Ask" }], Default: "Done" },
    Ask: {
      Type: "Task",
      Next: "Done",
      Catch: [
        { ErrorEquals: ["States.Timeout"], Next: "Remind" },
        { ErrorEquals: ["States.ALL"], Next: "Record" },
      ],
    },
    Remind: { Type: "Task", Next: "Ask" },
    Record: { Type: "Task", Next: "Read" },
    Done: { Type: "Succeed" },
  },
});

type Given = Partial<StateVisit> & Pick<StateVisit, "name" | "outcome">;

/** A stay in a state from one moment to another, both in milliseconds after the start. */
export function stay(fromMs: number, toMs: number | undefined, given: Given): Omit<StateVisit, "number"> {
  return {
    type: askingGraph.nodes.find(({ name }) => name === given.name)?.type ?? "Task",
    enteredAt: moment(fromMs),
    ...(toMs !== undefined && { leftAt: moment(toMs), durationMs: toMs - fromMs }),
    attempts: [],
    waitingForCallback: false,
    ...given,
  };
}

/** An execution of these stays that has ended with the last of them, or is under way. */
export function historyOf(
  visits: Omit<StateVisit, "number">[],
  execution: Partial<ExecutionHistory["execution"]> = {},
): ExecutionHistory {
  const stoppedAt = visits.at(-1)?.leftAt;
  return {
    execution: {
      executionArn: "arn:aws:states:us-east-1:111111111111:execution:cardway-promotion:one",
      name: "one",
      status: stoppedAt === undefined ? "RUNNING" : "SUCCEEDED",
      startedAt,
      ...(stoppedAt !== undefined && { stoppedAt }),
      ...execution,
    },
    visits: visits.map((visit, index) => ({ ...visit, number: index + 1 })),
    retries: visits.reduce((sum, { attempts }) => sum + Math.max(0, attempts.length - 1), 0),
    redrives: visits.flatMap(({ redrive, enteredAt }) =>
      redrive === undefined ? [] : [{ number: redrive, at: enteredAt }],
    ),
  };
}

const hour = 3_600_000;
const succeeded = { outcome: "succeeded" } as const;

/** Asked, reminded, and waiting for an answer again. */
export const waitingExecution = historyOf([
  stay(0, 400, {
    name: "Read",
    ...succeeded,
    attempts: [
      { startedAt: moment(0), endedAt: moment(50), outcome: "failed", error: "AwsUnavailableError" },
      { startedAt: moment(300), endedAt: moment(400), outcome: "succeeded" },
    ],
  }),
  stay(400, 402, { name: "Needed", ...succeeded }),
  stay(402, 402 + hour, {
    name: "Ask",
    outcome: "caught",
    error: "States.Timeout",
    attempts: [
      {
        startedAt: moment(402),
        submittedAt: moment(500),
        endedAt: moment(402 + hour),
        outcome: "timed-out",
        error: "States.Timeout",
      },
    ],
  }),
  stay(402 + hour, 502 + hour, {
    name: "Remind",
    ...succeeded,
    attempts: [{ startedAt: moment(402 + hour), endedAt: moment(502 + hour), outcome: "succeeded" }],
  }),
  stay(502 + hour, undefined, {
    name: "Ask",
    outcome: "running",
    waitingForCallback: true,
    attempts: [{ startedAt: moment(502 + hour), submittedAt: moment(600 + hour), outcome: "running" }],
  }),
]);

/** Failed, redriven a day later, and done. */
export const redrivenExecution = historyOf([
  stay(0, 100, {
    name: "Read",
    outcome: "caught",
    error: "ReaderRoleMissingError",
    attempts: [
      { startedAt: moment(0), endedAt: moment(100), outcome: "failed", error: "ReaderRoleMissingError" },
    ],
  }),
  stay(100, 200, {
    name: "Record",
    outcome: "failed",
    error: "PromotionFailedError",
    attempts: [
      { startedAt: moment(100), endedAt: moment(200), outcome: "failed", error: "PromotionFailedError" },
    ],
  }),
  stay(24 * hour, 24 * hour + 50, { name: "Record", ...succeeded, redrive: 1 }),
  stay(24 * hour + 50, 24 * hour + 150, { name: "Read", ...succeeded }),
  stay(24 * hour + 150, 24 * hour + 150, { name: "Needed", ...succeeded }),
  stay(24 * hour + 150, 24 * hour + 150, { name: "Done", ...succeeded }),
]);

/** When the pictures of these executions are taken. */
export const laterOn = new Date(Date.parse(startedAt) + 30 * hour);
