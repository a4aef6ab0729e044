import type { LocalContext } from "../context.ts";
import type { Collection, Journal } from "./journal.ts";
import type { Entry } from "./kept-entries.ts";

/** How the values of a collection are written down, where that is not just as they are. */
export interface Shape<Value, Stored> {
  write(value: Value): Stored;
  read(stored: Stored): Value;
  /**
   * A list in each stored value that changes only at its end. Only what is new of it is written, not all of it each
   * time.
   */
  growing?: keyof Stored & string;
}

/**
 * A map whose entries outlive the process where it has a journal, and an ordinary one where it has none. Keys that are
 * set, deleted or cleared are noted by themselves; what changes inside a value has to be told.
 */
export class DurableMap<Value, Stored = Value> extends Map<string, Value> implements Collection {
  readonly name: string;
  private readonly journal: Journal | undefined;
  private readonly shape: Shape<Value, Stored>;
  /** Keys that were deleted since they were last written, and may be back. */
  private readonly deleted = new Set<string>();
  /** Keys of which more than the growing list has changed. */
  private readonly replaced = new Set<string>();
  /** What has been written of the growing lists. */
  private readonly written = new Map<string, unknown[]>();

  /** Begins with what an earlier process has left under the name, which is to be used once. */
  constructor(journal: Journal | undefined, name: string, shape: Shape<Value, Stored>) {
    super();
    this.journal = journal;
    this.name = name;
    this.shape = shape;
    for (const [key, stored] of journal?.claim<Stored>(name) ?? []) {
      super.set(key, shape.read(stored));
      if (shape.growing !== undefined) this.written.set(key, [...listOf(stored, shape.growing)]);
    }
  }

  override set(key: string, value: Value): this {
    const isNew = this.journal !== undefined && !this.has(key);
    super.set(key, value);
    if (this.journal !== undefined) this.note(key, isNew);
    return this;
  }

  override delete(key: string): boolean {
    const isDeleted = super.delete(key);
    if (isDeleted && this.journal !== undefined) {
      this.deleted.add(key);
      this.note(key, false);
    }
    return isDeleted;
  }

  override clear(): void {
    for (const key of this.keys()) this.delete(key);
  }

  /** Tells that a value was changed in place. */
  touch(key: string): void {
    if (this.journal !== undefined) this.note(key, false);
  }

  /** Tells that nothing of a value has changed but its growing list. */
  grew(key: string): void {
    this.journal?.changed(this, key, false);
  }

  *changesOf(key: string): Generator<Entry> {
    const { name, shape, written } = this;
    const value = this.get(key);
    if (this.deleted.delete(key) || value === undefined) {
      written.delete(key);
      yield [name, key];
    }
    const isReplaced = this.replaced.delete(key);
    if (value === undefined) return;
    const stored = shape.write(value);
    if (shape.growing === undefined) {
      yield [name, key, stored];
      return;
    }
    const items = listOf(stored, shape.growing);
    const before = written.get(key) ?? [];
    let same = Math.min(before.length, items.length);
    while (same > 0 && before[same - 1] !== items[same - 1]) same -= 1;
    const added = items.slice(same);
    before.length = same;
    for (const item of added) before.push(item);
    written.set(key, before);
    yield [name, key, isReplaced ? without(stored, shape.growing) : null, shape.growing, same, added];
  }

  private note(key: string, isNew: boolean): void {
    if (this.shape.growing !== undefined) this.replaced.add(key);
    this.journal?.changed(this, key, isNew);
  }
}

/** A collection whose values are written down as they are. */
export function durableMap<Value>(
  context: Pick<LocalContext, "journal">,
  name: string,
  growing?: keyof Value & string,
): DurableMap<Value> {
  return new DurableMap<Value>(context.journal, name, {
    write: (value) => value,
    read: (stored) => stored,
    ...(growing !== undefined && { growing }),
  });
}

function listOf(stored: unknown, member: string): readonly unknown[] {
  const list: unknown = typeof stored === "object" && stored !== null ? Reflect.get(stored, member) : [];
  return Array.isArray(list) ? list : [];
}

function without(stored: unknown, member: string): unknown {
  if (typeof stored !== "object" || stored === null) return stored;
  return Object.fromEntries(Object.entries(stored).filter(([name]) => name !== member));
}
