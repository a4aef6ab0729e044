import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formToken, isForeign, isFormToken } from "../../web/form-token.ts";

const link = { requestId: "request", approverId: "approver", mac: "A".repeat(43) };
const now = new Date("2026-11-21T14:05:00.000Z");
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000);

describe("the anti-forgery token", () => {
  it("differs from page to page and is good for its own link for a day", () => {
    const token = formToken(link, { now, nonce: "one" });

    expect(formToken(link, { now, nonce: "two" })).not.toBe(token);
    expect(isFormToken(token, link, now)).toBe(true);
    expect(isFormToken(token, link, later(24))).toBe(true);
    expect(isFormToken(token, link, later(25))).toBe(false);
    expect(isFormToken(token, link, later(-1))).toBe(false);
  });

  it.each([
    ["another request", { ...link, requestId: "other" }],
    ["another approver", { ...link, approverId: "other" }],
    ["another link", { ...link, mac: "B".repeat(43) }],
  ])("is no good for %s", (_case, other) => {
    expect(isFormToken(formToken(link, { now, nonce: "one" }), other, now)).toBe(false);
  });

  it("cannot be changed in any place", () => {
    const token = formToken(link, { now, nonce: "one" });
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.string({ maxLength: 2 }), (place, text) => {
        const changed = token.slice(0, place) + text + token.slice(place + 1);

        expect(isFormToken(changed, link, now)).toBe(changed === token);
      }),
    );
  });

  it.each([undefined, "", "a.b.c", "...", ["a", "b"]])("is not %j", (token) => {
    expect(isFormToken(token, link, now)).toBe(false);
  });
});

describe("isForeign", () => {
  const host = "approvals.example.com";

  it.each([
    [{ fetchSite: "same-origin", origin: "null" }, false],
    [{ fetchSite: "none", origin: undefined }, false],
    [{ fetchSite: "cross-site", origin: "null" }, true],
    [{ fetchSite: "same-site", origin: "https://other.example.com" }, true],
    [{ fetchSite: undefined, origin: "null" }, false],
    [{ fetchSite: undefined, origin: undefined }, false],
    [{ fetchSite: undefined, origin: "https://approvals.example.com" }, false],
    [{ fetchSite: undefined, origin: "https://evil.example" }, true],
    [{ fetchSite: undefined, origin: "nonsense" }, true],
  ])("takes %j for foreign: %s", (headers, expected) => {
    expect(isForeign({ ...headers, host })).toBe(expected);
  });
});
