/**
 * Randomness that depends on the seed and on what is asked for, not on what was asked for before: leaving one thing of a
 * schedule out changes nothing about the others, which is what makes a failing schedule smaller.
 */
export class Random {
  private readonly seed: number;
  private readonly counts = new Map<string, number>();

  constructor(seed: number) {
    this.seed = seed;
  }

  /** A number from 0 (included) to 1 (excluded): the next one for this purpose. */
  next(purpose: string): number {
    const count = this.counts.get(purpose) ?? 0;
    this.counts.set(purpose, count + 1);
    return mixed(hashed(purpose, this.seed) ^ Math.imul(count + 1, 0x9e3779b1));
  }

  chance(purpose: string, probability: number): boolean {
    return this.next(purpose) < probability;
  }

  /** A whole number from `least` to `most`, both included. */
  between(purpose: string, least: number, most: number): number {
    return least + Math.floor(this.next(purpose) * (most - least + 1));
  }

  pick<const Item>(purpose: string, [first, ...rest]: readonly [Item, ...Item[]]): Item {
    return [first, ...rest][Math.floor(this.next(purpose) * (rest.length + 1))] ?? first;
  }

  /** The same number for the same purpose, however often it is asked for. */
  fixed(purpose: string, least: number, most: number): number {
    return least + Math.round(mixed(hashed(purpose, this.seed)) * (most - least));
  }

  /** A UUID. */
  id(purpose: string): string {
    const digits = Array.from({ length: 4 }, () =>
      Math.floor(this.next(purpose) * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    ).join("");
    return [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `4${digits.slice(13, 16)}`,
      `8${digits.slice(17, 20)}`,
      digits.slice(20),
    ].join("-");
  }
}

/** 32 bits of a text and a number. */
function hashed(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

/** Spreads 32 bits over the numbers from 0 to 1, by the finaliser of MurmurHash3. */
function mixed(bits: number): number {
  let value = bits;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}
