import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chartAllowance } from "../../web/charts/chart-allowance.ts";
import { chartStyles } from "../../web/charts/chart-styles.ts";
import { fontSize, shortNumber, textWidth, tickLabels, wrapped } from "../../web/charts/chart-text.ts";
import { heatLevel, heatLevels } from "../../web/charts/heat.ts";
import { axisOf, barOf, domainFromZero, domainOf, fraction } from "../../web/charts/scale.ts";
import { simpleDomain } from "../../web/charts/simple-metrics.tsx";
import { type Point, thinnedPoints } from "../../web/charts/thinned-points.ts";
import { styles } from "../../web/styles.ts";

const finite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -1000, max: 1000 }),
  fc.constantFrom(0, -0, 5e-324, -5e-324, 1.7976931348623157e308, -1.7976931348623157e308, 1e16, 1e16 + 2),
);
const someNumbers = fc.array(finite, { minLength: 1, maxLength: 30 });
const steps = fc.integer({ min: 1, max: 8 });
const many = { numRuns: 3000 };

describe("domainOf", () => {
  it("holds every number between two finite ends that differ", () => {
    fc.assert(
      fc.property(fc.array(finite), (values) => {
        for (const { low, high } of [domainOf(values), domainFromZero(values)]) {
          expect(Number.isFinite(low) && Number.isFinite(high) && low < high).toBe(true);
          expect(values.every((value) => low <= value && value <= high)).toBe(true);
        }
      }),
      many,
    );
  });

  it("gives room around a number that is alone", () => {
    expect(domainOf([8, 8])).toStrictEqual({ low: 0, high: 10 });
    expect(domainOf([-8])).toStrictEqual({ low: -10, high: 0 });
  });
});

describe("axisOf", () => {
  it("has increasing finite ticks that cover the data and are not many", () => {
    fc.assert(
      fc.property(someNumbers, steps, (values, steps) => {
        const domain = domainOf(values);
        const { low, high, ticks } = axisOf(domain, steps);

        expect(ticks.every(Number.isFinite)).toBe(true);
        expect(ticks.every((tick, index) => index === 0 || tick > (ticks[index - 1] ?? tick))).toBe(true);
        expect([ticks[0], ticks.at(-1)]).toStrictEqual([low, high]);
        expect(low <= domain.low && high >= domain.high).toBe(true);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(4 * steps + 1);
      }),
      many,
    );
  });

  it.each([
    [{ low: 0, high: 1 }, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [{ low: 0.1, high: 0.32 }, [0.1, 0.15, 0.2, 0.25, 0.3, 0.35]],
    [{ low: -4, high: 6 }, [-4, -2, 0, 2, 4, 6]],
    [{ low: 0, high: 138_476 }, [0, 50_000, 100_000, 150_000]],
    [{ low: 1e16, high: 1e16 + 2 }, [1e16, 1e16 + 2]],
    [{ low: -1.7e308, high: 1.7e308 }, [-1.7e308, 1.7e308]],
  ])("puts ticks of %j at round numbers where there are any", (domain, ticks) => {
    expect(axisOf(domain, 4).ticks).toStrictEqual(ticks);
  });

  it("has a label of its own for each tick", () => {
    fc.assert(
      fc.property(someNumbers, steps, (values, steps) => {
        const labels = tickLabels(axisOf(domainOf(values), steps).ticks);

        expect(new Set(labels).size).toBe(labels.length);
      }),
      many,
    );
  });
});

describe("barOf", () => {
  it("keeps every bar inside the plot, on its side of zero", () => {
    fc.assert(
      fc.property(someNumbers, (values) => {
        const domain = simpleDomain(values);
        const zero = fraction(0, domain);
        for (const value of values) {
          const { start, length } = barOf(value, domain);

          expect(start >= 0 && length >= 0 && start + length <= 1 + 1e-12).toBe(true);
          expect(value < 0 ? start <= zero : start === zero).toBe(true);
        }
      }),
      many,
    );
  });

  it("makes the longer bar of the number further from zero", () => {
    fc.assert(
      fc.property(finite, finite, (one, other) => {
        const domain = domainFromZero([one, other]);
        const [shorter, longer] = [one, other].sort((a, b) => Math.abs(a) - Math.abs(b));

        expect(barOf(shorter ?? 0, domain).length).toBeLessThanOrEqual(
          barOf(longer ?? 0, domain).length + 1e-12,
        );
      }),
      many,
    );
  });

  it("shows shares on the scale from 0 to 1, and anything else by the largest", () => {
    expect(barOf(0.25, simpleDomain([0.25, 0.5]))).toStrictEqual({ start: 0, length: 0.25 });
    expect(barOf(50, simpleDomain([50, 200]))).toStrictEqual({ start: 0, length: 0.25 });
    expect(barOf(-1, simpleDomain([-1, 3]))).toStrictEqual({ start: 0, length: 0.25 });
  });
});

describe("thinnedPoints", () => {
  const points = fc.array(fc.tuple(finite, finite), { maxLength: 200 });

  it("keeps to its limit, the order, both ends, and the lowest and highest of all", () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 4, max: 40 }), (points, most) => {
        const kept = thinnedPoints(points, most);

        const places = kept.map((point) => points.findIndex((other) => other === point));
        expect(kept.length).toBeLessThanOrEqual(most);
        expect(places).toStrictEqual([...new Set(places)].sort((a, b) => a - b));
        expect([kept[0], kept.at(-1)]).toStrictEqual([points[0], points.at(-1)]);
        expect(domainOf(kept.map(yOf))).toStrictEqual(domainOf(points.map(yOf)));
      }),
      many,
    );
  });

  function yOf([, y]: Point): number {
    // Adding zero makes -0, which is not the same to a test, into 0.
    return y + 0;
  }
});

describe("heatLevel", () => {
  it("is stronger further from zero, and within the levels that have a style", () => {
    fc.assert(
      fc.property(finite, finite, (one, other) => {
        const largest = Math.max(Math.abs(one), Math.abs(other));
        const [weaker, stronger] = [one, other].sort((a, b) => Math.abs(a) - Math.abs(b));
        const level = (value = 0): number => Math.abs(heatLevel(value, largest));

        expect(level(weaker)).toBeLessThanOrEqual(level(stronger));
        expect([0, heatLevels]).toContain(level(stronger));
        expect(Math.sign(heatLevel(one, largest)) === Math.sign(one)).toBe(true);
      }),
      many,
    );
  });

  const light = colours(styles.slice(0, styles.indexOf("@media")));
  const dark = colours(styles.slice(styles.indexOf("@media")));
  const levels = Array.from({ length: heatLevels + 1 }, (_, level) => level);

  it.each([
    ["light", light],
    ["dark", dark],
  ])("leaves the number of each cell readable in %s mode", (_mode, colour) => {
    for (const name of ["accent", "warn"]) {
      for (const level of levels) {
        const opacity = Number(/fill-opacity: ([\d.]+)/.exec(ruleOf(`heat-${level} rect`))?.[1] ?? 1);
        const text = /heat-6, \.heat-7\) text/.test(chartStyles) && level >= 6 ? "accent-text" : "text";

        expect(
          contrast(mixed(colour(name), colour("surface"), opacity), colour(text)),
        ).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  function ruleOf(selector: string): string {
    return chartStyles.split("\n").find((line) => line.startsWith(`.chart .${selector}`)) ?? "";
  }

  function colours(css: string) {
    return (name: string): number[] => {
      const hex = new RegExp(`--${name}: #(\\w{6})`).exec(css)?.[1] ?? "";
      return [0, 2, 4].map((place) => Number.parseInt(hex.slice(place, place + 2), 16) / 255);
    };
  }

  function mixed(over: number[], under: number[], opacity: number): number[] {
    return over.map((part, index) => part * opacity + (under[index] ?? 0) * (1 - opacity));
  }

  function contrast(one: number[], other: number[]): number {
    const [darker = 0, lighter = 0] = [one, other].map(luminance).sort((a, b) => a - b);
    return (lighter + 0.05) / (darker + 0.05);
  }

  function luminance(colour: number[]): number {
    const [r = 0, g = 0, b = 0] = colour.map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
});

describe("shortNumber", () => {
  it.each([
    [0.9083, "0.9083"],
    [138_476, "138476"],
    [-0.123456789, "-0.1235"],
    [12_345_678, "12.35M"],
    [1e308, "1e+308"],
    [1.7976931348623157e308, "1.8e+308"],
    [5e-324, "5e-324"],
  ])("gives %d as %s", (value, text) => {
    expect(shortNumber(value)).toBe(text);
  });

  it("is near the number and has few characters", () => {
    fc.assert(
      fc.property(finite, (value) => {
        const text = shortNumber(value);
        const read = Number(
          text.replace("K", "e3").replace("M", "e6").replace("B", "e9").replace("T", "e12"),
        );

        expect(text.length).toBeLessThanOrEqual(10);
        expect(!Number.isFinite(read) || Math.abs(read / 4 - value / 4) <= Math.abs(value) * 0.01).toBe(true);
      }),
      many,
    );
  });
});

describe("wrapped", () => {
  it("keeps lines to their width and number, and says where text is missing", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.integer({ min: 30, max: 300 }),
        fc.integer({ min: 1, max: 3 }),
        (text, width, most) => {
          const lines = wrapped(text, width, most);

          expect(lines.length).toBeLessThanOrEqual(most);
          expect(lines.every((line) => textWidth(line) <= Math.max(width, 2.1 * fontSize))).toBe(true);
          const bare = text.replace(/\s/g, "");
          const shown = lines.join("").replace(/\s/g, "");
          expect(shown === bare || (shown.endsWith("…") && bare.startsWith(shown.slice(0, -1)))).toBe(true);
        },
      ),
      many,
    );
  });

  it("takes no longer for a longer text", () => {
    const long = "predicted to leave ".repeat(100_000);

    const texts = Array.from({ length: 2000 }, () => wrapped(long, 100, 2).join(" / "));

    expect(new Set(texts)).toStrictEqual(new Set(["predicted to / leave predic…"]));
  });
});

describe("chartAllowance", () => {
  it("gives each chart an id of its own until the page has drawn enough", () => {
    const allowance = chartAllowance();

    const ids = Array.from({ length: 50 }, () => allowance(200));

    const given = ids.filter((id) => id !== undefined);
    expect(new Set(given).size).toBe(given.length);
    expect(given.length).toBe(18);
    expect(allowance(10)).toBe("chart-19");
    expect(allowance(200)).toBeUndefined();
  });
});
