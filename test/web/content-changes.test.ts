import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ContentChange,
  contentChanges,
  listDifference,
  textDifference,
} from "../../web/content-changes.ts";
import { type ModelCardContent, isMembers, memberName, readContent } from "../../web/model-card-content.ts";
import { customerChurnContent } from "./customer-churn-card.ts";

describe("contentChanges", () => {
  it("tells the field that changed by the names that people use, with both values", () => {
    const changes = changesBetween(
      { training_details: { training_observations: "Two years" } },
      { training_details: { training_observations: "Three years" } },
    );

    expect(changes).toStrictEqual([
      {
        path: ["Training details", "Training observations"],
        kind: "changed",
        before: "Two years",
        after: "Three years",
      },
    ]);
  });

  it("finds nothing where members only stand in another order", () => {
    expect(
      changesBetween(
        { model_overview: { model_owner: "A", model_creator: "B" }, intended_uses: {} },
        { intended_uses: {}, model_overview: { model_creator: "B", model_owner: "A" } },
      ),
    ).toStrictEqual([]);
  });

  it("tells a section that is new or gone as one change", () => {
    const business = { business_problem: "Churn", line_of_business: "Consumers" };

    expect(changesBetween({}, { business_details: business })).toStrictEqual([
      { path: ["Business details"], kind: "added", after: business },
    ]);
    expect(changesBetween({ business_details: business }, { business_details: {} })).toStrictEqual([
      { path: ["Business details"], kind: "removed", before: business },
    ]);
  });

  it("follows the card's reading order, and puts what AWS does not define last", () => {
    const changes = changesBetween(
      {},
      { z_own: 1, additional_information: { x: 1 }, intended_uses: { x: 1 }, a_own: 1 },
    );

    expect(changes.map(({ path }) => path)).toStrictEqual([
      ["Intended uses"],
      ["Additional information"],
      ["z_own"],
      ["a_own"],
    ]);
  });

  it("matches metrics and hyperparameters by their names, wherever they stand", () => {
    const changes = changesBetween(
      hyperParameters([
        { name: "eta", value: "0.08" },
        { name: "max_depth", value: "6" },
      ]),
      hyperParameters([
        { name: "gamma", value: "1" },
        { name: "eta", value: "0.1" },
        { name: "max_depth", value: "6" },
      ]),
    );

    expect(changes).toStrictEqual([
      { path: [...toHyperParameters, "gamma"], kind: "added", after: { name: "gamma", value: "1" } },
      { path: [...toHyperParameters, "eta", "Value"], kind: "changed", before: "0.08", after: "0.1" },
    ]);
  });

  it("matches things of one name in their order, and tells which of them it means", () => {
    const changes = changesBetween(
      hyperParameters([
        { name: "eta", value: "1" },
        { name: "eta", value: "2" },
      ]),
      hyperParameters([
        { name: "eta", value: "1" },
        { name: "eta", value: "3" },
      ]),
    );

    expect(changes).toStrictEqual([
      {
        path: [...toHyperParameters, "eta (number 2 of this name)", "Value"],
        kind: "changed",
        before: "2",
        after: "3",
      },
    ]);
  });

  it("does not confuse a second thing of one name with a thing that is called like it", () => {
    const before = [
      { name: "eta", value: "1" },
      { name: "eta", value: "2" },
      { name: "eta (number 2 of this name)", value: "3" },
    ];

    const changes = changesBetween(hyperParameters(before), hyperParameters(before.slice(1)));

    expect(changes).toHaveLength(2);
  });

  it("tells that named things stand in another order", () => {
    const [eta, depth] = [
      { name: "eta", value: "0.08" },
      { name: "max_depth", value: "6" },
    ];

    expect(changesBetween(hyperParameters([eta, depth]), hyperParameters([depth, eta]))).toStrictEqual([
      { path: toHyperParameters, kind: "changed", before: ["eta", "max_depth"], after: ["max_depth", "eta"] },
    ]);
  });

  it("follows an evaluation to its new name by the metrics that it holds", () => {
    const evaluation = (name: string, auc: number) => ({
      name,
      metric_groups: [{ name: "All", metric_data: [{ name: "AUC", type: "number", value: auc }] }],
    });
    const fairness = {
      name: "Fairness",
      metric_groups: [{ name: "Regions", metric_data: [{ name: "North", type: "number", value: 1 }] }],
    };

    const changes = changesBetween(
      { evaluation_details: [evaluation("October", 0.91)] },
      { evaluation_details: [fairness, evaluation("November", 0.9)] },
    );

    expect(changes).toStrictEqual([
      { path: ["Evaluation details", "Fairness"], kind: "added", after: fairness },
      {
        path: ["Evaluation details", "November", "Name"],
        kind: "changed",
        before: "October",
        after: "November",
      },
      {
        path: ["Evaluation details", "November", "Metrics", "All", "AUC", "Value"],
        kind: "changed",
        before: 0.91,
        after: 0.9,
      },
    ]);
  });

  it("takes metrics with other values for other metrics, not for one under a new name", () => {
    const changes = changesBetween(
      hyperParameters([{ name: "eta", value: "0.08" }]),
      hyperParameters([{ name: "gamma", value: "1" }]),
    );

    expect(changes.map(({ kind }) => kind)).toStrictEqual(["added", "removed"]);
  });

  it("names the bar or the cell that changed", () => {
    const bars = (value: number[]) =>
      metrics([{ name: "Recall", type: "bar_chart", value, x_axis_name: ["young", "old"] }]);
    const matrix = (value: number[][]) =>
      metrics([
        { name: "Matrix", type: "matrix", value, x_axis_name: ["yes", "no"], y_axis_name: ["was", "not"] },
      ]);

    expect(changesBetween(bars([0.7, 0.6]), bars([0.7, 0.5]))).toStrictEqual([
      { path: [...toMetrics, "Recall", "old"], kind: "changed", before: 0.6, after: 0.5 },
    ]);
    expect(
      changesBetween(
        matrix([
          [1, 2],
          [3, 4],
        ]),
        matrix([
          [1, 2],
          [5, 4],
        ]),
      ),
    ).toStrictEqual([{ path: [...toMetrics, "Matrix", "not", "yes"], kind: "changed", before: 3, after: 5 }]);
  });

  it("compares a chart as a whole where its bars have other labels, or very many changed", () => {
    const bars = (value: number[], labels: string[]) =>
      metrics([{ name: "Recall", type: "bar_chart", value, x_axis_name: labels }]);
    const many = Array.from({ length: 30 }, (_, index) => index);

    expect(
      changesBetween(bars([1, 2], ["a", "b"]), bars([2, 1], ["b", "a"])).map(({ path }) => path.at(-1)),
    ).toStrictEqual(["Value", "X axis"]);
    expect(
      changesBetween(
        bars(many, many.map(String)),
        bars(
          many.map((value) => value + 1),
          many.map(String),
        ),
      ).map(({ path }) => path.at(-1)),
    ).toStrictEqual(["Value"]);
  });

  it("compares a matrix of another form as a whole, even if its labels repeat", () => {
    const matrix = (value: number[][]) =>
      metrics([
        {
          name: "Matrix",
          type: "matrix",
          value,
          x_axis_name: value[0]?.map(() => "x"),
          y_axis_name: value.map(() => "x"),
        },
      ]);

    const changes = changesBetween(
      matrix([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      matrix([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    );

    expect(changes.map(({ path }) => path.at(-1))).toContain("Value");
  });

  it("takes a list of texts or of points as one field", () => {
    const artifacts = (model_artifact: string[]) => ({ model_overview: { model_artifact } });

    expect(changesBetween(artifacts(["a", "b"]), artifacts(["a", "c"]))).toStrictEqual([
      { path: ["Overview", "Model artifacts"], kind: "changed", before: ["a", "b"], after: ["a", "c"] },
    ]);
  });

  it("compares entries without names by their place, less what stands the same at the end", () => {
    const changes = changesBetween(
      { own: [{ a: 1 }, { a: 2 }, { a: 4 }] },
      { own: [{ a: 1 }, { a: 9 }, { a: 3 }, { a: 4 }] },
    );

    expect(changes).toStrictEqual([
      { path: ["own", "Entry 2", "a"], kind: "changed", before: 2, after: 9 },
      { path: ["own", "Entry 3"], kind: "added", after: { a: 3 } },
    ]);
  });

  it("tells a number from a text of the same digits, and null from a member that is not there", () => {
    expect(changesBetween({ a: 6 }, { a: "6" })).toStrictEqual([
      { path: ["a"], kind: "changed", before: 6, after: "6" },
    ]);
    expect(changesBetween({ a: null }, {})).toStrictEqual([{ path: ["a"], kind: "removed", before: null }]);
  });

  it("reads members that are named like those of every object as the card's own", () => {
    const before = readContent('{"a":{}}');
    const after = readContent(
      '{"__proto__":{"x":1},"constructor":2,"toString":null,"a":{"hasOwnProperty":1}}',
    );

    expect(contentChanges(before, after).map(({ path, kind }) => [path.join("."), kind])).toStrictEqual([
      ["__proto__", "added"],
      ["constructor", "added"],
      ["toString", "added"],
      ["a", "added"],
    ]);
    expect(
      contentChanges(readContent('{"__proto__":{"x":1}}'), readContent('{"__proto__":{"x":2}}')),
    ).toStrictEqual([{ path: ["__proto__", "x"], kind: "changed", before: 1, after: 2 }]);
  });

  it("does not take a member that only one side has for the same as what every object has", () => {
    const [before, after] = ['[[],{"__proto__":{}}]', '[[],{"x":1}]'];

    expect(contentChanges(readContent(`{"a":${before}}`), readContent(`{"a":${after}}`))).toHaveLength(2);
  });

  it("takes numbers that are too large for the same", () => {
    expect(contentChanges(readContent('{"a":1e999}'), readContent('{"a":2e999}'))).toStrictEqual([]);
    expect(contentChanges(readContent('{"a":1e999}'), readContent('{"a":-1e999}'))).toHaveLength(1);
  });

  it("says that a version's content is missing or not readable, as one change", () => {
    const sections = readContent("{}");

    expect(contentChanges({ kind: "missing" }, sections)).toStrictEqual([
      {
        path: [],
        kind: "added",
        note: "SageMaker gives no content for the earlier version. So the two cannot be compared field by field.",
      },
    ]);
    expect(contentChanges(sections, readContent("no JSON"))).toStrictEqual([
      {
        path: [],
        kind: "changed",
        after: "no JSON",
        note: "The content of the later version is not the JSON of a model card. So the two cannot be compared field by field.",
      },
    ]);
    expect(contentChanges({ kind: "missing" }, { kind: "missing" })).toHaveLength(1);
    expect(contentChanges(readContent("no JSON"), readContent("no JSON"))).toStrictEqual([]);
  });

  it("finds no change in the same content, in whatever order its members stand", () => {
    fc.assert(
      fc.property(json(), (value) => {
        expect(contentChanges(contentOf({ value }), contentOf({ value: reordered(value) }))).toStrictEqual(
          [],
        );
      }),
    );
    expect(
      contentChanges(
        readContent(customerChurnContent),
        readContent(JSON.stringify(reordered(JSON.parse(customerChurnContent)), undefined, 4)),
      ),
    ).toStrictEqual([]);
  });

  it("tells one change, with its name, when one field of a card is edited", () => {
    const leaves = leavesOf(JSON.parse(customerChurnContent), [], []);

    expect(leaves.length).toBeGreaterThan(60);
    fc.assert(
      fc.property(fc.constantFrom(...leaves), fc.string({ minLength: 1 }), (leaf, text) => {
        const card: unknown = JSON.parse(customerChurnContent);
        const edited = withLeaf(card, leaf.keys, (value) =>
          typeof value === "number" ? value + 1 : typeof value === "boolean" ? !value : `edited ${text}`,
        );

        const changes = contentChanges(readContent(customerChurnContent), contentOf(edited));

        const path =
          leaf.keys.at(-1) === "name" ? [...leaf.names.slice(0, -2), `edited ${text}`, "Name"] : leaf.names;
        expect(changes.map(({ path }) => path)).toStrictEqual([path]);
        expect(changes[0]?.kind).toBe("changed");
      }),
      { numRuns: 300 },
    );
  });

  it("turns added into removed when the versions are swapped", () => {
    fc.assert(
      fc.property(json(), json(), (before, after) => {
        const [there, back] = [
          contentChanges(contentOf({ before }), contentOf({ before: after })),
          contentChanges(contentOf({ before: after }), contentOf({ before })),
        ];

        expect(sorted(back)).toStrictEqual(sorted(there.map(swapped)));
      }),
      { numRuns: 500 },
    );
  });

  it("takes any two texts for content", () => {
    const text = fc.oneof(fc.string(), fc.json(), fc.constant(customerChurnContent));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = contentChanges(readContent(before), readContent(after));

        if (before === after) expect(changes).toStrictEqual([]);
        for (const { kind, ...change } of changes) {
          expect("before" in change && kind === "added").toBe(false);
          expect("after" in change && kind === "removed").toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, string, string]>([
    ["lists of 20,000 numbers", list(20_000, String), list(20_000, (index) => String(20_000 - index))],
    ["lists of 20,000 lists", list(20_000, () => "[{}]"), list(20_000, () => "[[]]")],
    ["20,000 things of one name", things(20_000, () => "a"), things(19_999, () => "a")],
    ["20,000 other names", things(20_000, String), things(20_000, (index) => `x${index}`)],
    ["nested 50,000 deep", nested(50_000, "1"), nested(50_000, "2")],
    ["nested groups", nestedMetrics(2_000, "1"), nestedMetrics(2_000, "2")],
    ["a matrix of one long row", matrix(50_000, 1), matrix(50_000, 2)],
  ])("finishes soon with %s", (_case, before, after) => {
    const start = performance.now();

    const changes = contentChanges(readContent(`{"x":${before},"y":0}`), readContent(`{"x":${after},"y":0}`));

    expect(changes.length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe("listDifference", () => {
  it("gives the entries that only one list has, as often as it has them", () => {
    expect(listDifference(["a", "a", "b"], ["a", "c"])).toStrictEqual({ removed: ["a", "b"], added: ["c"] });
  });

  it("tells numbers from texts, points from each other, and what is infinite from null", () => {
    expect(listDifference([1, [1, 2], null], ["1", [1, 3], Number.POSITIVE_INFINITY])).toStrictEqual({
      removed: [1, [1, 2], null],
      added: ["1", [1, 3], Number.POSITIVE_INFINITY],
    });
  });

  it("gives nothing where only the order differs", () => {
    expect(listDifference(["a", "b"], ["b", "a"])).toStrictEqual({ removed: [], added: [] });
  });
});

describe("textDifference", () => {
  it("marks the words that differ", () => {
    expect(
      textDifference("leaves within 30 days, from usage", "leaves within 60 days, from usage"),
    ).toStrictEqual({
      before: [
        { text: "leaves within ", differs: false },
        { text: "30", differs: true },
        { text: " days, from usage", differs: false },
      ],
      after: [
        { text: "leaves within ", differs: false },
        { text: "60", differs: true },
        { text: " days, from usage", differs: false },
      ],
    });
  });

  it("marks each of several places", () => {
    const text = textDifference("one two three four five", "one 2 three four five six");

    expect(text?.before.filter(({ differs }) => differs)).toStrictEqual([{ text: "two", differs: true }]);
    expect(text?.after.filter(({ differs }) => differs).map(({ text }) => text)).toStrictEqual(["2", "six"]);
  });

  it("marks a run of words at once, without the spaces at its ends", () => {
    expect(textDifference("one two three four", "one two blue green three four")?.after).toStrictEqual([
      { text: "one two ", differs: false },
      { text: "blue green", differs: true },
      { text: " three four", differs: false },
    ]);
  });

  it("marks a space that differs by itself", () => {
    expect(textDifference("one two", "one  two")?.after).toStrictEqual([
      { text: "one", differs: false },
      { text: "  ", differs: true },
      { text: "two", differs: false },
    ]);
  });

  it("marks nothing in texts that have little in common", () => {
    expect(textDifference("A wrong score costs a call.", "Prices depend on it now.")).toBeUndefined();
  });

  it("loses no character of either text", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "c d", " ", ".", "\n", "é", "😀", "\uD800"))
      .map((words) => words.join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pieces = textDifference(before, after);
        if (pieces === undefined) return;

        const joined = (side: { text: string }[]) => side.map(({ text }) => text).join("");
        expect([joined(pieces.before), joined(pieces.after)]).toStrictEqual([before, after]);
      }),
      { numRuns: 500 },
    );
  });

  it("finishes soon with two long texts", () => {
    const start = performance.now();

    textDifference("a b ".repeat(25_000), "b a c ".repeat(16_000));

    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

const toHyperParameters = ["Training details", "Training job", "Hyperparameters"];
const toMetrics = ["Evaluation details", "Hold-out", "Metrics", "All"];

function hyperParameters(hyper_parameters: unknown[]): object {
  return { training_details: { training_job_details: { hyper_parameters } } };
}

function metrics(metric_data: unknown[]): object {
  return { evaluation_details: [{ name: "Hold-out", metric_groups: [{ name: "All", metric_data }] }] };
}

function changesBetween(before: object, after: object): ContentChange[] {
  return contentChanges(contentOf(before), contentOf(after));
}

function contentOf(value: unknown): ModelCardContent {
  return readContent(JSON.stringify(value));
}

/** Any JSON, with many of the names that content has. */
function json(): fc.Arbitrary<unknown> {
  const key = fc.oneof(
    fc.constantFrom("name", "value", "type", "metric_data", "x", "__proto__"),
    fc.string(),
  );
  const scalar = fc.oneof(fc.constantFrom("", "a", "b", "matrix", "bar_chart", 0, 1, null), fc.string());
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      scalar,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
    ),
  })).value;
}

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([member, inner]) => [member, reordered(inner)])
      .reverse(),
  );
}

interface Leaf {
  keys: (string | number)[];
  names: string[];
}

/** Fields of a card, by their keys and by the names that a change of them must bear. */
function leavesOf(value: unknown, keys: Leaf["keys"], names: string[]): Leaf[] {
  if (Array.isArray(value)) {
    return value.flatMap((entry: unknown, index) => {
      const place = [...keys, index];
      if (!isMembers(entry)) return [{ keys: place, names }];
      const within = keys.at(-1) === "metric_data" ? names.slice(0, -1) : names;
      return leavesOf(entry, place, [...within, String(entry["name"])]);
    });
  }
  if (!isMembers(value)) return [{ keys, names }];
  return Object.entries(value)
    .filter(([member]) => !(member === "value" && Array.isArray(value["value"])))
    .flatMap(([member, inner]) => leavesOf(inner, [...keys, member], [...names, memberName(member, inner)]));
}

function withLeaf(value: unknown, [key, ...keys]: Leaf["keys"], edit: (leaf: unknown) => unknown): unknown {
  if (key === undefined) return edit(value);
  if (Array.isArray(value))
    return value.map((entry: unknown, index) => (index === key ? withLeaf(entry, keys, edit) : entry));
  return isMembers(value) ? { ...value, [key]: withLeaf(value[key], keys, edit) } : value;
}

function swapped({ path, kind, before, after }: ContentChange): ContentChange {
  return {
    path,
    kind: kind === "added" ? "removed" : kind === "removed" ? "added" : "changed",
    ...(after !== undefined && { before: after }),
    ...(before !== undefined && { after: before }),
  };
}

/** Without paths: those lead through the names of the later version. */
function sorted(changes: ContentChange[]): string[] {
  return changes
    .map(({ kind, before, after }) => JSON.stringify([kind, before ?? "absent", after ?? "absent"]))
    .sort();
}

function list(length: number, entry: (index: number) => string): string {
  return `[${Array.from({ length }, (_, index) => entry(index)).join(",")}]`;
}

function things(length: number, name: (index: number) => string): string {
  return list(length, (index) => `{"name":"${name(index)}"}`);
}

function nested(depth: number, leaf: string): string {
  return `${"[".repeat(depth)}${leaf}${"]".repeat(depth)}`;
}

function nestedMetrics(depth: number, leaf: string): string {
  return `${'{"metric_data":[{"name":"a","value":'.repeat(depth)}${leaf}${"}]}".repeat(depth)}`;
}

function matrix(length: number, first: number): string {
  return `[{"name":"m","type":"matrix","value":[${list(length, (index) => String(index === 0 ? first : 0))}]}]`;
}
