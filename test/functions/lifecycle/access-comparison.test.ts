import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Audience } from "../../../events/access.ts";
import { modelCardStatuses } from "../../../events/model-card.ts";
import { compareAccess } from "../../../functions/lifecycle/access-comparison.ts";
import {
  type LiveAccess,
  audienceKey,
  planAccess,
  wantedAudiences,
} from "../../../functions/lifecycle/access-plan.ts";
import type { Lifecycle } from "../../../functions/lifecycle/settings.ts";

const access = fc.constantFrom("none" as const, "read-only" as const, "read-write" as const);
const status = fc.constantFrom(...modelCardStatuses);
const lifecycle: fc.Arbitrary<Lifecycle> = fc
  .array(fc.record({ Draft: access, PendingReview: access, Approved: access, Archived: access }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((stages) => ({
    name: "any",
    stages: stages.map((at, index) => ({
      name: `stage-${index}`,
      accountId: `22222222222${index}`,
      access: at,
    })),
  }));
const anyLifecycle = fc.option(lifecycle, { nil: undefined });
const liveThrough = (audience: Audience, state: LiveAccess["state"] = "granted"): LiveAccess => ({
  audience,
  resourceShareArn: `arn:aws:ram:us-east-1:111111111111:resource-share/${audienceKey(audience)}`,
  state,
});
const anyLive: fc.Arbitrary<LiveAccess[]> = fc.array(
  fc
    .record({
      lifecycle: fc.constantFrom("any", "gone"),
      stage: fc.constantFrom("stage-0", "stage-1"),
      accountId: fc.constantFrom("222222222220", "222222222221"),
      access: fc.constantFrom("read-only" as const, "read-write" as const),
    })
    .chain((audience) =>
      fc
        .constantFrom("granting" as const, "granted" as const, "revoking" as const, "failed" as const)
        .map((state) => liveThrough(audience, state)),
    ),
  { maxLength: 5 },
);

describe("compareAccess", () => {
  it("finds no difference once the plan was carried out, whatever there was before", () => {
    fc.assert(
      fc.property(status, anyLifecycle, anyLive, (status, lifecycle, live) => {
        const { revoke, grant } = planAccess(wantedAudiences(lifecycle, status), live);
        const after = [
          ...live.filter((one) => !revoke.includes(one)),
          ...grant.map((audience) => liveThrough(audience)),
        ];

        const asksRecord = status === "PendingReview" && lifecycle !== undefined;
        expect(compareAccess(status, lifecycle, after)).toBe(asksRecord ? "depends-on-record" : "same");
      }),
    );
  });

  it("finds every share that is missing and every one too many", () => {
    fc.assert(
      fc.property(status, anyLifecycle, anyLive, (status, lifecycle, live) => {
        const wanted = new Set(wantedAudiences(lifecycle, status).map(audienceKey));
        const present = new Set(
          live
            .filter(({ state }) => state === "granted" || state === "granting")
            .map(({ audience }) => audienceKey(audience)),
        );
        const isSame = wanted.size === present.size && [...wanted].every((key) => present.has(key));

        const comparison = compareAccess(status, lifecycle, live);

        if (isSame) expect(comparison).not.toBe("differs");
        else expect(comparison).not.toBe("same");
        if (!isSame && status !== "Approved") expect(comparison).toBe("differs");
      }),
    );
  });

  it("calls for nothing for a card that is gone or that no route matches", () => {
    fc.assert(
      fc.property(fc.option(status, { nil: undefined }), anyLive, (status, live) => {
        const isShared = live.some(({ state }) => state === "granted" || state === "granting");

        expect(compareAccess(status, undefined, live)).toBe(isShared ? "differs" : "same");
      }),
    );
  });

  it("leaves an approved card to its record that has the access of one in review", () => {
    fc.assert(
      fc.property(lifecycle, (lifecycle) => {
        const approved = wantedAudiences(lifecycle, "Approved").map(audienceKey).sort();
        const inReview = wantedAudiences(lifecycle, "PendingReview");
        fc.pre(inReview.map(audienceKey).sort().join() !== approved.join());

        const live = inReview.map((audience) => liveThrough(audience));

        expect(compareAccess("Approved", lifecycle, live)).toBe("depends-on-record");
      }),
    );
  });
});
