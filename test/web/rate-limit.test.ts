import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rateLimit } from "../../web/rate-limit.ts";

const start = Date.UTC(2026, 0, 1);

describe("rateLimit", () => {
  it("lets a burst through, then as many as the rate, and says how long to wait", () => {
    let nowMs = start;
    const wait = rateLimit({ burst: 3, perMinute: 6 }, () => new Date(nowMs));

    expect([wait("a"), wait("a"), wait("a"), wait("a")]).toStrictEqual([0, 0, 0, 10]);
    nowMs += 10_000;
    expect([wait("a"), wait("a")]).toStrictEqual([0, 10]);
  });

  it("counts each key by itself", () => {
    const wait = rateLimit({ burst: 1, perMinute: 1 }, () => new Date(start));

    expect([wait("a"), wait("b"), wait("a")]).toStrictEqual([0, 0, 60]);
  });

  it("never lets more through than burst and rate allow, and lets who waits as told through", () => {
    const rate = { burst: 5, perMinute: 30 };
    fc.assert(
      fc.property(fc.array(fc.nat(3_000), { maxLength: 100 }), (pauses) => {
        let nowMs = start;
        let through = 0;
        const wait = rateLimit(rate, () => new Date(nowMs));
        for (const pause of pauses) {
          nowMs += pause;
          const seconds = wait("a");
          if (seconds === 0) through += 1;
          else expect(seconds).toBeLessThanOrEqual(2);
        }
        expect(through).toBeLessThanOrEqual(rate.burst + ((nowMs - start) * rate.perMinute) / 60_000);
      }),
    );
  });

  it("forgets the key that was used least recently, and is not filled up", () => {
    const wait = rateLimit({ burst: 1, perMinute: 1 }, () => new Date(start));
    wait("first");
    wait("second");
    expect(wait("first")).toBe(60);

    for (let key = 0; key < 9_999; key += 1) wait(`key-${key}`);

    expect(wait("first")).toBe(60);
    expect(wait("second")).toBe(0);
  });
});
