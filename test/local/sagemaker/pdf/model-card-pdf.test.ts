import { describe, expect, it } from "vitest";
import { modelCardPdf } from "../../../../local/sagemaker/pdf/model-card-pdf.ts";
import { filledContent } from "../../../../local/story/content.ts";
import { pdfText } from "./pdf-text.ts";

const time = new Date("2026-01-01T00:00:00.000Z");
const later = new Date("2026-01-02T00:00:00.000Z");
const card = {
  name: "Customer-Churn",
  arn: "arn:aws:sagemaker:us-east-1:111111111111:model-card/Customer-Churn",
  creationTime: time,
};

function pdfOf(content: object, exportedAt = later): Promise<Uint8Array> {
  const version = {
    version: 3,
    status: "Approved",
    content: JSON.stringify(content),
    metadata: {},
    creationTime: time,
    lastModifiedTime: time,
    lastModifiedNanoseconds: "000000",
    lastModifiedBy: {},
  } as const;
  return modelCardPdf(card, version, exportedAt);
}

async function linesOf(content: object): Promise<string[]> {
  return pdfText(await pdfOf(content)).split("\n");
}

describe("modelCardPdf", () => {
  it("says which card it is, which version, in which status, and when it was exported", async () => {
    const text = pdfText(await pdfOf({}));

    expect(text).toMatch(/^Customer-Churn\nStatus\nApproved\nVersion\n3\nARN\narn:aws:sagemaker:us-east-1:/);
    expect(text).toContain("Exported\n2026-01-02T00:00:00.000Z");
    expect(text).toContain("Customer-Churn, page 1 of 1");
  });

  it("has every section of a card, also those that say nothing", async () => {
    const lines = await linesOf({ business_details: { line_of_business: "Retail" } });

    const sections = [
      "Overview",
      "Intended uses",
      "Business details",
      "Training details",
      "Evaluation details",
      "Additional information",
    ];
    expect(lines.filter((line) => sections.includes(line))).toStrictEqual(sections);
    expect(lines.filter((line) => line === "not given")).toHaveLength(5);
    expect(lines.slice(lines.indexOf("Business details")).slice(1, 3)).toStrictEqual([
      "Line of business",
      "Retail",
    ]);
  });

  it("leaves out no text of a card that is filled in", async () => {
    const text = pdfText(await pdfOf(filledContent)).replaceAll("\n", "");

    const said: string[] = [];
    JSON.stringify(filledContent, (member, value: unknown) => {
      if (typeof value === "string" && member !== "type") said.push(value);
      return value;
    });
    expect(said.length).toBeGreaterThan(20);
    expect(said.filter((one) => !text.includes(one.replace(/\s+/g, " ")))).toStrictEqual([]);
  });

  it("shows metrics in tables: single values in one, and each graph, chart and matrix in its own", async () => {
    const metric_data = [
      { name: "accuracy", type: "number", value: 0.91, notes: "on the test set" },
      { name: "auc", type: "number", value: 0.97 },
      { name: "roc", type: "linear_graph", value: [[0, 0.5]], x_axis_name: "FPR", y_axis_name: "TPR" },
      {
        name: "classes",
        type: "bar_chart",
        value: [7, 8],
        x_axis_name: ["stays", "goes"],
        y_axis_name: "count",
      },
      {
        name: "confusion",
        type: "matrix",
        value: [
          [1, 2],
          [3, 4],
        ],
        x_axis_name: ["p", "n"],
        y_axis_name: ["P", "N"],
      },
    ];

    const lines = await linesOf({
      evaluation_details: [{ name: "Holdout", metric_groups: [{ name: "Quality", metric_data }] }],
    });

    const shown = lines.slice(lines.indexOf("Holdout"), lines.indexOf("Additional information"));
    expect(shown.filter((line) => line !== "").join(" ")).toBe(
      "Holdout Metrics Quality " +
        "Name Value Metric type Notes accuracy 0.91 number on the test set auc 0.97 number " +
        "roc FPR TPR 0 0.5 " +
        "classes count stays 7 goes 8 " +
        "confusion p n P 1 2 N 3 4",
    );
  });

  it("shows letters of other languages and of mathematics, and drops characters that control something", async () => {
    const lines = await linesOf({
      model_overview: {
        model_owner: "Zoë Łukasz Ωμέγα Жанна ≥ 0.9 → α",
        model_description: "one\r\ntwo\u0000\u0007",
      },
    });

    expect(lines).toContain("Zoë Łukasz Ωμέγα Жанна ≥ 0.9 → α");
    expect(lines.slice(lines.indexOf("one"), lines.indexOf("one") + 2)).toStrictEqual(["one", "two"]);
  });

  it("takes content that has no end of a word or of numbers", async () => {
    const problem_type = "x".repeat(20_000);
    const value = Array.from({ length: 200 }, (_, index) => [index, 0]);

    const text = pdfText(
      await pdfOf({
        model_overview: { problem_type },
        training_details: {
          training_job_details: { training_metrics: [{ name: "l", type: "linear_graph", value }] },
        },
      }),
    );

    expect(text.match(/x/g)?.length).toBeGreaterThanOrEqual(20_000);
    expect(text).toContain("\n199\n");
    expect(text).toMatch(/page 2 of \d/);
  });

  it("is the same bytes for the same card at the same time, and others at another time", async () => {
    const [one, again, other] = await Promise.all([
      pdfOf(filledContent),
      pdfOf(filledContent),
      pdfOf(filledContent, time),
    ]);

    expect(Buffer.from(one).toString("latin1", 0, 5)).toBe("%PDF-");
    expect(Buffer.compare(one, again)).toBe(0);
    expect(Buffer.compare(one, other)).not.toBe(0);
  });
});
