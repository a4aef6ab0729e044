import { describe, expect, it } from "vitest";
import { metricTable } from "../../web/metrics.ts";

describe("metricTable", () => {
  it("makes a row of each point of a graph", () => {
    const table = metricTable({
      name: "ROC",
      type: "linear_graph",
      value: [
        [0, 0],
        [0.5, 0.9],
      ],
      x_axis_name: "false positives",
      y_axis_name: "true positives",
      notes: "On the hold-out set",
    });

    expect(table).toStrictEqual({
      name: "ROC",
      notes: "On the hold-out set",
      columns: ["false positives", "true positives"],
      rows: [
        [0, 0],
        [0.5, 0.9],
      ],
    });
  });

  it("numbers the bars and columns that have no names", () => {
    expect(metricTable({ name: "Bars", type: "bar_chart", value: [3, 4] })).toMatchObject({
      columns: ["", "Value"],
      rows: [
        ["1", 3],
        ["2", 4],
      ],
    });
    expect(metricTable({ name: "Matrix", type: "matrix", value: [[1, 2]] })).toMatchObject({
      columns: ["", "1", "2"],
      rows: [["1", 1, 2]],
    });
  });

  it.each([
    ["a point with three numbers", { type: "linear_graph", value: [[1, 2, 3]] }],
    ["a bar that is no number", { type: "bar_chart", value: [1, "2"] }],
    ["more bars than names", { type: "bar_chart", value: [1, 2], x_axis_name: ["one"] }],
    ["rows of different lengths", { type: "matrix", value: [[1, 2], [3]] }],
    ["fewer rows than names", { type: "matrix", value: [[1]], y_axis_name: ["one", "two"] }],
    ["a type that it does not know", { type: "violin", value: [[1]] }],
    ["no list", { type: "matrix", value: 1 }],
  ])("makes no table of %s", (_case, metric) => {
    expect(metricTable({ name: "Odd", ...metric })).toBeUndefined();
  });
});
