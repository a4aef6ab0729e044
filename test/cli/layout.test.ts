import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { paragraph, table } from "../../cli/layout.ts";
import { progressOn, progressText } from "../../cli/progress.ts";
import { plainScreen, screenOf } from "../../cli/screen.ts";
import { ageOf, durationOf, moment } from "../../cli/times.ts";

const columns = [{ title: "card" }, { title: "took", align: "right" as const }, { title: "what" }];
const rows = [
  ["churn", "5 s", "a short one"],
  ["customer-churn-model-card", "12 min", "one that says so much that it takes more than one line"],
];

describe("a table", () => {
  it("aligns its columns and fits the screen, whatever its width", () => {
    expect(table(columns, rows, { ...plainScreen, width: 60 })).toMatchInlineSnapshot(`
      "card                         took  what
      churn                         5 s  a short one
      customer-churn-model-card  12 min  one that says so much
                                         that it takes more than
                                         one line
      "
    `);
    for (const width of [40, 60, 80, 200]) {
      const lines = table(columns, rows, { ...plainScreen, width }).split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });

  it("looks the same with colours but for the colours", () => {
    const coloured = screenOf({ isTTY: true, columns: 60 }, {});
    const cells = [[{ text: "churn", emphasis: "bad" as const }, "1 s", "it failed"]];
    const shown = table(columns, cells, coloured);

    expect(shown).toContain("\u001b[31mchurn\u001b[39m");
    expect(stripVTControlCharacters(shown)).toBe(table(columns, cells, { ...plainScreen, width: 60 }));
  });

  it("lets no text steer the terminal", () => {
    const shown = table(columns, [["a\u001b[2Jb", "1", "c\nd\u202ee"]], plainScreen);

    for (const control of ["\u001b", "\u202e"]) expect(shown).not.toContain(control);
    expect(shown).toContain("c d e");
  });
});

describe("a paragraph", () => {
  it("keeps long words whole, so that they can be copied", () => {
    const arn = `arn:aws:${"a".repeat(60)}`;
    expect(paragraph(`see ${arn} for more`, { ...plainScreen, width: 40 }, 4, "→ ")).toBe(
      `  → see\n    ${arn}\n    for more\n`,
    );
  });
});

describe("a screen", () => {
  it.each([
    ["a file", { isTTY: false }, {}, false],
    ["a terminal", { isTTY: true }, {}, true],
    ["a terminal with NO_COLOR", { isTTY: true }, { NO_COLOR: "1" }, false],
    ["a terminal with an empty NO_COLOR", { isTTY: true }, { NO_COLOR: "" }, true],
    ["a dumb terminal", { isTTY: true }, { TERM: "dumb" }, false],
  ])("has colours only where they are wanted: %s", (_name, stream, environment, coloured) => {
    expect(screenOf(stream, environment).style("bad", "x") !== "x").toBe(coloured);
  });
});

describe("progress", () => {
  it("is a bar where it is known how much there is, and a count elsewhere", () => {
    expect(progressText(30, 120, "cards")).toBe("██████░░░░░░░░░░░░░░░░░░ 30 of about 120 cards");
    expect(progressText(30, 0, "cards")).toBe("30 cards");
    expect(progressText(130, 120, "cards")).toBe("130 cards");
  });

  it("is written on terminals only, and leaves nothing behind", () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    progressOn(stream).show(1, 2, "cards");
    expect(written).toStrictEqual([]);

    const progress = progressOn({ ...stream, isTTY: true });
    progress.show(1, 2, "cards");
    progress.end();
    progress.end();
    expect(written).toHaveLength(2);
    expect(written.at(-1)).toBe("\r\u001b[2K");
  });
});

describe("times", () => {
  it("are ages and durations in the largest unit that fits", () => {
    const now = new Date("2026-01-10T00:00:00.000Z");
    const at = (ms: number): string => new Date(now.getTime() + ms).toISOString();
    expect(
      [-100, -5_000, -90_000, -7_200_000, -9 * 86_400_000, 1_800_000].map((ms) => ageOf(at(ms), now)),
    ).toStrictEqual(["now", "5 s ago", "2 min ago", "2 h ago", "9 d ago", "in 30 min"]);
    expect([0, 999, 1_000, 65_000, 3_600_000, 90_000_000].map(durationOf)).toStrictEqual([
      "0 ms",
      "999 ms",
      "1 s",
      "1 min 5 s",
      "1 h",
      "1 d 1 h",
    ]);
    expect(moment(at(-3_600_000), now)).toBe("2026-01-09 23:00:00 UTC (1 h ago)");
  });
});
