import { assert, asyncProperty, jsonValue } from "fast-check";
import { describe, expect, it } from "vitest";
import { expressionCompiler } from "../../../../local/step-functions/jsonata/compile-expression.ts";
import { compileTemplate, evaluateTemplate } from "../../../../local/step-functions/jsonata/template.ts";
import { testContext } from "../../sdk-request-handler.ts";

const compile = expressionCompiler(testContext());
const evaluate = (value: unknown, bindings: Record<string, unknown> = {}) =>
  evaluateTemplate(compileTemplate(value, "Output", compile), bindings);
const input = (value: unknown) => ({ states: { input: value } });

describe("a field's value", () => {
  it.each([
    "plain text",
    " {% $states.input %} ",
    "{% $states.input %} and more",
    "$states.input",
    "$.path",
    0,
    0.5,
    true,
    null,
    [],
    {},
    { nested: [1, { deep: "text" }] },
  ])("is a constant where it holds no expression: %j", async (value) => {
    expect(await evaluate(value)).toBe(value);
  });

  it("is evaluated at any depth, and the rest stays as it is", async () => {
    const value = { a: "{% $x + 1 %}", b: [1, "{%$x%}", { c: "{% 'x' %}", d: "d" }], e: "{% null %}" };

    expect(await evaluate(value, { x: 2 })).toStrictEqual({ a: 3, b: [1, 2, { c: "x", d: "d" }], e: null });
  });

  it("returns any JSON value that an expression passes through", async () => {
    await assert(
      asyncProperty(jsonValue(), async (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));

        expect(await evaluate({ value: "{% $states.input %}" }, input(plain))).toStrictEqual({
          value: plain,
        });
      }),
    );
  });

  it("sheds the hidden marks of JSONata's sequences", async () => {
    const result = await evaluate("{% $states.input.list.n %}", input({ list: [{ n: 1 }, { n: 2 }] }));

    expect(Object.getOwnPropertyNames(result)).toStrictEqual(["0", "1", "length"]);
  });

  it("collapses a filter's only match to the match itself, as JSONata does", async () => {
    const list = { list: [{ n: 1 }, { n: 2 }] };

    expect(await evaluate("{% $states.input.list[n=2] %}", input(list))).toStrictEqual({ n: 2 });
    expect(await evaluate("{% [$states.input.list[n=2]] %}", input(list))).toStrictEqual([{ n: 2 }]);
  });

  it.each([
    ["$states.input.missing", "returned nothing (undefined)."],
    ["function($x){ $x }", "returned an unsupported result type."],
    ["/ab/", "returned an unsupported result type."],
    ["$sum", "returned an unsupported result type."],
    [
      "$sum(['a'])",
      'threw an error during evaluation. T0412: Argument 1 of function "sum" must be an array of "numbers"',
    ],
    ["$parse('{')", "threw an error during evaluation: The argument of the parse function is not valid JSON"],
  ])("fails on %s, naming expression and field", async (source, reason) => {
    await expect(evaluate({ a: [0, `{% ${source} %}`] }, input({}))).rejects.toMatchObject({
      errorName: "States.QueryEvaluationError",
      location: "Output/a[1]",
      causeText: `The JSONata expression '${source}' specified for the field 'Output/a[1]' ${reason}`,
    });
  });

  it("gives up an endless expression, and evaluates it again afterwards", async () => {
    const compileTight = expressionCompiler(testContext(), 1_000);
    const endless = compileTemplate(
      "{% ($f := function(){ $x ? 1 : $f() }; $f()) %}",
      "Output",
      compileTight,
    );

    await expect(evaluateTemplate(endless, { x: false })).rejects.toMatchObject({
      errorName: "States.QueryEvaluationError",
    });

    expect(await evaluateTemplate(endless, { x: true })).toBe(1);
  });

  it("keeps evaluations of one expression that overlap apart", async () => {
    const template = compileTemplate(
      "{% $map([1..50], function($i){ $i * $x }) ~> $sum() %}",
      "Output",
      compile,
    );

    const sums = await Promise.all([1, 2, 3].map((x) => evaluateTemplate(template, { x })));

    expect(sums).toStrictEqual([1275, 2550, 3825]);
  });

  it("keeps a key named __proto__ a key", async () => {
    const plain: unknown = JSON.parse('{"__proto__":{"a":1}}');

    expect(JSON.stringify(await evaluate("{% $states.input %}", input(plain)))).toBe('{"__proto__":{"a":1}}');
  });
});
