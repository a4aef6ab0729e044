import { array, assert, asyncProperty, integer } from "fast-check";
import { describe, expect, it } from "vitest";
import { chain, setUp, task } from "../step-functions-in-process.ts";

const pass = { Type: "Pass", End: true };
const map = (states: object, more: object = {}) => ({
  Type: "Map",
  Items: "{% $states.input.items %}",
  ItemProcessor: {
    ProcessorConfig: { Mode: "INLINE" },
    StartAt: Object.keys(states)[0],
    States: states,
  },
  End: true,
  ...more,
});

describe("a Map state", () => {
  it("returns the outputs in the order of the items, whatever order they end in", async () => {
    await assert(
      asyncProperty(
        array(integer({ min: 0, max: 50 }), { maxLength: 12 }),
        integer({ min: 0, max: 5 }),
        async (items, concurrency) => {
          const { run, output, context } = setUp();
          const execution = await run(
            {
              M: map(
                {
                  Wait: {
                    Type: "Wait",
                    Seconds: "{% $states.input %}",
                    Output: "{% $states.input * 2 %}",
                    End: true,
                  },
                },
                { MaxConcurrency: concurrency },
              ),
            },
            { items },
          );

          await context.clock.advance(1_000_000);

          expect(await output(execution)).toStrictEqual(items.map((item) => item * 2));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("gives every iteration its item as $states.context.Map.Item, and ItemSelector shapes its input", async () => {
    const { run, output } = setUp();

    const execution = await run(
      {
        M: map(
          {
            Show: {
              Type: "Pass",
              Output: ["{% $states.input %}", "{% $states.context.Map.Item.Index %}"],
              End: true,
            },
          },
          {
            ItemSelector: {
              item: "{% $states.context.Map.Item.Value %}",
              at: "{% $states.context.Map.Item.Index %}",
              all: "{% $count($states.input.items) %}",
            },
            Output: "{% $states.result %}",
          },
        ),
      },
      { items: ["a", "b"] },
    );

    expect(await output(execution)).toStrictEqual([
      [{ item: "a", at: 0, all: 2 }, 0],
      [{ item: "b", at: 1, all: 2 }, 1],
    ]);
  });

  it("maps over its input when it has no Items", async () => {
    const { run, output } = setUp();

    const execution = await run({ M: map({ P: pass }, { Items: undefined }) }, [1, 2]);

    expect(await output(execution)).toStrictEqual([1, 2]);
  });

  it("records iterations side by side as AWS does", async () => {
    const { run, history } = setUp();

    const events = await history(await run({ M: map({ P: pass }) }, { items: [1, 2] }));

    expect(chain(events.slice(1, 5))).toStrictEqual([
      "2:MapStateEntered<0",
      "3:MapStateStarted<2",
      "4:MapIterationStarted<3",
      "5:MapIterationStarted<3",
    ]);
    expect(events[2]?.mapStateStartedEventDetails).toStrictEqual({ length: 2 });
    expect(events[4]?.mapIterationStartedEventDetails).toStrictEqual({ index: 1, name: "M" });
    const last = events.findIndex(({ type }) => type === "MapStateSucceeded");
    expect(chain(events.slice(last - 1))).toStrictEqual([
      "11:MapIterationSucceeded<9",
      "12:MapStateSucceeded<11",
      "13:MapStateExited<11",
      "14:ExecutionSucceeded<13",
    ]);
  });

  it("starts the next iteration after the last state of the one before when it runs one at a time", async () => {
    const { run, history } = setUp();

    const events = await history(
      await run({ M: map({ P: pass }, { MaxConcurrency: "{% 1 %}" }) }, { items: [1, 2] }),
    );

    expect(chain(events.slice(3))).toStrictEqual([
      "4:MapIterationStarted<3",
      "5:PassStateEntered<4",
      "6:PassStateExited<5",
      "7:MapIterationSucceeded<6",
      "8:MapIterationStarted<6",
      "9:PassStateEntered<8",
      "10:PassStateExited<9",
      "11:MapIterationSucceeded<10",
      "12:MapStateSucceeded<11",
      "13:MapStateExited<11",
      "14:ExecutionSucceeded<13",
    ]);
  });

  it("leaves from its start when there are no items", async () => {
    const { run, history, output } = setUp();

    const execution = await run({ M: map({ P: pass }) }, { items: [] });

    expect(await output(execution)).toStrictEqual([]);
    expect(chain((await history(execution)).slice(2))).toStrictEqual([
      "3:MapStateStarted<2",
      "4:MapStateSucceeded<3",
      "5:MapStateExited<3",
      "6:ExecutionSucceeded<5",
    ]);
  });

  it("runs at most MaxConcurrency iterations at a time, and 40 when it says nothing", async () => {
    let running = 0;
    let most = 0;
    const functions = {
      work: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
      },
    };
    const items = Array.from({ length: 60 }, (_, index) => index);

    const { run, context } = setUp({ functions });
    await run({ M: map({ Work: task("work") }, { MaxConcurrency: 3 }) }, { items });
    for (let round = 0; round < 20; round += 1) await context.clock.advance(0);
    const limited = most;
    most = 0;
    await run({ M: map({ Work: task("work") }) }, { items });
    for (let round = 0; round < 20; round += 1) await context.clock.advance(0);

    expect(limited).toBe(3);
    expect(most).toBe(40);
  });

  it("ends the other iterations when one fails and starts no more", async () => {
    const { run, history, context, describe } = setUp();
    const execution = await run(
      {
        M: map(
          {
            Wait: { Type: "Wait", Seconds: "{% $states.input %}", Next: "Check" },
            Check: {
              Type: "Choice",
              Choices: [{ Condition: "{% $states.input = 1 %}", Next: "Boom" }],
              Default: "Ok",
            },
            Boom: { Type: "Fail", Error: "One" },
            Ok: pass,
          },
          { MaxConcurrency: 2 },
        ),
      },
      { items: [50, 1, 2] },
    );

    await context.clock.advance(100_000);

    expect(await describe(execution)).toMatchObject({ status: "FAILED", error: "One" });
    const events = chain(await history(execution));
    expect(events.slice(-6)).toStrictEqual([
      "11:FailStateEntered<10",
      "12:MapIterationFailed<11",
      "13:MapIterationAborted<11",
      "14:WaitStateAborted<11",
      "15:MapStateFailed<11",
      "16:ExecutionFailed<15",
    ]);
    expect(events.filter((event) => event.includes("MapIterationStarted"))).toHaveLength(2);
  });

  it("records a failure of its Items before it starts", async () => {
    const { run, history } = setUp();

    const events = await history(await run({ M: map({ P: pass }) }));

    expect(chain(events.slice(1))).toStrictEqual([
      "2:MapStateEntered<0",
      "3:EvaluationFailed<2",
      "4:MapStateFailed<3",
      "5:ExecutionFailed<4",
    ]);
    expect(events[2]?.evaluationFailedEventDetails?.location).toBe("Items");
  });

  it("fails when its Items are no array", async () => {
    const { run, describe } = setUp();

    const execution = await run({ M: map({ P: pass }) }, { items: { a: 1 } });

    expect((await describe(execution)).cause).toContain("Expected 'array', but was 'object'");
  });

  it("keeps the variables of an iteration to itself", async () => {
    const { run, output } = setUp();

    const execution = await run(
      {
        Seed: { Type: "Pass", Assign: { factor: 10 }, Next: "M" },
        M: map(
          {
            Keep: { Type: "Pass", Assign: { mine: "{% $states.input * $factor %}" }, Next: "Show" },
            Show: { Type: "Pass", Output: "{% $mine %}", End: true },
          },
          { Next: "After", End: undefined },
        ),
        After: { Type: "Pass", Output: ["{% $states.input %}", "{% $exists($mine) %}"], End: true },
      },
      { items: [1, 2, 3] },
    );

    expect(await output(execution)).toStrictEqual([[10, 20, 30], false]);
  });
});
