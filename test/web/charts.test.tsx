import * as fc from "fast-check";
import { html } from "hono/html";
import { describe, expect, it } from "vitest";
import { CardContent } from "../../web/card-content.tsx";
import { type ModelCardContent, readContent } from "../../web/model-card-content.ts";
import { customerChurnContent } from "./customer-churn-card.ts";
import { textOf } from "./page-text.ts";

/** Infinity is what `JSON.parse` makes of `1e999`, and has no form in JSON of its own. */
const jsonNumber = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.constantFrom(0, Infinity, -Infinity, 5e-324, 1.7976931348623157e308, -1.7976931348623157e308),
);

describe("the charts of a card", () => {
  it("draw numbers as bars from 0 to 1, with their names, exact values and notes", async () => {
    const html = await metricsHtml([
      { name: "AUC", type: "number", value: 0.9083 },
      { name: "Recall", type: "number", value: 0.25, notes: "Agreed minimum 0.20" },
    ]);

    const [drawing = ""] = drawings(html);
    expect(bars(drawing)).toStrictEqual([
      { x: "0%", width: "90.83%" },
      { x: "0%", width: "25%" },
    ]);
    expect(textOf(drawing)).toBe("Metrics Bars: AUC 0.9083, Recall 0.25. AUC 0.9083 Recall 0.25 0 1");
    expect(textOf(html)).toContain("Recall: Agreed minimum 0.20");
    expect(textOf(html)).toContain(
      "Exact numbers of Metrics (2 rows) Name Value Notes AUC 0.9083 Recall 0.25 Agreed minimum 0.20",
    );
  });

  it("draw negative numbers to the left of zero, all by the largest", async () => {
    const [drawing = ""] = drawings(
      await metricsHtml([
        { name: "Gain", type: "number", value: 300 },
        { name: "Loss", type: "number", value: -100 },
      ]),
    );

    expect(bars(drawing)).toStrictEqual([
      { x: "25%", width: "75%" },
      { x: "0%", width: "25%" },
    ]);
    expect(drawing.match(/class="bar below"/g)).toHaveLength(1);
    expect(drawing).toContain('class="zero" x1="25%" x2="25%"');
  });

  it.each(["training_metrics", "user_provided_training_metrics"])("draw %s", async (member) => {
    const html = await contentHtml({
      training_details: { training_job_details: { [member]: [{ name: "auc", value: 0.5 }] } },
    });

    expect(bars(drawings(html)[0] ?? "")).toStrictEqual([{ x: "0%", width: "50%" }]);
  });

  it("leave strings, truths and numbers of another type as text", async () => {
    const html = await metricsHtml([
      { name: "Framework", type: "string", value: "XGBoost" },
      { name: "Passed", type: "boolean", value: true },
      { name: "Odd", type: "number", value: "0.9" },
      { name: "Odder", type: "string", value: 3 },
    ]);

    expect(drawings(html)).toStrictEqual([]);
    expect(textOf(html)).toContain("Name Value Framework XGBoost Passed true Odd 0.9 Odder 3");
    expect(html).not.toContain('<details class="exact"');
  });

  it("draw a bar chart side by side, with its axis and short labels", async () => {
    const html = await metricsHtml([
      {
        name: "By age",
        type: "bar_chart",
        value: [3, -1.5],
        x_axis_name: ["18-29", "30+"],
        y_axis_name: "drift",
      },
    ]);

    const [drawing = ""] = drawings(html);
    const [up, down] = bars(drawing);
    expect(textOf(drawing)).toBe(
      "By age Bars of drift: 18-29 3, 30+ -1.5. drift -2 -1 0 1 2 3 3 18-29 -1.5 30+",
    );
    expect(Number(down?.height) / Number(up?.height)).toBeCloseTo(0.5, 2);
    expect(Number(up?.y) + Number(up?.height)).toBeCloseTo(Number(down?.y), 1);
    expect(textOf(html)).toContain("Exact numbers of By age (2 rows) By age drift 18-29 3 30+ -1.5");
  });

  it("draw a bar chart one under the other where its labels are long or many", async () => {
    const long = await metricsHtml([
      {
        name: "Long",
        type: "bar_chart",
        value: [1, 2],
        x_axis_name: ["contract customers who have never called anybody", "others"],
      },
    ]);
    const several = await metricsHtml([
      { name: "Many", type: "bar_chart", value: Array.from({ length: 30 }, () => 1) },
    ]);

    expect(bars(drawings(long)[0] ?? "").map(({ width }) => width)).toStrictEqual(["50%", "100%"]);
    expect(textOf(long)).toContain("contract customers");
    expect(bars(drawings(several)[0] ?? "").every(({ width }) => width === "100%")).toBe(true);
  });

  it("draw a line through a graph's points in their order, with round ticks and marked points", async () => {
    const html = await metricsHtml([
      roc([
        [0, 0],
        [0.5, 1],
        [1, 1],
      ]),
    ]);

    const [drawing = ""] = drawings(html);
    const [start, middle, end] = linePoints(drawing);
    expect(Number(middle?.x) * 2).toBeCloseTo(Number(start?.x) + Number(end?.x), 1);
    expect(Number(start?.y)).toBeGreaterThan(Number(middle?.y));
    expect(middle?.y).toBe(end?.y);
    expect(drawing.match(/<circle/g)).toHaveLength(3);
    expect(textOf(drawing)).toBe(
      "ROC Line of 3 points: False positives from 0 to 1, True positives from 0 to 1. True positives 0 0.2 0.4 0.6 0.8 1 0 0.2 0.4 0.6 0.8 1 False positives",
    );
  });

  it("draw one point as a mark", async () => {
    const [drawing = ""] = drawings(await metricsHtml([roc([[3, 7]])]));

    expect(drawing.match(/<circle/g)).toHaveLength(1);
  });

  it("draw a matrix with the value in each cell, both labels, and the stronger a colour the larger the value", async () => {
    const html = await metricsHtml([
      {
        name: "Confusion",
        type: "matrix",
        value: [
          [100, 10],
          [0, -100],
        ],
        x_axis_name: ["stay", "leave"],
        y_axis_name: ["stayed", "left"],
      },
    ]);

    const [drawing = ""] = drawings(html);
    expect(
      [...drawing.matchAll(/<g class="([^"]*)">.*?<text[^>]*>([^<]*)/g)].map(([, style, text]) => [
        text,
        style,
      ]),
    ).toStrictEqual([
      ["100", "cell heat-7"],
      ["10", "cell heat-1"],
      ["0", "cell heat-0"],
      ["-100", "cell below heat-7"],
    ]);
    expect(textOf(drawing)).toContain("stay leave stayed 100 10 left 0 -100");
    expect(textOf(html)).toContain(
      "The stronger the colour, the further from zero: blue above it, amber below.",
    );
  });

  it("let a wide matrix scroll in its own place, also with the keyboard", async () => {
    const html = await metricsHtml([matrix(20, 20)]);

    expect(html).toMatch(/<div class="scroll" role="group" aria-label="Drawing of Matrix" tabindex="0"><svg/);
  });

  it("name and describe each drawing, with ids of its own among metrics of one name", async () => {
    const html = await metricsHtml([
      { name: "Same", type: "number", value: 1 },
      ...Array.from({ length: 3 }, () =>
        roc([
          [0, 0],
          [1, 1],
        ]),
      ),
    ]);

    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(drawings(html)).toHaveLength(4);
    expect(new Set(ids).size).toBe(8);
    for (const drawing of drawings(html)) {
      const [, title, desc] = /^<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)"/.exec(drawing) ?? [];
      expect(drawing).toMatch(
        new RegExp(`<title id="${title}">[^<]+</title><desc id="${desc}">[^<]+</desc>`),
      );
    }
  });

  it("show names as text, never as HTML", async () => {
    const hostile = `</title></svg><script>alert(1)</script>" onload="x`;
    const html = await metricsHtml([
      { name: hostile, type: "number", value: 1, notes: hostile },
      { name: hostile, type: "bar_chart", value: [1], x_axis_name: [hostile], y_axis_name: hostile },
      { name: hostile, type: "linear_graph", value: [[1, 2]], x_axis_name: hostile, y_axis_name: hostile },
      {
        name: hostile,
        type: "matrix",
        value: [[1]],
        x_axis_name: [hostile],
        y_axis_name: [hostile],
        notes: hostile,
      },
    ]);

    expect(html).not.toContain("<script");
    expect(html).not.toMatch(/ (onload|style)="/);
    expect(drawings(html)).toHaveLength(4);
  });

  it("shorten a very long name in the drawing, and have it whole beside it", async () => {
    const name = "a very long name ".repeat(60).trim();
    const html = await metricsHtml([
      { name, type: "number", value: 1 },
      { ...roc([[1, 1]]), name },
    ]);

    expect(drawings(html).every((drawing) => !drawing.includes(name) && drawing.includes("…"))).toBe(true);
    expect(html).toContain(`<td>${name}</td>`);
    expect(html).toContain(`<figcaption>${name}</figcaption>`);
  });

  it("say in words which numbers are too large to draw", async () => {
    const html = await metricsHtml([
      { name: "Loss", type: "number", value: Infinity },
      { name: "Bars", type: "bar_chart", value: [1, Infinity] },
      roc([
        [0, 0],
        [1, -Infinity],
        [2, 2],
      ]),
      { name: "Matrix", type: "matrix", value: [[1, Infinity]] },
      { name: "Nothing", type: "bar_chart", value: [Infinity] },
    ]);

    const text = textOf(html);
    expect(drawings(html)).toHaveLength(3);
    expect(text).toContain("Loss Infinity");
    expect(text).toContain("Infinity stands for a number too large for this page; the JSON below has it.");
    expect(text).toContain("Not drawn: 1 value too large for a drawing.");
    expect(text).toContain("Not drawn: 1 point with a number too large for a drawing.");
    expect(text).toContain("Without colour: 1 value too large for a drawing.");
  });

  it("say that there are no values", async () => {
    const html = await metricsHtml([{ name: "Empty", type: "bar_chart", value: [] }, roc([])]);

    expect(drawings(html)).toStrictEqual([]);
    expect(textOf(html)).toContain("Empty no values given");
    expect(textOf(html)).toContain("ROC no values given");
  });

  it("show a value that does not fit its type as it stands", async () => {
    const html = await metricsHtml([
      { name: "Odd", type: "bar_chart", value: ["1", 2] },
      { name: "Odder", type: "matrix", value: [[1, 2], [3]], notes: "torn" },
    ]);

    expect(drawings(html)).toStrictEqual([]);
    expect(textOf(html)).toContain("Name Odd Value 1 2 Metric type bar_chart");
    expect(textOf(html)).toContain("Notes torn");
  });

  it("say what they leave out of very much, and stay small", async () => {
    const points = Array.from({ length: 8000 }, (_, index): [number, number] => [index, index % 7]);
    const cases: [Record<string, unknown>, string][] = [
      [roc(points), "Drawn are 300 of 8,000 points, the lowest and highest of each stretch among them."],
      [
        { name: "B", type: "bar_chart", value: points.map(([x]) => x) },
        "Drawn are the first 40 of 8,000 bars.",
      ],
      [matrix(200, 220), "Drawn are 20 of 200 rows and 20 of 220 columns, the first ones."],
    ];
    for (const [metric, sentence] of cases) {
      const html = await metricsHtml([metric]);

      expect(textOf(html)).toContain(sentence);
      expect(textOf(html)).toContain(
        "There are more numbers than this table shows; the JSON below has them all.",
      );
      expect(html.length).toBeLessThan(250_000);
    }
    const html = await metricsHtml(points.map(([x]) => ({ name: `m${x}`, type: "number", value: x })));
    expect(bars(drawings(html)[0] ?? "")).toHaveLength(40);
    expect(textOf(html)).toContain("Drawn are the first 40 of 8,000 bars.");
  });

  it("stop drawing on a page that has drawn enough, and say so", async () => {
    const html = await metricsHtml(Array.from({ length: 100 }, () => matrix(20, 20)));

    const left = 100 - drawings(html).length;
    expect(drawings(html)).toHaveLength(9);
    expect(textOf(html).match(/Not drawn: this card has more charts than one page can show\./g)).toHaveLength(
      left,
    );
    expect(html.match(/<table class="matrix">/g)).toHaveLength(100);
  });

  it("keep the page of the largest cards small and fast", async () => {
    const fill = (one: (index: number) => string): string =>
      Array.from({ length: Math.floor(99_000 / (one(9999).length + 1)) }, (_, index) => one(index)).join(",");
    const metrics = [
      fill((index) => `{"name":"m","type":"bar_chart","value":[${index}]}`),
      fill((index) => `{"name":"m","value":${index}}`),
      fill((index) => `{"name":"m","value":1,"k${index}":1}`),
      `{"name":"m","type":"linear_graph","value":[${fill(() => "[1,2]")}]}`,
      fill(() => `{"name":"m","type":"matrix","value":[[${"1,".repeat(19)}1]]}`),
    ];
    for (const list of metrics) {
      const text = `{"evaluation_details":[{"metric_groups":[{"metric_data":[${list}]}]}]}`;
      const startedAt = performance.now();

      const html = await render(readContent(text));

      expect(performance.now() - startedAt).toBeLessThan(5000);
      expect(html.length).toBeLessThan(3_000_000);
    }
  });

  it("draw every number inside the drawing, whatever the numbers and names", async () => {
    const name = fc.string({ unit: "binary", maxLength: 40 });
    const labels = fc.option(fc.array(name, { maxLength: 6 }), { nil: undefined });
    const list = fc.array(jsonNumber, { maxLength: 12 });
    const metric = fc.oneof(
      fc.record({ name, type: fc.constant("number"), value: jsonNumber }),
      fc.record({
        name,
        type: fc.constant("bar_chart"),
        value: list,
        x_axis_name: labels,
        y_axis_name: name,
      }),
      fc.record({
        name,
        type: fc.constant("linear_graph"),
        value: fc.array(fc.tuple(jsonNumber, jsonNumber)),
      }),
      fc.integer({ min: 1, max: 6 }).chain((width) =>
        fc.record({
          name,
          type: fc.constant("matrix"),
          value: fc.array(fc.array(jsonNumber, { minLength: width, maxLength: width })),
          x_axis_name: labels,
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(metric, { minLength: 1, maxLength: 6 }), async (metrics) => {
        for (const drawing of drawings(await metricsHtml(metrics))) expectInside(drawing);
      }),
      { numRuns: 400 },
    );
  });

  it("never fail, whatever stands where metrics should", async () => {
    const about = fc.record(
      {
        name: fc.jsonValue(),
        type: fc.oneof(fc.constantFrom("number", "bar_chart", "linear_graph", "matrix"), fc.jsonValue()),
        value: fc.oneof(fc.array(fc.array(jsonNumber)), fc.array(jsonNumber), fc.jsonValue()),
        notes: fc.jsonValue(),
        x_axis_name: fc.jsonValue(),
        y_axis_name: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(about, about, fc.jsonValue())), async (metrics) => {
        expect(await metricsHtml(metrics)).not.toMatch(/="[^"]*(NaN|undefined)/);
      }),
      { numRuns: 400 },
    );
  });

  it("show all charts of an ordinary card", async () => {
    const html = await render(readContent(customerChurnContent));

    const titles = drawings(html).map((drawing) => /<title[^>]*>([^<]*)/.exec(drawing)?.[1]);
    expect(titles.toSorted((one = "", other = "") => one.localeCompare(other))).toStrictEqual([
      "Confusion matrix",
      "Metrics",
      "Precision by recall",
      "Recall by age",
      "Training metrics",
    ]);
    expect(html).not.toMatch(/<script|<style| style=/);
  });
});

function metricsHtml(metrics: unknown[]): Promise<string> {
  return contentHtml({ evaluation_details: [{ metric_groups: [{ name: "Group", metric_data: metrics }] }] });
}

function contentHtml(sections: Record<string, unknown>): Promise<string> {
  return render({ kind: "sections", text: "{}", sections });
}

async function render(content: ModelCardContent): Promise<string> {
  const page = await html`${(<CardContent content={content} version={2} />)}`;
  return page.toString();
}

function roc(value: [number, number][]): Record<string, unknown> {
  const axes = { x_axis_name: "False positives", y_axis_name: "True positives" };
  return { name: "ROC", type: "linear_graph", value, ...axes };
}

function matrix(rows: number, columns: number): Record<string, unknown> {
  const row = Array.from({ length: columns }, (_, column) => column);
  return { name: "Matrix", type: "matrix", value: Array.from({ length: rows }, () => row) };
}

function drawings(html: string): string[] {
  return html.match(/<svg .*?<\/svg>/gs) ?? [];
}

function attributes(tag: string): Record<string, string> {
  return Object.fromEntries(
    [...tag.matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

/** Places of the bars, as the drawing gives them: in percent where they are one under the other. */
function bars(drawing: string): Record<string, string>[] {
  return (drawing.match(/<rect class="bar[^>]*>/g) ?? []).map((tag) => {
    const { x = "", y = "", width = "", height = "" } = attributes(tag);
    return { x, width, ...(drawing.includes("viewBox") && { y, height }) };
  });
}

function linePoints(drawing: string): { x: string; y: string }[] {
  const path = / d="M([^"]*)"/.exec(drawing)?.[1] ?? "";
  return path.split("L").map((point) => {
    const [x = "", y = ""] = point.split(",");
    return { x, y };
  });
}

function expectInside(drawing: string): void {
  const [svg = "", ...tags] = drawing.match(/<[a-z][^>]*>/g) ?? [];
  const { viewBox = "0 0 100 1e9" } = attributes(svg);
  const [, , width = 0, height = 0] = viewBox.split(" ").map(Number);
  const horizontal = ["x", "x1", "x2", "cx", "width"];
  const vertical = ["y", "y1", "y2", "cy", "height"];
  const isInside = (text: string, end: number): boolean => {
    const coordinate = Number(text.replace(/%$/, ""));
    return coordinate >= -0.01 && coordinate <= end + 0.01;
  };
  const outside = [svg, ...tags].flatMap((tag) =>
    Object.entries(attributes(tag)).filter(
      ([name, text]) =>
        (tag !== svg && horizontal.includes(name) && !isInside(text, width)) ||
        (tag !== svg && vertical.includes(name) && !isInside(text, height)),
    ),
  );
  const line = drawing.includes(" d=") ? linePoints(drawing) : [];
  expect(outside).toStrictEqual([]);
  expect(line.filter(({ x, y }) => !isInside(x, width) || !isInside(y, height))).toStrictEqual([]);
  expect(width > 0 && height > 0).toBe(true);
}
