import { describe, expect, it } from "vitest";
import { durationText } from "../../web/duration.ts";

describe("durationText", () => {
  it.each([
    [0, "0 ms"],
    [0.4, "0 ms"],
    [412, "412 ms"],
    [999.5, "1 s"],
    [1_240, "1.24 s"],
    [12_449, "12.4 s"],
    [59_949, "59.9 s"],
    [59_950, "1 min"],
    [123_000, "2 min 3 s"],
    [3_599_600, "1 h"],
    [10_200_000, "2 h 50 min"],
    [86_370_000, "1 d"],
    [273_600_000, "3 d 4 h"],
  ])("writes %d ms as %s", (durationMs, text) => {
    expect(durationText(durationMs)).toBe(text);
  });
});
