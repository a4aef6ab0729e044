import * as fc from "fast-check";
import { html } from "hono/html";
import type { JSX } from "hono/jsx/jsx-runtime";
import { describe, expect, it } from "vitest";
import type { ExecutionHistory } from "../../queries/execution-history.ts";
import { type StateGraph, stateGraph } from "../../queries/state-graph.ts";
import { ExecutionWaterfall } from "../../web/console/execution-waterfall.tsx";
import { StateMachineDrawing } from "../../web/console/state-machine-drawing.tsx";
import { promotionWorkflow } from "../../stacks/definitions/workflow.ts";
import {
  askingGraph,
  historyOf,
  laterOn,
  moment,
  redrivenExecution,
  stay,
  waitingExecution,
} from "./execution-fixture.ts";
import { textOf } from "./page-text.ts";

const hostile = `</title></svg><script>alert(1)</script>" onload="x`;

async function rendered(element: JSX.Element): Promise<string> {
  const page = await html`${element}`;
  return page.toString();
}

function drawing(history: ExecutionHistory, graph: StateGraph = askingGraph): Promise<string> {
  return rendered(
    <StateMachineDrawing id="machine" name="asking" graph={graph} history={history} now={laterOn} />,
  );
}

function waterfall(history: ExecutionHistory): Promise<string> {
  return rendered(<ExecutionWaterfall history={history} now={laterOn} />);
}

/** States of a drawing: style, link and words. */
function states(html: string): string[][] {
  return [...html.matchAll(/<a href="([^"]*)" class="state ([^"]*)"><title>([^<]*)/g)].map(
    ([, href = "", style = "", words = ""]) => [style, href, words],
  );
}

function count(html: string, part: RegExp): number {
  return [...html.matchAll(part)].length;
}

describe("the drawing of a state machine", () => {
  it("links every state to its last stay or its row, and says what became of it", async () => {
    const html = await drawing(waitingExecution);

    expect(states(html)).toStrictEqual([
      ["succeeded", "#visit-1", "Read: succeeded, 1 retry, 400 ms"],
      ["succeeded", "#visit-2", "Needed: succeeded, 2 ms"],
      ["waiting", "#visit-5", "Ask: waits for an answer, 2 visits, 1 d 6 h"],
      ["succeeded", "#visit-4", "Remind: succeeded, 100 ms"],
      ["not-entered", "#state-Record", "Record: not entered"],
      ["not-entered", "#state-Done", "Done: not entered"],
    ]);
    expect(html).toContain('id="state-Record"');
  });

  it("shows how often a state was entered and tried again, and each outcome by a sign of its own", async () => {
    const html = await drawing(waitingExecution);

    expect(count(html, /class="count visits"/g)).toBe(1);
    expect(html).toMatch(/class="count retries".*?1 retry/s);
    const signs = [...html.matchAll(/class="sign (\w+)"[^>]*><circle[^>]*><\/circle><path d="([^"]*)"/g)];
    expect(new Set(signs.map(([, , sign]) => sign)).size).toBe(
      new Set(signs.map(([, outcome]) => outcome)).size,
    );
    expect(textOf(html)).toContain("succeeded waits for an answer the way it took");
  });

  it("sets off the ways that were gone, also those after an error", async () => {
    const html = await drawing(waitingExecution);

    const ways = [...html.matchAll(/<g class="way ([^"]*)"/g)].map(([, kind]) => kind);
    const taken = ways.filter((kind) => kind?.includes("taken"));
    const times = (kind: string): number => taken.filter((one) => one === kind).length;
    expect(taken).toHaveLength(5);
    expect([times("catch taken"), times("choice taken"), times("next taken")]).toStrictEqual([1, 1, 3]);
    expect(ways.findLastIndex((kind) => !kind?.includes("taken"))).toBeLessThan(
      ways.findIndex((kind) => kind?.includes("taken")),
    );
  });

  it("draws the ways into a state that many catch errors with only where they were gone", async () => {
    const graph = stateGraph(
      promotionWorkflow({ modelCardAccountId: "111111111111", region: "us-east-1", approvalPageUrl: "" }),
    );
    const failing = [
      stay(0, 1, { name: "ReadCard", outcome: "caught", error: "AwsCallFailedError" }),
      stay(1, 2, { name: "RecordFailure", outcome: "failed", error: "PromotionFailedError" }),
    ];

    const crossed = count(await drawing(historyOf(failing), graph), /class="way catch/g);
    const quiet = count(await drawing(historyOf([]), graph), /class="way catch/g);

    expect(graph.edges.filter(({ kind }) => kind === "catch").length).toBeGreaterThan(25);
    expect(quiet).toBeLessThan(10);
    expect(crossed).toBe(quiet + 1);
  });

  it("tells the way in words", async () => {
    const html = await drawing(redrivenExecution);

    expect(html).toMatch(/role="group" aria-labelledby="machine-title" aria-describedby="machine-desc"/);
    expect(html).toContain('<title id="machine-title">States of asking</title>');
    expect(html).toContain("The execution is SUCCEEDED. Its way: Read, Record, Record, Read, Needed, Done.");
  });

  it("shows names as text, never as HTML, and has no inline styles", async () => {
    const graph = stateGraph({ StartAt: hostile, States: { [hostile]: { Type: "Task" } } });
    const html =
      (await drawing(historyOf([stay(0, 1, { name: hostile, outcome: "failed", error: hostile })]), graph)) +
      (await waterfall(historyOf([stay(0, 1, { name: hostile, outcome: "failed", error: hostile })])));

    expect(html).not.toMatch(/<script|<style| style=| onload="/);
  });
});

describe("the waterfall of an execution", () => {
  it("has a row for each stay, with its start, duration and what is special about it", async () => {
    const text = textOf(await waterfall(waitingExecution));

    expect(text).toContain("succeeded: Read 1 retry, AwsUnavailableError +0 ms 400 ms");
    expect(text).toContain(
      "no answer in its time, and went on: Ask no answer in its time, and went on +402 ms 1 h",
    );
    expect(text).toContain("waits for an answer: Ask waits for an answer +1 h 1 d 5 h");
  });

  it("draws each attempt, and the wait for an answer apart", async () => {
    const html = await waterfall(waitingExecution);

    const rows = html.split("<tr").slice(2);
    const bars = rows.map((row) => [...row.matchAll(/class="bar (\w+)"/g)].map(([, kind]) => kind));
    expect(bars).toStrictEqual([
      ["caught", "succeeded"],
      ["succeeded"],
      ["waits", "due"],
      ["succeeded"],
      ["waits", "running"],
    ]);
  });

  it("says when it was redriven, and shades the time before", async () => {
    const html = await waterfall(redrivenExecution);

    expect(textOf(html)).toContain("Redriven, 2 January 2026, 00:00 UTC");
    expect(textOf(html)).toContain("Shaded waits are drawn much shorter than they were.");
    expect(count(html, /class="break"/g)).toBe(1);
  });

  it("leaves out the middle of a very long execution, and stays small", async () => {
    const stays = Array.from({ length: 5_000 }, (_, index) =>
      stay(index * 10, index * 10 + 10, { name: "Read", outcome: "succeeded" }),
    );
    const html = await waterfall(historyOf(stays));

    expect(textOf(html)).toContain("4,700 more states");
    expect(html).toContain('href="#visit-1"');
    expect(html).toContain('href="#visit-5000"');
    expect(html.length).toBeLessThan(400_000);
  });

  it("says that nothing has happened yet", async () => {
    expect(textOf(await waterfall(historyOf([])))).toBe("It has entered no state yet.");
  });

  it("draws every bar inside its place, whatever an execution did", async () => {
    const outcome = fc.constantFrom("succeeded", "failed", "caught", "aborted", "timed-out");
    const lengths = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 9_000_000 }), fc.integer({ min: 0, max: 900 }), outcome),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    await fc.assert(
      fc.asyncProperty(lengths, async (parts) => {
        let ms = 0;
        const stays = parts.map(([waitMs, workMs, outcome]) => {
          const fromMs = ms;
          const submittedAt = moment(fromMs + workMs);
          ms += waitMs + workMs;
          const attempts = [
            { startedAt: moment(fromMs), submittedAt, endedAt: moment(ms), outcome: "failed" as const },
          ];
          return stay(fromMs, ms, { name: "Ask", outcome, attempts });
        });

        const page = await waterfall(historyOf(stays));

        const rects = [
          ...page.matchAll(/<rect class="[^"]*" x="([\d.]+)%"(?: y="[\d.]+")? width="([\d.]+)%"/g),
        ];
        expect(rects.length).toBeGreaterThanOrEqual(2 * stays.length);
        expect(rects.filter(([, x, width]) => Number(x) + Number(width) > 100.02)).toStrictEqual([]);
        expect(page).not.toMatch(/NaN|undefined/);
      }),
      { numRuns: 60 },
    );
  });
});
