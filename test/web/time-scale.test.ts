import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeScale } from "../../web/console/time-scale.ts";
import {
  historyOf,
  laterOn,
  moment,
  redrivenExecution,
  startedAt,
  stay,
  waitingExecution,
} from "./execution-fixture.ts";

const at = (ms: number): number => Date.parse(startedAt) + ms;
const hour = 3_600_000;

describe("timeScale", () => {
  it("gives an execution without long waits one scale", () => {
    const { bands, at: placeOf } = timeScale(
      historyOf([
        stay(0, 300, { name: "Read", outcome: "succeeded" }),
        stay(300, 400, { name: "Done", outcome: "succeeded" }),
      ]),
      laterOn,
    );

    expect(bands).toStrictEqual([{ fromMs: at(0), toMs: at(400), start: 0, end: 1, isShortened: false }]);
    expect(placeOf(at(300))).toBe(0.75);
  });

  it("shortens waits for answers, and keeps seconds of work equally long", () => {
    const { bands, at: placeOf } = timeScale(waitingExecution, laterOn);

    expect(bands.map(({ isShortened, fromMs, toMs }) => [isShortened, toMs - fromMs])).toStrictEqual([
      [false, 500],
      [true, hour - 98],
      [false, 198],
      [true, 29 * hour - 600],
      [false, 0],
    ]);
    const perMs = (from: number, to: number): number => (placeOf(at(to)) - placeOf(at(from))) / (to - from);
    expect(perMs(0, 400)).toBeCloseTo(perMs(402 + hour, 502 + hour), 9);
    expect(placeOf(at(500))).toBeGreaterThan(0.4);
  });

  it("shortens the time until a redrive", () => {
    const { bands } = timeScale(redrivenExecution, laterOn);

    expect(bands.map(({ isShortened, fromMs, toMs }) => [isShortened, toMs - fromMs])).toStrictEqual([
      [false, 200],
      [true, 24 * hour - 200],
      [false, 150],
    ]);
  });

  it("keeps pauses between attempts as they are while there is room for the work, and shortens the longest first", () => {
    const attempt = (fromMs: number, outcome: "failed" | "succeeded") => ({
      startedAt: moment(fromMs),
      endedAt: moment(fromMs + 100),
      outcome,
    });
    const { bands } = timeScale(
      historyOf([
        stay(0, 5_400, {
          name: "Read",
          outcome: "succeeded",
          attempts: [attempt(0, "failed"), attempt(300, "failed"), attempt(5_300, "succeeded")],
        }),
      ]),
      laterOn,
    );

    expect(bands.filter(({ isShortened }) => isShortened)).toMatchObject([
      { fromMs: at(400), toMs: at(5_300) },
    ]);
  });

  it("places moments in their order between 0 and 1, whatever an execution did", () => {
    const lengths = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 9 * hour })),
      {
        minLength: 3,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(lengths, fc.boolean(), (steps, isOver) => {
        const moments = steps.map((_length, index) =>
          steps.slice(0, index).reduce((sum, length) => sum + length, 0),
        );
        const visits = moments.slice(2).map((toMs, index) => {
          const fromMs = moments[index] ?? 0;
          const middle = moments[index + 1] ?? fromMs;
          const attempts = [
            {
              startedAt: moment(fromMs),
              submittedAt: moment(middle),
              endedAt: moment(toMs),
              outcome: "failed" as const,
            },
          ];
          return stay(fromMs, toMs, { name: "Ask", outcome: "caught", attempts });
        });
        const history = historyOf(visits.filter((_visit, index) => index % 2 === 0));
        const { execution } = history;
        const running = { ...history, execution: { ...execution, stoppedAt: undefined } };

        const scale = timeScale(isOver ? history : running, laterOn);

        const places = moments.map((ms) => scale.at(at(ms)));
        expect(places).toStrictEqual(places.toSorted((one, other) => one - other));
        expect(places.every((place) => place >= 0 && place <= 1)).toBe(true);
        expect(scale.bands.at(-1)?.end).toBeCloseTo(1, 9);
      }),
      { numRuns: 200 },
    );
  });
});
