import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelCardStatuses } from "../../../events/model-card.ts";
import { type LiveAccess, audienceKey, wantedAudiences } from "../../../functions/lifecycle/access-plan.ts";
import { type KnownOfCard, differencesOf } from "../../../functions/lifecycle/card-comparison.ts";
import { type CardDigest, hashOfAudiences } from "../../../functions/lifecycle/card-digest.ts";
import { audiencePrincipals } from "../../../functions/lifecycle/read-only.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";

const settings = { policyVersion: "p1", requireRecordedApproval: false, shareOutsideOrganization: false };
const now = new Date("2026-01-02T00:00:00.000Z");
const [lifecycle = expect.fail()] = lifecycleSettings.lifecycles;
const creationTime = "2026-01-01T00:00:00.123Z";
const status = fc.constantFrom(...modelCardStatuses);

/** A card that is as it should be: settled, shared and announced, and in review with a request that somebody waits for. */
function settledCard(cardStatus: (typeof modelCardStatuses)[number]): KnownOfCard & {
  card: NonNullable<KnownOfCard["card"]>;
  digest: CardDigest & { settled: NonNullable<CardDigest["settled"]> };
} {
  const card = { status: cardStatus, creationTime, lastModifiedTime: "2026-01-01T12:00:00.456Z" };
  const wanted = wantedAudiences(lifecycle, cardStatus);
  const isAsked = cardStatus === "PendingReview";
  const announced = hashOfAudiences(wanted.map(audienceKey));
  return {
    card,
    lifecycle,
    digest: {
      settled: { ...card, policyVersion: settings.policyVersion, by: "execution" },
      ...(announced !== undefined && { announced }),
      ...(isAsked && { request: "request" }),
    },
    request: isAsked
      ? {
          status: "open",
          card,
          lifecycle: lifecycle.name,
          expiresAt: "2026-01-15T00:00:00.000Z",
          waiter: "waiter",
        }
      : undefined,
    live: wanted.map((audience) => ({ audience, resourceShareArn: audienceKey(audience), state: "granted" })),
    principals: new Map(
      wanted.map((audience) => [
        audienceKey(audience),
        audiencePrincipals(audience, lifecycle).map((principal) => ({
          principal,
          state: "granted" as const,
        })),
      ]),
    ),
    isRunning: (name) => name === "waiter",
  };
}
const inReview = settledCard("PendingReview");
const draft = settledCard("Draft");
const approved = settledCard("Approved");
const openRequest = inReview.request ?? expect.fail();
const compare = (known: KnownOfCard, under: Partial<typeof settings> = {}): string[] =>
  differencesOf(known, { ...settings, ...under }, now);

describe("differencesOf", () => {
  it.each(modelCardStatuses)("finds nothing wrong with a card in %s that is as it should be", (one) => {
    expect(compare(settledCard(one))).toStrictEqual([]);
  });

  it("finds nothing wrong with what lists round or leave out", () => {
    fc.assert(
      fc.property(status, fc.boolean(), (one, isRounded) => {
        const known = settledCard(one);
        const card = isRounded
          ? {
              ...known.card,
              creationTime: "2026-01-01T00:00:00.000Z",
              lastModifiedTime: "2026-01-01T12:00:00.000Z",
            }
          : { status: one };
        expect(compare({ ...known, card })).toStrictEqual([]);
      }),
    );
  });

  it("finds every change of any card", () => {
    const change = fc.oneof(
      status.map((to) => ({ status: to })),
      fc.integer({ min: 1, max: 1e9 }).map((ms) => ({
        lastModifiedTime: new Date(Date.parse("2026-01-01T12:00:00.456Z") + ms).toISOString(),
      })),
      fc.constant({ creationTime: "2026-01-01T18:00:00.001Z", lastModifiedTime: "2026-01-01T18:00:00.001Z" }),
    );
    fc.assert(
      fc.property(status, change, (one, changed) => {
        const known = settledCard(one);
        const card = { ...known.card, ...changed };
        fc.pre(JSON.stringify(card) !== JSON.stringify(known.card));
        // A rounded time within the same second is taken for the same.
        fc.pre(Date.parse(card.lastModifiedTime ?? "") % 1_000 !== 0);
        expect(compare({ ...known, card })).toContain("not-settled");
      }),
    );
  });

  it("finds each share that is missing, failed or too many, and none that is on its way", () => {
    const states = fc.constantFrom(
      "granting" as const,
      "granted" as const,
      "revoking" as const,
      "failed" as const,
    );
    const everyAudience = modelCardStatuses.flatMap((one) => wantedAudiences(lifecycle, one));
    const live = fc
      .array(fc.tuple(fc.constantFrom(...everyAudience), states), { maxLength: 6 })
      .map((pairs) =>
        pairs.map(([audience, state]): LiveAccess => ({ audience, resourceShareArn: "share", state })),
      );
    fc.assert(
      fc.property(status, live, (one, shares) => {
        const isThere = (key: string, states: string[]): boolean =>
          shares.some(({ audience, state }) => audienceKey(audience) === key && states.includes(state));
        const wanted = wantedAudiences(lifecycle, one).map(audienceKey);
        const missing = wanted.filter((key) => !isThere(key, ["granting", "granted"]));
        const surplus = everyAudience
          .map(audienceKey)
          .filter((key) => !wanted.includes(key) && isThere(key, ["granting", "granted"]));
        const failed = missing.filter((key) => isThere(key, ["failed"]));

        const found = compare({ ...settledCard(one), live: shares });

        expect(found.includes("access-surplus")).toBe(surplus.length > 0);
        expect(found.includes("association-failed")).toBe(failed.length > 0);
        expect(found.includes("access-missing")).toBe(missing.length > failed.length);
      }),
    );
  });

  it.each([
    ["a card that nobody has seen", { ...draft, digest: undefined }, ["not-settled"]],
    [
      "a card that nobody was asked about",
      { ...inReview, digest: undefined, request: undefined },
      ["not-settled", "request-missing"],
    ],
    [
      "an execution that died holding the card",
      { ...draft, digest: { ...draft.digest, claim: "dead" } },
      ["holder-dead"],
    ],
    ["people who were not told", { ...draft, digest: { ...draft.digest, untold: 1 } }, ["outcome-untold"]],
    [
      "access that was not announced",
      { ...draft, digest: { settled: draft.digest.settled } },
      ["access-unannounced"],
    ],
    [
      "a share that was retired",
      { ...draft, digest: { ...draft.digest, settled: { ...draft.digest.settled, policyVersion: "" } } },
      ["settings-changed"],
    ],
    [
      "other settings for a card in review",
      {
        ...inReview,
        digest: { ...inReview.digest, settled: { ...inReview.digest.settled, policyVersion: "p0" } },
      },
      ["settings-changed"],
    ],
    [
      "other settings that a card has what it needs under",
      { ...draft, digest: { ...draft.digest, settled: { ...draft.digest.settled, policyVersion: "p0" } } },
      [],
    ],
    [
      "a question whose time was over",
      { ...inReview, request: undefined, digest: { ...inReview.digest, request: undefined } },
      [],
    ],
    ["a request that was never made", { ...inReview, request: undefined }, ["request-left-behind"]],
    [
      "a request about another reading",
      {
        ...inReview,
        request: { ...openRequest, card: { ...openRequest.card, lastModifiedTime: creationTime } },
      },
      ["request-left-behind"],
    ],
    [
      "a request of another lifecycle",
      { ...inReview, request: { ...openRequest, lifecycle: "other" } },
      ["request-left-behind"],
    ],
    [
      "a request whose time is up",
      { ...inReview, request: { ...openRequest, expiresAt: creationTime } },
      ["request-overdue"],
    ],
    ["a request that nobody waits for", { ...inReview, isRunning: () => false }, ["waiter-dead"]],
    [
      "a decision that was not carried out",
      { ...inReview, request: { ...openRequest, status: "approved" as const } },
      ["decision-not-applied"],
    ],
    [
      "an approval that was noted later",
      { ...approved, digest: { ...approved.digest, approvedFor: lifecycle.name } },
      ["decision-not-applied"],
    ],
    [
      "an approval for another lifecycle",
      {
        ...approved,
        digest: {
          ...approved.digest,
          approvedFor: "other",
          settled: { ...approved.digest.settled, approvedHere: true as const },
        },
      },
      ["access-surplus", "lifecycle-changed"],
    ],
    [
      "a card that is gone and shared",
      { ...draft, card: undefined, lifecycle: undefined },
      ["gone-but-shared", "gone-but-recorded"],
    ],
    [
      "a card that is gone and forgotten",
      { ...draft, card: undefined, lifecycle: undefined, digest: undefined, live: [] },
      [],
    ],
  ] satisfies [string, KnownOfCard, string[]][])("knows %s", (_what, known, differences) => {
    expect(compare(known)).toStrictEqual(differences);
  });

  it("leaves a card alone that a running execution holds, whatever else there is", () => {
    const digest = { ...draft.digest, claim: "waiter", untold: 2 };
    expect(compare({ ...draft, digest, live: [] })).toStrictEqual([]);
    expect(compare({ ...draft, card: undefined, digest })).toStrictEqual([]);
  });

  it("has an approved card wait for a decision on record only where the settings ask for one", () => {
    const waits = { requireRecordedApproval: true };
    expect(compare(approved, waits)).toStrictEqual(["access-surplus"]);
    const { live, request } = inReview;
    const asked = request && { ...request, card: approved.card };
    const digest = { ...inReview.digest, settled: approved.digest.settled };
    expect(compare({ ...approved, live, digest, request: asked }, waits)).toStrictEqual([]);
    const recorded = {
      ...approved.digest,
      approvedFor: lifecycle.name,
      settled: { ...approved.digest.settled, approvedHere: true as const },
    };
    expect(compare({ ...approved, digest: recorded }, waits)).toStrictEqual([]);
  });

  it("takes a page of cards for old where the record knows a later reading", () => {
    const card = { ...draft.card, status: "PendingReview" as const, lastModifiedTime: creationTime };
    expect(compare({ ...draft, card })).toStrictEqual([]);
    const sameSecond = { ...card, lastModifiedTime: "2026-01-01T12:00:00.000Z" };
    expect(compare({ ...draft, card: sameSecond })).toContain("not-settled");
  });

  it("finds a wait over once RAM has moved on from what is waited for, and not before", () => {
    const [dev = expect.fail()] = draft.live;
    const key = audienceKey(dev.audience);
    const waiting = (state: "Associating" | "QuotaReached"): KnownOfCard => {
      const { announced: _none, ...digest } = draft.digest;
      return { ...draft, digest: { ...digest, waits: { [key]: state } } };
    };
    const stillGranting: KnownOfCard = { ...waiting("Associating"), live: [{ ...dev, state: "granting" }] };
    expect(compare(stillGranting)).toStrictEqual([]);
    expect(compare(waiting("Associating"))).toStrictEqual(["wait-over"]);
    expect(compare(waiting("QuotaReached"))).toStrictEqual(["wait-over"]);
  });
});
