import jsonata from "jsonata";
import { expressionPattern, expressionSource } from "../jsonata/expression-text.ts";
import { jsonataErrorText } from "../jsonata/jsonata-error.ts";
import { forbiddenReferences } from "../jsonata/references.ts";
import { type Diagnostic, locationOf } from "./diagnostic.ts";
import { expressionSites } from "./expression-sites.ts";
import type { StateDefinition } from "./state-machine-definition.ts";

/** Finds expressions that do not parse, or that refer to what does not exist where they stand. */
export function checkExpressions(state: StateDefinition, place: PropertyKey[]): Diagnostic[] {
  return expressionSites(state).flatMap(({ path, value, extraStates }) =>
    expressionsIn(value, [...place, ...path]).flatMap(({ source, at }) =>
      checkExpression(source, extraStates).map((fault) => ({ ...fault, location: locationOf(at) })),
    ),
  );
}

function expressionsIn(value: unknown, at: PropertyKey[]): { source: string; at: PropertyKey[] }[] {
  if (typeof value === "string") {
    return expressionPattern.test(value) ? [{ source: expressionSource(value), at }] : [];
  }
  if (Array.isArray(value)) return value.flatMap((member, index) => expressionsIn(member, [...at, index]));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, member]) => expressionsIn(member, [...at, key]));
  }
  return [];
}

function checkExpression(source: string, extraStates: readonly string[]): Diagnostic[] {
  try {
    return forbiddenReferences(jsonata(source).ast(), extraStates).map((message) => ({
      code: "UNSUPPORTED_JSONATA_EXPRESSION",
      message,
    }));
  } catch (error) {
    return [{ code: "INVALID_JSONATA_EXPRESSION", message: jsonataErrorText(error).message }];
  }
}
