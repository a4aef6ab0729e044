import { describe, expect, it } from "vitest";
import { chain, FunctionError, machine, setUp, task } from "../step-functions-in-process.ts";

const pass = { Type: "Pass", End: true };
const branch = (states: object) => ({ StartAt: Object.keys(states)[0], States: states });
const parallel = (branches: object[], more: object = { End: true }) => ({
  Type: "Parallel",
  Branches: branches.map(branch),
  ...more,
});
const boom = { Boom: { Type: "Fail", Error: "MyError", Cause: "my cause" } };

describe("a Parallel state", () => {
  it("runs all branches with its Arguments and returns their outputs in order", async () => {
    const { run, output, context } = setUp();

    const execution = await run(
      {
        Both: parallel(
          [
            { Late: { Type: "Wait", Seconds: 9, Output: { late: "{% $states.input %}" }, End: true } },
            { Early: { Type: "Pass", Output: { early: "{% $states.input %}" }, End: true } },
          ],
          { Arguments: "{% $states.input.n + 1 %}", Output: { all: "{% $states.result %}" }, End: true },
        ),
      },
      { n: 1 },
    );
    await context.clock.advance(9_000);

    expect(await output(execution)).toStrictEqual({ all: [{ late: 2 }, { early: 2 }] });
  });

  it("chains the events of each branch to the start of the state, and itself to the last one", async () => {
    const { run, history } = setUp();

    const events = await history(
      await run(
        {
          P: parallel(
            [
              { A1: { Type: "Pass", Next: "A2" }, A2: pass },
              { B1: { Type: "Pass", Next: "B2" }, B2: pass },
            ],
            { Next: "After" },
          ),
          After: pass,
        },
        { x: "a" },
      ),
    );

    expect(events).toHaveLength(16);
    expect(chain(events.slice(0, 3))).toStrictEqual([
      "1:ExecutionStarted<0",
      "2:ParallelStateEntered<0",
      "3:ParallelStateStarted<2",
    ]);
    for (const name of ["A", "B"]) {
      const ids = events
        .filter((event) =>
          (event.stateEnteredEventDetails ?? event.stateExitedEventDetails)?.name?.startsWith(name),
        )
        .filter(({ type }) => type?.startsWith("Pass"))
        .filter(
          (event) => (event.stateEnteredEventDetails ?? event.stateExitedEventDetails)?.name !== "After",
        );
      expect(ids.map(({ previousEventId }) => previousEventId)).toStrictEqual([
        3,
        ...ids.slice(0, -1).map(({ id }) => id),
      ]);
    }
    expect(chain(events.slice(11))).toStrictEqual([
      "12:ParallelStateSucceeded<11",
      "13:ParallelStateExited<11",
      "14:PassStateEntered<13",
      "15:PassStateExited<14",
      "16:ExecutionSucceeded<15",
    ]);
    expect(events[12]?.stateExitedEventDetails?.output).toBe('[{"x":"a"},{"x":"a"}]');
  });

  it("fails with the branch's own error and records the failed state", async () => {
    const { run, history, describe } = setUp();

    const execution = await run({ P: parallel([boom]) });

    expect(await describe(execution)).toMatchObject({ error: "MyError", cause: "my cause" });
    expect(chain((await history(execution)).slice(3))).toStrictEqual([
      "4:FailStateEntered<3",
      "5:ParallelStateFailed<4",
      "6:ExecutionFailed<5",
    ]);
  });

  it("is left through its Catch with the error of the branch", async () => {
    const { run, history, output } = setUp();

    const execution = await run({
      P: parallel([{ Undef: { Type: "Pass", Output: { v: "{% $states.input.missing %}" }, End: true } }], {
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "Handled" }],
        End: true,
      }),
      Handled: pass,
    });

    const cause =
      "An error occurred while executing the state 'Undef' (entered at the event id #4). " +
      "The JSONata expression '$states.input.missing' specified for the field 'Output/v' returned nothing (undefined).";
    expect(await output(execution)).toStrictEqual({ Error: "States.QueryEvaluationError", Cause: cause });
    expect(chain(await history(execution))).toStrictEqual([
      "1:ExecutionStarted<0",
      "2:ParallelStateEntered<0",
      "3:ParallelStateStarted<2",
      "4:PassStateEntered<3",
      "5:EvaluationFailed<4",
      "6:ParallelStateFailed<5",
      "7:ParallelStateExited<6",
      "8:PassStateEntered<7",
      "9:PassStateExited<8",
      "10:ExecutionSucceeded<9",
    ]);
  });

  it("fails a second time when its catcher's own Output fails, chained as AWS does", async () => {
    const { run, history, describe } = setUp();

    const execution = await run({
      P: parallel([boom], {
        Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.input.missing %}", Next: "Handled" }],
        End: true,
      }),
      Handled: pass,
    });

    expect(await describe(execution)).toMatchObject({ error: "States.QueryEvaluationError" });
    expect(chain((await history(execution)).slice(3))).toStrictEqual([
      "4:FailStateEntered<3",
      "5:ParallelStateFailed<4",
      "6:EvaluationFailed<4",
      "7:ParallelStateFailed<6",
      "8:ExecutionFailed<7",
    ]);
  });

  it("records the failed task of a branch as aborted", async () => {
    const { run, history } = setUp({
      functions: {
        refuse: () => {
          throw new FunctionError("Refused");
        },
      },
    });

    const execution = await run({
      P: parallel([{ Send: task("refuse") }], {
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "Handled" }],
        End: true,
      }),
      Handled: pass,
    });

    expect(chain((await history(execution)).slice(6, 10))).toStrictEqual([
      "7:TaskFailed<6",
      "8:TaskStateAborted<7",
      "9:ParallelStateFailed<7",
      "10:ParallelStateExited<9",
    ]);
  });

  it("starts again on Retry, and fails once the retries are used up", async () => {
    const { run, history, context } = setUp();

    const execution = await run({
      P: parallel([boom], { Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }], End: true }),
    });
    await context.clock.advance(1000);

    expect(chain(await history(execution))).toStrictEqual([
      "1:ExecutionStarted<0",
      "2:ParallelStateEntered<0",
      "3:ParallelStateStarted<2",
      "4:FailStateEntered<3",
      "5:ParallelStateStarted<4",
      "6:FailStateEntered<5",
      "7:ParallelStateFailed<6",
      "8:ExecutionFailed<7",
    ]);
  });

  it("ends the other branches when one fails: their states are aborted, their calls and timers too", async () => {
    let signal: AbortSignal | undefined;
    let answer: (value: unknown) => void = () => {};
    const { run, history, context, describe } = setUp({
      functions: {
        slow: (_payload, request) => {
          signal = request.signal;
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      },
    });
    const execution = await run({
      P: parallel(
        [
          { Slow: task("slow") },
          { Wait: { Type: "Wait", Seconds: 99, Next: "Never" }, Never: pass },
          { Soon: { Type: "Wait", Seconds: 1, Next: "Boom" }, ...boom },
        ],
        { Catch: [{ ErrorEquals: ["MyError"], Next: "Handled" }], End: true },
      ),
      Handled: { Type: "Wait", Seconds: 200, End: true },
    });

    await context.clock.advance(1_000);
    answer("too late");
    await context.clock.advance(150_000);

    expect(signal?.aborted).toBe(true);
    expect((await describe(execution)).status).toBe("RUNNING");
    const events = chain(await history(execution));
    const failed = events.findIndex((event) => event.includes("FailStateEntered"));
    expect(events.slice(failed)).toStrictEqual([
      "10:FailStateEntered<9",
      "11:TaskStateAborted<10",
      "12:WaitStateAborted<10",
      "13:ParallelStateFailed<10",
      "14:ParallelStateExited<13",
      "15:WaitStateEntered<14",
    ]);
  });

  it("leaves no failed event behind when the engine itself fails in a branch", async () => {
    const { run, history, describe } = setUp();

    const execution = await run({
      P: parallel(
        [{ C: { Type: "Choice", Choices: [{ Condition: "{% false %}", Next: "Never" }] }, Never: pass }],
        {
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Handled" }],
          End: true,
        },
      ),
      Handled: pass,
    });

    expect(await describe(execution)).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause:
        "An error occurred while executing the state 'C' (entered at the event id #4). " +
        "Failed to transition out of the state. The state does not point to a next state.",
    });
    expect(chain((await history(execution)).slice(3))).toStrictEqual([
      "4:ChoiceStateEntered<3",
      "5:ExecutionFailed<4",
    ]);
  });

  it("lets branches read outer variables and keeps theirs inside", async () => {
    const { run, output } = setUp();

    const execution = await run({
      Seed: { Type: "Pass", Assign: { outer: 1 }, Next: "P" },
      P: parallel(
        [
          {
            Inner: { Type: "Pass", Assign: { inner: "{% $outer + 1 %}" }, Next: "Show" },
            Show: { Type: "Pass", Output: ["{% $outer %}", "{% $inner %}"], End: true },
          },
        ],
        { Next: "After" },
      ),
      After: { Type: "Pass", Output: ["{% $states.input %}", "{% $exists($inner) %}"], End: true },
    });

    expect(await output(execution)).toStrictEqual([[[1, 2]], false]);
  });

  it("nests, and aborts what runs inside the ended branches", async () => {
    const { run, history, context } = setUp();
    const execution = await run(
      machine({
        P: parallel([
          { Inner: parallel([{ Deep: { Type: "Wait", Seconds: 99, End: true } }]) },
          { Soon: { Type: "Wait", Seconds: 1, Next: "Boom" }, ...boom },
        ]),
      }),
    );

    await context.clock.advance(1_000);

    expect(chain((await history(execution)).slice(-5))).toStrictEqual([
      "9:FailStateEntered<8",
      "10:ParallelStateAborted<9",
      "11:WaitStateAborted<9",
      "12:ParallelStateFailed<9",
      "13:ExecutionFailed<12",
    ]);
  });
});
