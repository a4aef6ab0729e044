import { describe, expect, it } from "vitest";
import { metricTable, readMetric } from "../../web/metrics.ts";

describe("metricTable", () => {
  it("makes a row of each point of a graph", () => {
    const table = tableOf({
      name: "ROC",
      type: "linear_graph",
      value: [
        [0, 0],
        [0.5, 0.9],
      ],
      x_axis_name: "false positives",
      y_axis_name: "true positives",
    });

    expect(table).toStrictEqual({
      name: "ROC",
      columns: ["false positives", "true positives"],
      rows: [
        [0, 0],
        [0.5, 0.9],
      ],
    });
  });

  it("numbers the bars and columns that have no names", () => {
    expect(tableOf({ name: "Bars", type: "bar_chart", value: [3, 4] })).toMatchObject({
      columns: ["", "Value"],
      rows: [
        ["1", 3],
        ["2", 4],
      ],
    });
    expect(tableOf({ name: "Matrix", type: "matrix", value: [[1, 2]] })).toMatchObject({
      columns: ["", "1", "2"],
      rows: [["1", 1, 2]],
    });
  });

  function tableOf(metric: Record<string, unknown>) {
    const read = readMetric(metric);
    return read === undefined ? undefined : metricTable(read);
  }
});

describe("readMetric", () => {
  it("takes the points of a graph, the bars of a chart and the rows of a matrix with what they are called", () => {
    const name = "Some";
    expect(readMetric({ name, type: "linear_graph", value: [[1, 2]], y_axis_name: "loss" })).toStrictEqual({
      name,
      notes: undefined,
      type: "linear_graph",
      xAxisName: "x",
      yAxisName: "loss",
      points: [[1, 2]],
    });
    expect(
      readMetric({ name, type: "bar_chart", value: [3], x_axis_name: ["a"], notes: "On the hold-out set" }),
    ).toStrictEqual({
      name,
      notes: "On the hold-out set",
      type: "bar_chart",
      yAxisName: "Value",
      bars: [{ label: "a", value: 3 }],
    });
    expect(readMetric({ name, type: "matrix", value: [[1, 2]], y_axis_name: ["row"] })).toStrictEqual({
      name,
      notes: undefined,
      type: "matrix",
      columnLabels: ["1", "2"],
      rows: [{ label: "row", values: [1, 2] }],
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
  ])("reads nothing from %s", (_case, metric) => {
    expect(readMetric({ name: "Odd", ...metric })).toBeUndefined();
  });
});
