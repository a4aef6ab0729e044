import { type Metric, readMetric } from "./metrics.ts";
import {
  type ModelCardContent,
  inReadingOrder,
  isBlank,
  isMembers,
  isScalar,
  memberName,
} from "./model-card-content.ts";

/** One difference between two versions of a card's content. Its values are untrusted and of any shape. */
export interface ContentChange {
  /** What people call the members from the section to the field; empty where the content as a whole is meant. */
  path: string[];
  kind: "added" | "removed" | "changed";
  before?: unknown;
  after?: unknown;
  /** Why the versions could not be compared field by field; then a value is there only if nothing else shows it. */
  note?: string;
}

/** How deep members are compared one by one; what lies deeper is one field. AWS's own content goes eight levels deep. */
const deepest = 12;
/** With more pairs of things that are gone and new than this, no thing is taken for another one under a new name. */
const renamingsTried = 100;
/** A chart or matrix that changes in more places than this reads better as a whole. */
const cellsNamed = 20;

/**
 * What differs between two versions, in the order in which a card is read. Things that have names are the same thing under the
 * same name wherever they stand in their list. A section or a thing that is new or gone is one change.
 */
export function contentChanges(before: ModelCardContent, after: ModelCardContent): ContentChange[] {
  if (before.kind === "sections" && after.kind === "sections")
    return memberChanges([], before.sections, after.sections);
  if (before.kind === "unreadable" && after.kind === "unreadable" && before.text === after.text) return [];
  return [
    {
      path: [],
      kind: before.kind === "missing" ? "added" : after.kind === "missing" ? "removed" : "changed",
      ...(before.kind === "unreadable" && { before: before.text }),
      ...(after.kind === "unreadable" && { after: after.text }),
      note: `${[...faults(before, "before"), ...faults(after, "after")].join(" ")} So the two cannot be compared field by field.`,
    },
  ];
}

function faults(content: ModelCardContent, side: "before" | "after"): string[] {
  const version = side === "before" ? "the earlier version" : "the later version";
  if (content.kind === "missing") return [`SageMaker gives no content for ${version}.`];
  return content.kind === "unreadable" ? [`The content of ${version} is not the JSON of a model card.`] : [];
}

/** Changes of one value; `undefined` stands for a value that is not there. */
function valueChanges(path: string[], before: unknown, after: unknown): ContentChange[] {
  if (before === undefined || (isBlank(before) && !isBlank(after)))
    return after === undefined ? [] : [{ path, kind: "added", after }];
  if (after === undefined || (isBlank(after) && !isBlank(before))) return [{ path, kind: "removed", before }];
  if (path.length < deepest) {
    if (isMembers(before) && isMembers(after)) return memberChanges(path, before, after);
    if (Array.isArray(before) && Array.isArray(after)) return listChanges(path, before, after);
  }
  return isSameJson(before, after) ? [] : [{ path, kind: "changed", before, after }];
}

function memberChanges(
  path: string[],
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): ContentChange[] {
  const cells = cellChanges(path, before, after);
  return inReadingOrder({ ...after, ...before }).flatMap(([member]) => {
    if (member === "value" && cells !== undefined) return cells;
    const [earlier, later] = [ownMember(before, member), ownMember(after, member)];
    return valueChanges([...path, memberName(member, later ?? earlier)], earlier, later);
  });
}

function listChanges(path: string[], before: unknown[], after: unknown[]): ContentChange[] {
  if (isPlainList(before) && isPlainList(after))
    return isSameJson(before, after) ? [] : [{ path, kind: "changed", before, after }];
  const [earlier, later] = [namedThings(before), namedThings(after)];
  return earlier === undefined || later === undefined
    ? placeChanges(path, before, after)
    : thingChanges(path, earlier, later);
}

/** Changes of a list whose entries have no names, by their place; what stands the same at its end has not changed. */
function placeChanges(path: string[], before: unknown[], after: unknown[]): ContentChange[] {
  const shorter = Math.min(before.length, after.length);
  let end = 0;
  while (end < shorter && isSameJson(before.at(-1 - end), after.at(-1 - end))) end += 1;
  const [gone, fresh] = [before.slice(0, before.length - end), after.slice(0, after.length - end)];
  return Array.from({ length: Math.max(gone.length, fresh.length) }, (_, index) =>
    valueChanges([...path, `Entry ${index + 1}`], gone[index], fresh[index]),
  ).flat();
}

/** One of several things in a list that have names. */
interface Thing {
  key: string;
  label: string;
  members: Record<string, unknown>;
}

function thingChanges(
  path: string[],
  before: Map<string, Thing>,
  after: Map<string, Thing>,
): ContentChange[] {
  const renamed = renamings(
    [...before.values()].filter(({ key }) => !after.has(key)),
    [...after.values()].filter(({ key }) => !before.has(key)),
  );
  const earlier = (key: string): Thing | undefined => renamed.get(key) ?? before.get(key);
  const kept = new Set([...after.keys()].map((key) => earlier(key)?.key));
  // A group of metrics has no other list: its metrics stand right under its name.
  const within = path.at(-1) === memberName("metric_data") ? path.slice(0, -1) : path;
  const [keysBefore, keysAfter] = [sharedKeys(before, after), sharedKeys(after, before)];
  return [
    ...[...after.values()].flatMap(({ key, label, members }) =>
      valueChanges([...within, label], earlier(key)?.members, members),
    ),
    ...[...before.values()]
      .filter(({ key }) => !kept.has(key))
      .flatMap(({ label, members }) => valueChanges([...within, label], members, undefined)),
    ...valueChanges(path, labels(keysBefore, before), labels(keysAfter, after)),
  ];
}

function sharedKeys(things: Map<string, Thing>, others: Map<string, Thing>): string[] {
  return [...things.keys()].filter((key) => others.has(key));
}

function labels(keys: string[], things: Map<string, Thing>): string[] {
  return keys.flatMap((key) => things.get(key)?.label ?? []);
}

/** Things by name, several of one name in their order; `undefined` where one has no name. */
function namedThings(list: unknown[]): Map<string, Thing> | undefined {
  const things = new Map<string, Thing>();
  const counts = new Map<string, number>();
  for (const members of list) {
    const name = isMembers(members) ? ownMember(members, "name") : undefined;
    if (!isMembers(members) || typeof name !== "string" || isBlank(name)) return undefined;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const key = `${count} ${name}`;
    things.set(key, { key, label: count === 1 ? name : `${name} (number ${count} of this name)`, members });
  }
  return things;
}

/**
 * What new things were called before, by their new keys. Evaluations and groups of metrics often bear a date or a threshold, so
 * they are followed from name to name by the names of what they hold, even where figures changed.
 */
function renamings(gone: Thing[], fresh: Thing[]): Map<string, Thing> {
  const renamed = new Map<string, Thing>();
  if (gone.length * fresh.length > renamingsTried) return renamed;
  const [earlier, later] = [gone.map(contentsOf), fresh.map(contentsOf)];
  const pairs = earlier.flatMap((one, from) =>
    later.map((other, to) => ({ from, to, likeness: likeness(one, other) })),
  );
  const taken = new Set<Thing>();
  for (const { from, to } of pairs
    .filter(({ likeness }) => likeness > 0)
    .sort((one, other) => other.likeness - one.likeness || one.from + one.to - other.from - other.to)) {
    const [old, now] = [gone[from], fresh[to]];
    if (old === undefined || now === undefined || taken.has(old) || renamed.has(now.key)) continue;
    taken.add(old);
    renamed.set(now.key, old);
  }
  return renamed;
}

interface Contents {
  /** Everything but the thing's own name. */
  rest: Record<string, unknown>;
  /** Names of what it holds. */
  names: Set<string>;
}

function contentsOf({ members: { name: _name, ...rest } }: Thing): Contents {
  return { rest, names: new Set(namesIn(Object.values(rest), 0)) };
}

function namesIn(values: unknown[], depth: number): string[] {
  if (depth > deepest) return [];
  return values.flatMap((value) => {
    if (Array.isArray(value)) return namesIn(value, depth + 1);
    if (!isMembers(value)) return [];
    const name = ownMember(value, "name");
    return [...(typeof name === "string" ? [name] : []), ...namesIn(Object.values(value), depth + 1)];
  });
}

function likeness(one: Contents, other: Contents): number {
  if (isSameJson(one.rest, other.rest)) return Number.POSITIVE_INFINITY;
  return [...one.names].filter((name) => other.names.has(name)).length;
}

/** Changed bars or cells by their labels; `undefined` where the two are not figures of one form, or too many changed. */
function cellChanges(
  path: string[],
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): ContentChange[] | undefined {
  const [earlier, later] = [figuresOf(readMetric(before)), figuresOf(readMetric(after))];
  if (earlier === undefined || later === undefined || !isSameJson(earlier.form, later.form)) return undefined;
  const changes = later.cells.flatMap(({ labels, value }, index) =>
    valueChanges([...path, ...labels], earlier.cells[index]?.value, value),
  );
  return changes.length > cellsNamed ? undefined : changes;
}

/** Figures of a chart or a matrix, each with its labels. */
function figuresOf(
  metric: Metric | undefined,
): { form: unknown; cells: { labels: string[]; value: number }[] } | undefined {
  if (metric?.type === "bar_chart")
    return {
      form: metric.bars.map(({ label }) => label),
      cells: metric.bars.map(({ label, value }) => ({ labels: [label], value })),
    };
  if (metric?.type === "matrix")
    return {
      form: { columns: metric.columnLabels, rows: metric.rows.map(({ label }) => label) },
      cells: metric.rows.flatMap(({ label, values }) =>
        values.map((value, index) => ({ labels: [label, metric.columnLabels[index] ?? ""], value })),
      ),
    };
  return undefined;
}

/** Whether a list is one field: plain values, or rows of plain values such as the points of a graph. */
export function isPlainList(list: unknown[]): boolean {
  return list.every((value) => isPlain(value) || (Array.isArray(value) && value.every(isPlain)));
}

function isPlain(value: unknown): boolean {
  return value === null || isScalar(value);
}

/** A member of its own, so that `constructor` and the like are not taken from the prototype. */
function ownMember(members: Record<string, unknown>, member: string): unknown {
  return Object.hasOwn(members, member) ? members[member] : undefined;
}

/** Whether two values are the same JSON, in whatever order members stand. Works without recursion, at any depth. */
function isSameJson(one: unknown, other: unknown): boolean {
  const pairs: [unknown, unknown][] = [[one, other]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair;
    if (left === right || Object.is(left, right)) continue;
    if (Array.isArray(left) && Array.isArray(right)) {
      if (left.length !== right.length) return false;
      for (const [index, value] of left.entries()) pairs.push([value, right[index]]);
    } else if (isMembers(left) && isMembers(right)) {
      const members = Object.keys(left);
      if (members.length !== Object.keys(right).length) return false;
      for (const member of members) {
        if (!Object.hasOwn(right, member)) return false;
        pairs.push([left[member], right[member]]);
      }
    } else {
      return false;
    }
  }
  return true;
}

/**
 * Entries of a plain list that are only in one of two versions; both are empty where only the order differs. An entry that
 * stands in a list more than once counts that often.
 */
export function listDifference(
  before: unknown[],
  after: unknown[],
): { removed: unknown[]; added: unknown[] } {
  return { removed: without(before, after), added: without(after, before) };
}

function without(entries: unknown[], others: unknown[]): unknown[] {
  const counts = new Map<string, number>();
  for (const other of others) counts.set(entryKey(other), (counts.get(entryKey(other)) ?? 0) + 1);
  return entries.filter((entry) => {
    const count = counts.get(entryKey(entry)) ?? 0;
    counts.set(entryKey(entry), count - 1);
    return count <= 0;
  });
}

/** Not JSON, which writes an infinite number as `null`. */
function entryKey(entry: unknown): string {
  return Array.isArray(entry) ? JSON.stringify(entry.map(entryKey)) : `${typeof entry} ${String(entry)}`;
}

/** A stretch of one version's text, and whether the other version has it at that place. */
export interface TextPiece {
  text: string;
  differs: boolean;
}

/** More pairs of words than this are not compared one by one: the time grows with their number. */
const wordPairs = 400_000;
/** With less in common than this, marked words are harder to read than the two texts. */
const leastInCommon = 0.4;

/** Where two texts differ, word by word; `undefined` where they have so little in common that marks would not help. */
export function textDifference(
  before: string,
  after: string,
): { before: TextPiece[]; after: TextPiece[] } | undefined {
  const [earlier, later] = [wordsOf(before), wordsOf(after)];
  const shorter = Math.min(earlier.length, later.length);
  let start = 0;
  while (start < shorter && earlier[start] === later[start]) start += 1;
  let end = 0;
  while (end < shorter - start && earlier.at(-1 - end) === later.at(-1 - end)) end += 1;
  const [gone, fresh] = [earlier.slice(start, earlier.length - end), later.slice(start, later.length - end)];
  const kept = gone.length * fresh.length <= wordPairs ? commonWords(gone, fresh) : [];
  const side = (words: string[], middle: number, places: number[]): TextPiece[] => {
    const same = new Set(places.map((place) => start + place));
    return piecesOf(words, (index) => index >= start && index < start + middle && !same.has(index));
  };
  const pieces = {
    before: side(
      earlier,
      gone.length,
      kept.map(([place]) => place),
    ),
    after: side(
      later,
      fresh.length,
      kept.map(([, place]) => place),
    ),
  };
  const same = pieces.before.reduce((sum, { text, differs }) => sum + (differs ? 0 : text.trim().length), 0);
  return same < leastInCommon * Math.min(before.length, after.length) ? undefined : pieces;
}

function wordsOf(text: string): string[] {
  return text.match(/\s+|[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu) ?? [];
}

/** Places of the longest sequence of words that two texts share, in each of them. */
function commonWords(before: string[], after: string[]): [before: number, after: number][] {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const lengthAt = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1)
    for (let column = after.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        before[row] === after[column]
          ? lengthAt(row + 1, column + 1) + 1
          : Math.max(lengthAt(row + 1, column), lengthAt(row, column + 1));
  const places: [number, number][] = [];
  let [row, column] = [0, 0];
  while (row < before.length && column < after.length) {
    if (before[row] === after[column]) places.push([row++, column++]);
    else if (lengthAt(row + 1, column) >= lengthAt(row, column + 1)) row += 1;
    else column += 1;
  }
  return places;
}

function piecesOf(words: string[], differs: (index: number) => boolean): TextPiece[] {
  const pieces: TextPiece[] = [];
  for (const [index, text] of words.entries()) {
    const sides = Number(differs(index - 1)) + Number(differs(index + 1));
    // A space inside a mark belongs to it, one at its border does not; one that differs by itself is its own mark.
    const mark = text.trim() === "" ? sides === 2 || (sides === 0 && differs(index)) : differs(index);
    const last = pieces.at(-1);
    if (last?.differs === mark) last.text += text;
    else pieces.push({ text, differs: mark });
  }
  return pieces;
}
