import type { LeafValue } from "./json-value.ts";
import { isJsonObject, isLeafValue } from "./json-value.ts";
import type { FieldCondition } from "./match-expression.ts";

/** Conditions that must all hold: field path, joined by dots, and what its values must be. */
export type Conjunction = [path: string, condition: FieldCondition][];

/** Which element of which array a value sits in: array number → index. */
type ArrayMembership = ReadonlyMap<number, number>;

interface FieldValue {
  value: LeafValue;
  membership: ArrayMembership;
}

/** A step on the way to the fields that a pattern looks at. */
interface PathNode {
  children: Map<string, PathNode>;
  /** Number of the field that ends here. */
  field?: number;
}

const outsideArrays: ArrayMembership = new Map();

/**
 * Tests whether an event fulfils all conditions of one of the conjunctions. Values from different elements of one array
 * never fulfil one conjunction together.
 *
 * @see https://github.com/aws/event-ruler#json-array-matching
 */
export function arrayConsistentMatcher(alternatives: readonly Conjunction[]): (event: object) => boolean {
  const root: PathNode = { children: new Map() };
  let fieldCount = 0;
  const compiled = alternatives.map((conjunction) =>
    conjunction.map(([path, condition]) => {
      const node = nodeAt(root, path);
      node.field ??= fieldCount++;
      return { field: node.field, condition };
    }),
  );
  return (event) => {
    const fields: FieldValue[][] = Array.from({ length: fieldCount }, () => []);
    collectFields(event, root, fields);
    return compiled.some((conditions) => fulfils(conditions, 0, fields, outsideArrays));
  };
}

/** The node at a path, made if need be. A dot within a name counts like a step into an object. */
function nodeAt(root: PathNode, path: string): PathNode {
  let node = root;
  for (const step of path.split(".")) {
    const child = node.children.get(step) ?? { children: new Map() };
    node.children.set(step, child);
    node = child;
  }
  return node;
}

function fulfils(
  conditions: readonly { field: number; condition: FieldCondition }[],
  index: number,
  fields: readonly FieldValue[][],
  membership: ArrayMembership,
): boolean {
  const next = conditions[index];
  if (next === undefined) return true;
  const { field, condition } = next;
  let present = false;
  for (const { value, membership: ofValue } of fields[field] ?? []) {
    const joined = joinMemberships(membership, ofValue);
    if (joined === undefined) continue;
    present = true;
    if (condition.matchesValue(value) && fulfils(conditions, index + 1, fields, joined)) return true;
  }
  return condition.absent && !present && fulfils(conditions, index + 1, fields, membership);
}

/** @returns nothing where the two are in different elements of one array. */
function joinMemberships(a: ArrayMembership, b: ArrayMembership): ArrayMembership | undefined {
  if (b.size === 0) return a;
  if (a.size === 0) return b;
  for (const [array, index] of b) {
    const other = a.get(array);
    if (other !== undefined && other !== index) return undefined;
  }
  return new Map([...a, ...b]);
}

/** Adds the leaf values of an event to `fields`, for the fields that the pattern looks at. */
function collectFields(event: object, root: PathNode, fields: FieldValue[][]): void {
  let arrays = 0;

  function visit(value: unknown, node: PathNode, membership: ArrayMembership): void {
    if (isLeafValue(value)) {
      if (node.field !== undefined) fields[node.field]?.push({ value, membership });
    } else if (Array.isArray(value)) {
      const array = arrays;
      arrays += 1;
      for (const [index, element] of value.entries()) {
        visit(element, node, isLeafValue(element) ? membership : new Map([...membership, [array, index]]));
      }
    } else if (isJsonObject(value)) {
      visitMembers(value, node, membership);
    }
  }

  function visitMembers(object: object, node: PathNode, membership: ArrayMembership): void {
    for (const [name, value] of Object.entries(object)) {
      const child = name.includes(".") ? existingNode(node, name) : node.children.get(name);
      if (child !== undefined) visit(value, child, membership);
    }
  }

  visitMembers(event, root, outsideArrays);
}

function existingNode(root: PathNode, path: string): PathNode | undefined {
  let node: PathNode | undefined = root;
  for (const step of path.split(".")) node = node?.children.get(step);
  return node;
}
