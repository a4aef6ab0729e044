import { QueryEvaluationError } from "../engine/state-failure.ts";
import type { Bindings, CompileExpression, Expression } from "./compile-expression.ts";
import { expressionPattern, expressionSource } from "./expression-text.ts";
import { jsonataErrorText } from "./jsonata-error.ts";
import { plainValue, UnsupportedResultError } from "./plain-value.ts";

/**
 * A field's value with its expressions compiled. What holds no expression is a constant, however deep, and is never
 * copied: values are never changed once they are made.
 */
export type Template =
  | { kind: "constant"; value: unknown }
  | { kind: "expression"; field: string; expression: Expression }
  | { kind: "array"; members: Template[] }
  | { kind: "object"; members: [key: string, template: Template][] };

/** @param field - Where the value stands in its state, for example `Output` or `Catch[1]/Output`; part of error texts. */
export function compileTemplate(value: unknown, field: string, compile: CompileExpression): Template {
  if (typeof value === "string" && expressionPattern.test(value)) {
    return { kind: "expression", field, expression: compile(expressionSource(value)) };
  }
  if (Array.isArray(value)) {
    const members = value.map((member, index) => compileTemplate(member, `${field}[${index}]`, compile));
    return members.every(isConstant) ? { kind: "constant", value } : { kind: "array", members };
  }
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([key, member]): [string, Template] => [
      key,
      compileTemplate(member, `${field}/${key}`, compile),
    ]);
    return members.every(([, member]) => isConstant(member))
      ? { kind: "constant", value }
      : { kind: "object", members };
  }
  return { kind: "constant", value };
}

function isConstant(template: Template): boolean {
  return template.kind === "constant";
}

/**
 * The value of a field, as plain JSON.
 *
 * @throws {QueryEvaluationError} an expression fails, or its result is nothing or no JSON.
 */
export async function evaluateTemplate(template: Template, bindings: Bindings): Promise<unknown> {
  if (template.kind === "constant") return template.value;
  if (template.kind === "expression") return evaluateExpression(template, bindings);
  if (template.kind === "array") {
    const values: unknown[] = [];
    for (const member of template.members) values.push(await evaluateTemplate(member, bindings));
    return values;
  }
  const values: [string, unknown][] = [];
  for (const [key, member] of template.members) {
    values.push([key, member.kind === "constant" ? member.value : await evaluateTemplate(member, bindings)]);
  }
  return Object.fromEntries(values);
}

async function evaluateExpression(
  { field, expression }: Extract<Template, { kind: "expression" }>,
  bindings: Bindings,
): Promise<unknown> {
  const subject = `The JSONata expression '${expression.source}' specified for the field '${field}'`;
  let result: unknown;
  try {
    result = await expression.evaluate(bindings);
  } catch (error) {
    const { code, message } = jsonataErrorText(error);
    const reason = code === undefined ? `: ${message}` : `. ${code}: ${message}`;
    throw new QueryEvaluationError(field, `${subject} threw an error during evaluation${reason}`);
  }
  if (result === undefined) {
    throw new QueryEvaluationError(field, `${subject} returned nothing (undefined).`);
  }
  try {
    return plainValue(result);
  } catch (error) {
    if (!(error instanceof UnsupportedResultError)) throw error;
    throw new QueryEvaluationError(field, `${subject} returned an unsupported result type.`);
  }
}
