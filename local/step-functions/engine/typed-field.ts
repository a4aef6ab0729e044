import type { Bindings } from "../jsonata/compile-expression.ts";
import { evaluateTemplate, type Template } from "../jsonata/template.ts";
import { QueryEvaluationError } from "./state-failure.ts";

/** @throws {QueryEvaluationError} the expression's result is not of the type that the field takes. */
export async function evaluateBoolean(template: Template, bindings: Bindings): Promise<boolean> {
  const value = await evaluateTemplate(template, bindings);
  if (typeof value === "boolean") return value;
  throw unexpectedType(template, "boolean", value);
}

/** @throws {QueryEvaluationError} the expression's result is not of the type that the field takes. */
export async function evaluateString(template: Template, bindings: Bindings): Promise<string> {
  const value = await evaluateTemplate(template, bindings);
  if (typeof value === "string") return value;
  throw unexpectedType(template, "string", value);
}

/** @throws {QueryEvaluationError} the expression's result is not of the type that the field takes. */
export async function evaluateArray(template: Template, bindings: Bindings): Promise<unknown[]> {
  const value = await evaluateTemplate(template, bindings);
  if (Array.isArray(value)) return value;
  throw unexpectedType(template, "array", value);
}

/** @throws {QueryEvaluationError} the expression's result is not a whole number from `least` to 99,999,999. */
export async function evaluateWholeNumber(
  template: Template,
  bindings: Bindings,
  least: number,
): Promise<number> {
  const value = await evaluateTemplate(template, bindings);
  if (typeof value !== "number") throw unexpectedType(template, "number", value);
  if (Number.isInteger(value) && value >= least && value <= 99_999_999) return value;
  throw new QueryEvaluationError(
    fieldOf(template),
    `${subject(template)} returned ${value}, which is not a whole number from ${least} to 99999999.`,
  );
}

function unexpectedType(template: Template, expected: string, value: unknown): QueryEvaluationError {
  const actual = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return new QueryEvaluationError(
    fieldOf(template),
    `${subject(template)} returned an unexpected result type. Expected '${expected}', but was '${actual}'.`,
  );
}

function subject(template: Template): string {
  return template.kind === "expression"
    ? `The JSONata expression '${template.expression.source}' specified for the field '${template.field}'`
    : "The field";
}

function fieldOf(template: Template): string {
  return template.kind === "expression" ? template.field : "";
}
