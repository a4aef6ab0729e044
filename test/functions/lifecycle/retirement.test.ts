import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Audience, AccessSchema } from "../../../events/access.ts";
import { modelCardStatuses } from "../../../events/model-card.ts";
import { audienceKey, wantedAudiences } from "../../../functions/lifecycle/access-plan.ts";
import { sharesToRetire } from "../../../functions/lifecycle/retirement.ts";
import type { Lifecycle } from "../../../functions/lifecycle/settings.ts";

const accountId = fc.constantFrom("222222222222", "333333333333", "444444444444");
const access = fc.constantFrom(...AccessSchema.options);

const lifecycle = (name: string): fc.Arbitrary<Lifecycle> =>
  fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom("dev", "test", "prod"),
        accountId,
        access: fc.record({ Draft: access, PendingReview: access, Approved: access, Archived: access }),
      }),
      { selector: ({ name: stage }) => stage, minLength: 1 },
    )
    .map((stages) => ({ name, stages }));

const lifecycles = fc
  .tuple(lifecycle("retail"), lifecycle("credit"), fc.boolean())
  .map(([retail, credit, both]) => (both ? [retail, credit] : [retail]));

const audience: fc.Arbitrary<Audience> = fc.record({
  lifecycle: fc.constantFrom("retail", "credit"),
  stage: fc.constantFrom("dev", "test", "prod"),
  accountId,
  access: fc.constantFrom("read-only" as const, "read-write" as const),
});

const shares = fc.array(
  audience.map((one) => ({ audience: one })),
  { maxLength: 30 },
);

describe("sharesToRetire", () => {
  it("never takes a share that some card could be in", () => {
    const status = fc.constantFrom(...modelCardStatuses);
    fc.assert(
      fc.property(lifecycles, shares, status, (settled, all, cardStatus) => {
        const wanted = settled.flatMap((one) => wantedAudiences(one, cardStatus)).map(audienceKey);

        const retired = sharesToRetire(all, { lifecycles: settled, shareOutsideOrganization: false }).map(
          (one) => audienceKey(one.audience),
        );

        expect(retired.filter((key) => wanted.includes(key))).toStrictEqual([]);
      }),
    );
  });

  it("leaves a stage of the settings, in its account, with an access that it has at some status", () => {
    fc.assert(
      fc.property(lifecycles, shares, (settled, all) => {
        const retired = sharesToRetire(all, { lifecycles: settled, shareOutsideOrganization: false });

        for (const share of all.filter((one) => !retired.includes(one))) {
          const stages = settled.find(({ name }) => name === share.audience.lifecycle)?.stages;
          const stage = stages?.find(({ name }) => name === share.audience.stage);
          expect(stage?.accountId).toBe(share.audience.accountId);
          expect(Object.values(stage?.access ?? {})).toContain(share.audience.access);
        }
      }),
    );
  });

  it("takes every share where Cardway itself goes", () => {
    fc.assert(
      fc.property(shares, (all) => {
        expect(sharesToRetire(all, undefined)).toStrictEqual(all);
      }),
    );
  });
});
