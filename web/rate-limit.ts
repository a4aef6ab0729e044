/** How often something may happen: `burst` times at once, and then `perMinute`. */
export interface Rate {
  burst: number;
  perMinute: number;
}

/** Keys that are remembered at most; the one that was used least recently is forgotten first. */
const mostKeys = 10_000;

/**
 * Limits how often each key may be used. It counts in the memory of its own process: enough to keep one link from costing
 * calls without end, and nothing is written when somebody only looks.
 *
 * @returns for one use of a key: the seconds to wait, or 0 where it is within the rate.
 */
export function rateLimit({ burst, perMinute }: Rate, now: () => Date): (key: string) => number {
  const buckets = new Map<string, { left: number; atMs: number }>();
  return (key) => {
    const atMs = now().getTime();
    const bucket = buckets.get(key) ?? { left: burst, atMs };
    const refilled = (Math.max(0, atMs - bucket.atMs) * perMinute) / 60_000;
    const left = Math.min(burst, bucket.left + refilled);
    buckets.delete(key);
    buckets.set(key, { left: Math.max(0, left - 1), atMs });
    if (left >= 1) {
      if (buckets.size > mostKeys) buckets.delete(buckets.keys().next().value ?? key);
      return 0;
    }
    buckets.set(key, { left, atMs });
    return Math.ceil(((1 - left) * 60) / perMinute);
  };
}
