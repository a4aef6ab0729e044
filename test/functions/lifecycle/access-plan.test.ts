import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Audience } from "../../../events/access.ts";
import { modelCardStatuses } from "../../../events/model-card.ts";
import {
  type AccessPlan,
  type LiveAccess,
  audienceKey,
  planAccess,
  wantedAudiences,
} from "../../../functions/lifecycle/access-plan.ts";
import { readOnlyStages } from "../../../functions/lifecycle/read-only.ts";
import { defineSettings } from "../../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";

const accountId = fc.integer({ min: 200_000_000_000, max: 200_000_000_005 }).map(String);
const status = fc.constantFrom(...modelCardStatuses);
const writableAccess = fc.constantFrom("none" as const, "read-write" as const);
const readableAccess = fc.constantFrom("none" as const, "read-only" as const);

/** Any settings that are valid: each account is either read-only or read-write, never both. */
const settings = fc
  .uniqueArray(accountId, { minLength: 1, maxLength: 6 })
  .chain((accounts) =>
    fc.tuple(
      ...accounts.map((account, index) =>
        fc.boolean().chain((readOnly) =>
          fc
            .tuple(...modelCardStatuses.map(() => (readOnly ? readableAccess : writableAccess)))
            .map(([Draft, PendingReview, Approved, Archived]) => ({
              name: `stage-${index}`,
              accountId: account,
              access: {
                Draft: Draft ?? "none",
                PendingReview: PendingReview ?? "none",
                Approved: Approved ?? "none",
                Archived: Archived ?? "none",
              },
            })),
        ),
      ),
    ),
  )
  .map((stages) =>
    defineSettings({
      modelCardAccountId: "111111111111",
      lifecycles: [{ name: "any", stages }],
      routes: [{ namePattern: "*", lifecycle: "any" }],
      approvers: [{ id: "approver", name: "Approver", address: "approver@example.com" }],
      authors: [{ id: "team", name: "Team", address: "team@example.com" }],
      approval: {
        sender: "cardway@example.com",
        policies: { Low: { approvals: 1 }, Medium: { approvals: 1 }, High: { approvals: 1 } },
      },
    }),
  );

const audience: fc.Arbitrary<Audience> = fc.record({
  lifecycle: fc.constantFrom("any", "gone"),
  stage: fc.constantFrom("stage-0", "stage-1", "stage-9"),
  accountId,
  access: fc.constantFrom("read-only" as const, "read-write" as const),
});

const live: fc.Arbitrary<LiveAccess[]> = fc.array(
  fc.record({
    audience,
    resourceShareArn: fc.constantFrom("share-1", "share-2", "share-3"),
    state: fc.constantFrom("granting" as const, "granted" as const, "revoking" as const, "failed" as const),
  }),
  { maxLength: 8 },
);

/** What RAM does with a plan. */
function carryOut(plan: AccessPlan, before: LiveAccess[]): LiveAccess[] {
  const kept = before.filter((access) => !plan.revoke.includes(access));
  return [
    ...kept,
    ...plan.grant.map((granted) => ({
      audience: granted,
      resourceShareArn: "new",
      state: "granting" as const,
    })),
  ];
}

function present(access: LiveAccess[]): string[] {
  const keys = access
    .filter(({ state }) => state === "granting" || state === "granted")
    .map((entry) => audienceKey(entry.audience));
  return [...new Set(keys)].sort();
}

describe("planAccess", () => {
  it("reaches exactly the wanted access, whatever was live before", () => {
    fc.assert(
      fc.property(settings, status, live, ({ lifecycles }, cardStatus, before) => {
        const wanted = wantedAudiences(lifecycles[0], cardStatus);

        const after = carryOut(planAccess(wanted, before), before);

        expect(present(after)).toStrictEqual(wanted.map(audienceKey).sort());
      }),
    );
  });

  it("plans nothing the second time", () => {
    fc.assert(
      fc.property(settings, status, live, ({ lifecycles }, cardStatus, before) => {
        const wanted = wantedAudiences(lifecycles[0], cardStatus);

        const second = planAccess(wanted, carryOut(planAccess(wanted, before), before));

        expect(second).toStrictEqual({ revoke: [], grant: [] });
      }),
    );
  });

  it("never grants a read-only stage anything but read-only", () => {
    fc.assert(
      fc.property(settings, status, live, ({ lifecycles }, cardStatus, before) => {
        const readOnlyAccounts = readOnlyStages(lifecycles[0]).map((stage) => stage.accountId);

        const { grant } = planAccess(wantedAudiences(lifecycles[0], cardStatus), before);

        const widened = grant.filter(
          (entry) => readOnlyAccounts.includes(entry.accountId) && entry.access !== "read-only",
        );
        expect(widened).toStrictEqual([]);
      }),
    );
  });

  it("revokes everything of a card that is deleted or belongs to no lifecycle", () => {
    fc.assert(
      fc.property(settings, live, ({ lifecycles }, before) => {
        const deleted = planAccess(wantedAudiences(lifecycles[0], undefined), before);
        const unrouted = planAccess(wantedAudiences(undefined, "Approved"), before);

        expect(present(carryOut(deleted, before))).toStrictEqual([]);
        expect(present(carryOut(unrouted, before))).toStrictEqual([]);
      }),
    );
  });
});

describe("the default settings", () => {
  it.each([
    ["Draft", ["dev read-write"]],
    ["PendingReview", ["dev read-write", "test read-write"]],
    ["Approved", ["dev read-write", "test read-write", "prod read-only"]],
    ["Archived", []],
  ] as const)("share a card in %s as the first article does", (cardStatus, expected) => {
    const wanted = wantedAudiences(lifecycleSettings.lifecycles[0], cardStatus);

    expect(wanted.map(({ stage, access }) => `${stage} ${access}`)).toStrictEqual([...expected]);
  });
});
