import type * as jsonata from "jsonata";
import * as z from "zod";

/**
 * What a parsed expression refers to that Step Functions does not allow.
 *
 * An expression runs without a context item: the input is `$states.input`, a variable `$name`. A path that starts from a
 * bare name, `$` or `$$` would silently read nothing, so AWS refuses it when the state machine is created.
 *
 * @param extraStates - Fields of `$states` besides `input` and `context` that exist where the expression stands.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export function forbiddenReferences(ast: jsonata.ExprNode, extraStates: readonly string[]): string[] {
  const statesFields = new Set(["input", "context", ...extraStates]);
  const found = new Set<string>();
  visit(ast, { statesFields, found });
  return [...found];
}

const NodeSchema = z.looseObject({ type: z.string() });

type Node = z.output<typeof NodeSchema>;

interface Search {
  statesFields: ReadonlySet<string>;
  found: Set<string>;
}

/** Members that hold sub-expressions evaluated with the same context item as the expression itself. */
const sameContext = [
  "lhs",
  "rhs",
  "expression",
  "expressions",
  "procedure",
  "arguments",
  "body",
  "condition",
  "then",
  "else",
];

function visit(value: unknown, search: Search): void {
  if (Array.isArray(value)) {
    for (const member of value) visit(member, search);
    return;
  }
  const parsed = NodeSchema.safeParse(value);
  if (!parsed.success) return;
  const node = parsed.data;
  switch (node.type) {
    case "path":
      visitPath(node, search);
      return;
    case "name":
    case "wildcard":
    case "descendant":
      search.found.add(`Reference to '${nameOf(node)}' at the top level is not supported.`);
      return;
    case "variable":
      if (node["value"] === "") search.found.add("Reference to '$' at the top level is not supported.");
      if (node["value"] === "$") search.found.add("Reference to '$$' is not supported.");
      return;
    default:
      for (const member of sameContext) visit(node[member], search);
  }
}

/** Only the first step of a path is read against the (missing) context item. */
function visitPath(node: Node, search: Search): void {
  const steps = z.array(NodeSchema).safeParse(node["steps"]);
  if (!steps.success) return;
  const [first, second] = steps.data;
  visit(first, search);
  if (first?.type !== "variable" || first["value"] !== "states" || second?.type !== "name") return;
  const field = nameOf(second);
  if (!search.statesFields.has(field)) search.found.add(`Field '$states.${field}' does not exist.`);
}

function nameOf(node: Node): string {
  if (node.type === "wildcard") return "*";
  if (node.type === "descendant") return "**";
  return String(node["value"]);
}
