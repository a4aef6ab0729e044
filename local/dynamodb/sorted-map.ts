/** Where a walk through a {@link SortedMap} begins and ends; without a bound, at the first and the last key. */
export interface KeyRange {
  gt?: string;
  gte?: string;
  lt?: string;
  lte?: string;
}

/** A map that can be walked in the order of its keys, from any key on. */
export class SortedMap<Value> {
  private readonly keys: string[];
  private readonly values: Map<string, Value>;

  /** @param values - Where the entries are kept, with those that are there already. */
  constructor(values: Map<string, Value> = new Map()) {
    this.values = values;
    this.keys = [...values.keys()].sort();
  }

  get size(): number {
    return this.values.size;
  }

  get(key: string): Value | undefined {
    return this.values.get(key);
  }

  set(key: string, value: Value): void {
    if (!this.values.has(key)) this.keys.splice(this.firstAtLeast(key), 0, key);
    this.values.set(key, value);
  }

  delete(key: string): void {
    if (this.values.delete(key)) this.keys.splice(this.firstAtLeast(key), 1);
  }

  /** The entries of the range, which must not change while they are walked through. */
  *entries(range: KeyRange = {}, reverse = false): Generator<[string, Value]> {
    const begin = Math.max(
      range.gte === undefined ? 0 : this.firstAtLeast(range.gte),
      range.gt === undefined ? 0 : this.firstAfter(range.gt),
    );
    const end = Math.min(
      range.lt === undefined ? this.keys.length : this.firstAtLeast(range.lt),
      range.lte === undefined ? this.keys.length : this.firstAfter(range.lte),
    );
    for (let step = 0; step < end - begin; step += 1) {
      const key = this.keys[reverse ? end - 1 - step : begin + step];
      const value = key === undefined ? undefined : this.values.get(key);
      if (key !== undefined && value !== undefined) yield [key, value];
    }
  }

  private firstAtLeast(key: string): number {
    return this.search((candidate) => candidate >= key);
  }

  private firstAfter(key: string): number {
    return this.search((candidate) => candidate > key);
  }

  /** Index of the first key for which `isBehind` holds, which must hold for all keys after it as well. */
  private search(isBehind: (key: string) => boolean): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const key = this.keys[middle];
      if (key === undefined || isBehind(key)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
