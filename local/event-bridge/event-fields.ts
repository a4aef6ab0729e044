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

const outsideArrays: ArrayMembership = new Map();

/**
 * Tests whether an event fulfils all conditions of one of the conjunctions. Values from different elements of one array
 * never fulfil one conjunction together.
 *
 * @see https://github.com/aws/event-ruler#json-array-matching
 */
export function arrayConsistentMatcher(alternatives: readonly Conjunction[]): (event: object) => boolean {
  const paths = new Set(alternatives.flatMap((conjunction) => conjunction.map(([path]) => path)));
  const parents = new Set<string>();
  for (const path of paths) {
    for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1))
      parents.add(path.slice(0, dot));
  }
  return (event) => {
    const fields = collectFields(event, paths, parents);
    return alternatives.some((conjunction) => fulfils(conjunction, 0, fields, outsideArrays));
  };
}

function fulfils(
  conjunction: Conjunction,
  index: number,
  fields: ReadonlyMap<string, FieldValue[]>,
  membership: ArrayMembership,
): boolean {
  const next = conjunction[index];
  if (next === undefined) return true;
  const [path, condition] = next;
  let present = false;
  for (const field of fields.get(path) ?? []) {
    const joined = joinMemberships(membership, field.membership);
    if (joined === undefined) continue;
    present = true;
    if (condition.matchesValue(field.value) && fulfils(conjunction, index + 1, fields, joined)) return true;
  }
  return condition.absent && !present && fulfils(conjunction, index + 1, fields, membership);
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

/** The leaf values of an event at the paths asked for. A dot within a name counts like a step into an object. */
function collectFields(
  event: object,
  paths: ReadonlySet<string>,
  parents: ReadonlySet<string>,
): Map<string, FieldValue[]> {
  const fields = new Map<string, FieldValue[]>();
  let arrays = 0;

  function visit(value: unknown, path: string, membership: ArrayMembership): void {
    if (isLeafValue(value)) {
      if (!paths.has(path)) return;
      const values = fields.get(path);
      if (values === undefined) fields.set(path, [{ value, membership }]);
      else values.push({ value, membership });
    } else if (Array.isArray(value)) {
      const array = arrays;
      arrays += 1;
      for (const [index, element] of value.entries()) {
        visit(element, path, isLeafValue(element) ? membership : new Map([...membership, [array, index]]));
      }
    } else if (isJsonObject(value)) {
      visitMembers(value, path, membership);
    }
  }

  function visitMembers(object: object, path: string, membership: ArrayMembership): void {
    for (const [name, value] of Object.entries(object)) {
      const childPath = path === "" ? name : `${path}.${name}`;
      if (paths.has(childPath) || parents.has(childPath)) visit(value, childPath, membership);
    }
  }

  visitMembers(event, "", outsideArrays);
  return fields;
}
