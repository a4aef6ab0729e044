import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stateGraph } from "../../queries/state-graph.ts";
import { type Point, type Size, layOut } from "../../queries/state-layout.ts";
import { takenWays } from "../../queries/taken-ways.ts";
import { sweepWorkflow } from "../../stacks/definitions/sweep-workflow.ts";
import { promotionWorkflow } from "../../stacks/definitions/workflow.ts";
import { askingGraph, redrivenExecution, waitingExecution } from "../web/execution-fixture.ts";

const deployment = { modelCardAccountId: "111111111111", region: "us-east-1", approvalPageUrl: "" };
const promotion = promotionWorkflow(deployment);

const sizeOf = ({ name }: { name: string }): Size => ({ width: 20 + name.length, height: 30 });

/** Workflows of any shape: every state leads to some others, also to itself and back. */
const definitions = fc.integer({ min: 1, max: 12 }).chain((count) => {
  const name = fc.integer({ min: 0, max: count - 1 }).map((index) => `S${index}`);
  const state = fc.record({
    Type: fc.constantFrom("Task", "Choice"),
    Next: fc.option(name, { nil: undefined }),
    Default: fc.option(name, { nil: undefined }),
    Choices: fc.array(
      name.map((Next) => ({ Next })),
      { maxLength: 3 },
    ),
    Catch: fc.array(
      name.map((Next) => ({ Next, ErrorEquals: ["States.ALL"] })),
      { maxLength: 3 },
    ),
  });
  return fc.array(state, { minLength: count, maxLength: count }).map((states) => ({
    StartAt: "S0",
    States: Object.fromEntries(states.map((one, index) => [`S${index}`, one])),
  }));
});

describe("stateGraph", () => {
  it("has every state of the workflows, and all ways out of each", () => {
    const { startAt, nodes, edges } = stateGraph(promotion);

    expect(startAt).toBe("ReadCard");
    expect(nodes.map(({ name }) => name)).toStrictEqual(Object.keys(promotion.States));
    expect(edges.filter(({ from }) => from === "ReviewNeeded")).toStrictEqual(
      [
        ["RevertUpdate", "choice"],
        ["ReturnToReview", "choice"],
        ["RequestApproval", "choice"],
        ["RecordOutcome", "default"],
      ].map(([to, kind]) => ({ from: "ReviewNeeded", to, kind, errors: [] })),
    );
    expect(edges.filter(({ from }) => from === "RequestApproval")).toMatchObject([
      { to: "WaitOver", kind: "next" },
      { to: "RemindApprovers", kind: "catch", errors: ["States.Timeout"] },
      { to: "ReadCard", kind: "catch", errors: ["CardMovedError"] },
      { to: "RecordFailure", kind: "catch", errors: ["States.ALL"] },
    ]);
    expect(stateGraph(sweepWorkflow(deployment)).nodes).toContainEqual({
      name: "SomeNotCompared",
      type: "Fail",
    });
  });

  it("reads a definition as DescribeStateMachineForExecution has it", () => {
    expect(stateGraph(JSON.parse(JSON.stringify(promotion)))).toStrictEqual(stateGraph(promotion));
  });

  it("makes one way of several choices, or catchers, that lead to the same state", () => {
    const { edges } = stateGraph({
      StartAt: "A",
      States: {
        A: {
          Type: "Task",
          Choices: [{ Next: "B" }, { Next: "B" }],
          Catch: [
            { ErrorEquals: ["X"], Next: "B" },
            { ErrorEquals: ["Y"], Next: "B" },
          ],
        },
        B: { Type: "Succeed" },
      },
    });

    expect(edges).toStrictEqual([
      { from: "A", to: "B", kind: "choice", errors: [] },
      { from: "A", to: "B", kind: "catch", errors: ["X", "Y"] },
    ]);
  });

  it.each([
    ["no definition", null],
    ["a way to nowhere", { StartAt: "A", States: { A: { Type: "Task", Next: "B" } } }],
    ["a start that is not there", { StartAt: "toString", States: {} }],
  ])("refuses %s", (_what, definition) => {
    expect(() => stateGraph(definition)).toThrow(expect.objectContaining({ name: "InvalidInputError" }));
  });
});

describe("layOut", () => {
  it("draws the workflows inside the drawing, from top to bottom, the same each time", () => {
    for (const definition of [promotion, sweepWorkflow(deployment)]) {
      const graph = stateGraph(definition);
      const layout = layOut(graph, sizeOf);

      expectReadable(layout);
      expect(layOut(stateGraph(definition), sizeOf)).toStrictEqual(layout);
      const topOf = (name: string): number => layout.states.find((state) => state.name === name)?.y ?? 0;
      expect(Math.min(...layout.states.map(({ y }) => y))).toBe(topOf(graph.startAt));
    }
  });

  it("draws workflows of any shape without one state over another", () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        expectReadable(layOut(stateGraph(definition), sizeOf));
      }),
      { numRuns: 60 },
    );
  });
});

describe("takenWays", () => {
  const named = (visits: Parameters<typeof takenWays>[1]): [string, number][] =>
    [...takenWays(askingGraph, visits)].map(([{ from, to, kind }, times]) => [
      `${from} ${kind} ${to}`,
      times,
    ]);

  it("tells the way after an error from the others, and counts", () => {
    expect(named(waitingExecution.visits)).toStrictEqual([
      ["Read next Needed", 1],
      ["Needed choice Ask", 1],
      ["Ask catch Remind", 1],
      ["Remind next Ask", 1],
    ]);
    expect(
      named([...waitingExecution.visits.slice(0, 2), ...waitingExecution.visits.slice(0, 2)]),
    ).toStrictEqual([["Read next Needed", 2]]);
  });

  it("counts no way where a redrive took a state up", () => {
    expect(named(redrivenExecution.visits)).toStrictEqual([
      ["Read catch Record", 1],
      ["Record next Read", 1],
      ["Read next Needed", 1],
      ["Needed default Done", 1],
    ]);
    const again = stateGraph({ StartAt: "A", States: { A: { Type: "Task", Next: "A" } } });
    const [visit] = redrivenExecution.visits;
    const stays =
      visit === undefined ? [] : [visit, { ...visit, redrive: 1 }].map((one) => ({ ...one, name: "A" }));
    expect(stays).toHaveLength(2);
    expect([...takenWays(again, stays)]).toStrictEqual([]);
  });
});

function expectReadable({ width, height, states, edges, start }: ReturnType<typeof layOut>): void {
  const inside = ({ x, y }: Point): boolean => x >= 0 && y >= 0 && x <= width && y <= height;
  const points = [...edges.flatMap(({ points }) => points), ...start];
  const corners = states.flatMap(({ x, y, width, height }) => [
    { x, y },
    { x: x + width, y: y + height },
  ]);
  expect([...points, ...corners].filter((point) => !inside(point))).toStrictEqual([]);
  expect(edges.every(({ points }) => points.length >= 2)).toBe(true);
  const overlaps = states.flatMap((one, index) =>
    states
      .slice(index + 1)
      .filter(
        (other) =>
          one.x < other.x + other.width &&
          other.x < one.x + one.width &&
          one.y < other.y + other.height &&
          other.y < one.y + one.height,
      ),
  );
  expect(overlaps).toStrictEqual([]);
}
