import * as fc from "fast-check";
import { html } from "hono/html";
import { describe, expect, it } from "vitest";
import { ContentChangesPanel } from "../../web/content-changes-panel.tsx";
import { contentChangesStyles } from "../../web/content-changes-styles.ts";
import { type ContentChange, contentChanges } from "../../web/content-changes.ts";
import { readContent } from "../../web/model-card-content.ts";
import { customerChurnContent } from "./customer-churn-card.ts";
import { textOf } from "./page-text.ts";

describe("the panel of changes", () => {
  it("says in words that nothing changed", async () => {
    expect(textOf(await panel([]))).toBe("What changed Nothing in the content changed.");
  });

  it("stands under its id and title, with what is said above the changes", async () => {
    const panel = await html`${(
      <ContentChangesPanel id="changes" title="What changed since version 3" changes={[]}>
        <p>Version 3 was approved last.</p>
      </ContentChangesPanel>
    )}`;

    expect(String(panel)).toMatch(/^<section class="panel changes" id="changes">/);
    expect(textOf(String(panel))).toMatch(/^What changed since version 3 Version 3 was approved last\./);
  });

  it("shows both values under their path, in words", async () => {
    const markup = await panel([
      { path: ["Overview", "Model version"], kind: "changed", before: 1, after: 2 },
      { path: ["Overview", "Owner"], kind: "added", after: "Retention" },
      { path: ["Training details", "Training job", "Notes"], kind: "removed", before: "Old" },
    ]);

    expect(textOf(markup)).toBe(
      "What changed 1 changed, 1 added, 1 removed " +
        "Overview Model version Before 1 After 2 Owner Added Retention " +
        "Training details Training job, › Notes Removed Old",
    );
    expect(markup).toContain('<del class="change-whole"><bdi class="change-text">1</bdi></del>');
    expect(markup).toContain('<ins class="change-whole"><bdi class="change-text">2</bdi></ins>');
  });

  it("marks the words of a long text that differ", async () => {
    const text = "Estimates for every contract customer how likely they are to leave within 30 days.";

    const markup = await panel([
      { path: ["Overview", "Description"], kind: "changed", before: text, after: text.replace("30", "60") },
    ]);

    expect(marks(markup)).toStrictEqual(["<del>30</del>", "<ins>60</ins>"]);
    expect(textOf(markup)).toContain("leave within 60 days.");
  });

  it("leaves out what did not change of a very long text, and cuts what is too long", async () => {
    const same = "word ".repeat(300);

    const markup = await panel([
      {
        path: ["Overview", "Description"],
        kind: "changed",
        before: `${same}near`,
        after: `${same}far ${"long ".repeat(5_000)}`,
      },
    ]);

    const text = textOf(markup);
    expect(text).toContain("Before [… 1,345 characters that did not change] word word");
    expect(text).toContain("word near After");
    expect(text).toContain("[… 22,659 more characters]");
    expect(markup.length).toBeLessThan(5_000);
  });

  it("shows of two lists what only one of them holds", async () => {
    const text = textOf(
      await panel([
        {
          path: ["Training details", "Training datasets"],
          kind: "changed",
          before: ["s3://a", "s3://b", "s3://c"],
          after: ["s3://a", "s3://c", "s3://d", "s3://e"],
        },
        { path: ["own"], kind: "changed", before: ["x", "y"], after: ["y", "x"] },
        { path: ["points"], kind: "changed", before: [[1, 2], 7], after: [[1, 3], 7] },
      ]),
    );

    expect(text).toContain("Removed s3://b Added s3://d s3://e 2 other entries did not change.");
    expect(text).toContain("own The same entries, in another order. Before x y After y x");
    expect(text).toContain("points Removed (1, 2) Added (1, 3) 1 other entry did not change.");
  });

  it("compares two lists of one text as two texts", async () => {
    const image = "492215442770.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:1.7-1";

    const markup = await panel([
      { path: ["Container images"], kind: "changed", before: [image], after: [image.replace("7-1", "7-2")] },
    ]);

    expect(marks(markup)).toStrictEqual(["<del>1</del>", "<ins>2</ins>"]);
  });

  it("tells values apart that look alike", async () => {
    const text = textOf(
      await panel([
        { path: ["a"], kind: "changed", before: "6", after: 6 },
        { path: ["b"], kind: "changed", before: "", after: null },
        { path: ["c"], kind: "changed", before: "one two", after: "one\u200B  two" },
      ]),
    );

    expect(text).toContain("a Before 6 (text) After 6 (number)");
    expect(text).toContain("b Before empty text After nothing (null)");
    expect(text).toContain("c Both read the same: only spaces, line breaks or invisible characters differ.");
  });

  it("shows a section that is new as its fields, and a metric as its value", async () => {
    const group = {
      name: "All",
      metric_data: [
        { name: "AUC", type: "number", value: 0.9 },
        { name: "Recall", type: "bar_chart", value: [1, 2], x_axis_name: ["a", "b"], y_axis_name: "recall" },
      ],
    };

    const text = textOf(
      await panel([
        { path: ["Evaluation details", "October", "Metrics", "All"], kind: "added", after: group },
        { path: ["Metrics", "AUC"], kind: "removed", before: group.metric_data[0] },
        { path: ["Metrics", "Empty"], kind: "removed", before: { name: "Empty" } },
      ]),
    );

    expect(text).toContain("October, › Metrics, › All Added AUC 0.9 Recall, › recall a: 1; b: 2");
    expect(text).toContain("AUC Removed 0.9");
    expect(text).toContain("Empty Removed Name Empty");
  });

  it("says why two versions could not be compared, with the text that is not shown elsewhere", async () => {
    const text = textOf(await panel(contentChanges(readContent("no JSON {"), readContent("{}"))));

    expect(text).toBe(
      "What changed 1 changed The whole content The content of the earlier version is not the JSON of a model card. " +
        "So the two cannot be compared field by field. Before no JSON {",
    );
  });

  it("counts the changes, entries and fields that it does not list", async () => {
    const many = Array.from({ length: 1_340 }, (_, index) => index);
    const change = (index: number): ContentChange => ({
      path: ["Overview", `Field ${index}`],
      kind: "changed",
      before: index,
      after: index + 1,
    });

    const text = textOf(await panel(many.map(change)));

    expect(text).toContain("1,340 changed");
    expect(text).toContain("Field 99 ");
    expect(text).not.toContain("Field 100 ");
    expect(text).toContain("And 1,240 more changes, not listed here.");
    expect(textOf(await panel([{ path: ["a"], kind: "added", after: many }]))).toContain(
      " 18 19 [… 1,320 more entries]",
    );
    expect(
      textOf(await panel([{ path: ["a"], kind: "added", after: Object.fromEntries(many.entries()) }])),
    ).toContain("[… 1,310 more fields]");
    expect(textOf(await panel(many.slice(0, 101).map(change)))).toContain("And 1 more change, not");
  });

  it("escapes whatever a card says, and keeps its direction to itself", async () => {
    const attack = '<script>alert(1)</script>" onclick="x';

    const markup = await panel([
      { path: ["Custom details", attack], kind: "changed", before: attack, after: `${attack}\u202E` },
      { path: [attack], kind: "added", after: { [attack]: attack, own: [{ name: attack }] } },
    ]);

    expect(markup).not.toContain("<script");
    expect(markup).not.toContain('" onclick');
    expect(markup.replace(/<bdi[^>]*>.*?<\/bdi>/gs, "")).not.toContain("alert");
  });

  it("says how deep content goes on, and stands on one page", async () => {
    const depth = 20_000;
    const deep = readContent(`{"a":[{},${"[".repeat(depth)}${"]".repeat(depth)}]}`);

    const markup = await panel(contentChanges(readContent("{}"), deep));

    expect(textOf(markup)).toContain("nested too deeply to show here");
    expect(markup.length).toBeLessThan(5_000);
  });

  it("takes the changes between any two texts, without scripts and styles of its own", async () => {
    const text = fc.oneof(fc.json(), fc.string(), fc.constant(customerChurnContent));
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        const markup = await panel(contentChanges(readContent(before), readContent(after)));

        expect(markup).not.toMatch(/<[^>]+ style=|<script/);
        expect(balance(markup)).toStrictEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("has styles for every class of its own", async () => {
    const markup = await panel([
      ...contentChanges(readContent("{}"), readContent(customerChurnContent)),
      { path: ["x", "y"], kind: "changed", before: 1, after: 2 },
      { path: ["x", "z"], kind: "changed", before: "word ".repeat(900), after: `${"word ".repeat(900)}end` },
    ]);
    const classes = new Set(
      [...markup.matchAll(/class="([^"]*)"/g)].flatMap(([, names]) => names?.split(" ") ?? []),
    );

    const own = [...classes].filter((name) => name.startsWith("change"));
    expect(own.length).toBeGreaterThan(8);
    expect(own.filter((name) => !contentChangesStyles.includes(`.${name}`))).toStrictEqual([]);
  });
});

async function panel(changes: ContentChange[]): Promise<string> {
  return String(await html`${(<ContentChangesPanel id="changes" title="What changed" changes={changes} />)}`);
}

/** Marked words of texts, without the marks around whole values. */
function marks(markup: string): string[] {
  return markup.match(/<(del|ins)>.*?<\/\1>/gs) ?? [];
}

/** Tags that are not closed where they should be. */
function balance(markup: string): string[] {
  const open: string[] = [];
  for (const [, slash, tag = ""] of markup.matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
    if (slash === "") open.push(tag);
    else if (open.pop() !== tag) return [tag];
  }
  return open;
}
