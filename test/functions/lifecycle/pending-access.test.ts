import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AccessWaitStateSchema } from "../../../events/access.ts";
import { type LiveAccess, planAccess } from "../../../functions/lifecycle/access-plan.ts";
import { pendingAccess, waitIsOver } from "../../../functions/lifecycle/pending-access.ts";
import { type PrincipalState, principalChange } from "../../../functions/lifecycle/principals.ts";

const states: LiveAccess["state"][] = ["granting", "granted", "revoking", "failed"];
const audienceOf = (stage: string) => ({
  lifecycle: "default",
  stage,
  accountId: "222222222222",
  access: "read-write" as const,
});
const stages = ["dev", "test", "prod"];
const lifecycle = undefined;

const world = fc.record({
  wanted: fc.subarray(stages).map((names) => names.map(audienceOf)),
  live: fc.array(
    fc.record({
      audience: fc.constantFrom(...stages).map(audienceOf),
      resourceShareArn: fc.constantFrom("share-1", "share-2", "share-3"),
      state: fc.constantFrom(...states),
    }),
    { maxLength: 5 },
  ),
  principals: fc
    .array(
      fc.record({
        principal: fc.constantFrom("222222222222", "555555555555"),
        state: fc.constantFrom(...states),
        external: fc.boolean(),
      }),
      { maxLength: 2 },
    )
    .map((found): Map<string, PrincipalState[]> => {
      return new Map(["share-1", "share-2", "share-3"].map((share) => [share, found]));
    }),
  shareOutsideOrganization: fc.boolean(),
  wasInvited: fc.boolean(),
});

describe("pendingAccess", () => {
  it("finds nothing only where RAM shows exactly the wanted audiences, with their principals", () => {
    fc.assert(
      fc.property(world, ({ wanted, live, principals, shareOutsideOrganization, wasInvited }) => {
        const shown = { live, principals };
        const pending = pendingAccess(
          wanted,
          shown,
          lifecycle,
          { shareOutsideOrganization },
          () => wasInvited,
        );

        const plan = planAccess(wanted, live);
        if (pending.length > 0) return;
        expect(plan).toStrictEqual({ revoke: [], grant: [] });
        for (const audience of wanted) {
          const granted = live.filter(
            ({ audience: { stage }, state }) => stage === audience.stage && state === "granted",
          );
          expect(granted).not.toStrictEqual([]);
          const change = principalChange(
            { audience, resourceShareArn: "share-1" },
            principals.get("share-1") ?? [],
            lifecycle,
          );
          expect(change?.associate ?? []).toStrictEqual([]);
        }
      }),
    );
  });

  it("names an invitation only where the settings share outside the organisation", () => {
    fc.assert(
      fc.property(world, ({ wanted, live, principals }) => {
        const settings = { shareOutsideOrganization: false };
        const pending = pendingAccess(wanted, { live, principals }, lifecycle, settings, () => false);

        expect(pending.filter(({ state }) => state.startsWith("Invitation"))).toStrictEqual([]);
      }),
    );
  });
});

describe("waitIsOver", () => {
  it("holds for every wait that RAM does not show as it was noted, and for what only another try can end, reader roles aside", () => {
    const lasting = ["Associating", "Disassociating", "InvitationPending"];
    const ofRoles = ["ReaderRoleMissing", "ReadOnlyBroken"];
    for (const state of AccessWaitStateSchema.options) {
      expect(waitIsOver({ state }, undefined)).toBe(true);
      for (const now of [
        "Associating",
        "Disassociating",
        "AssociationFailed",
        "InvitationPending",
      ] as const) {
        const lasts = ofRoles.includes(state) || (lasting.includes(state) && state === now);
        expect(waitIsOver({ state }, now)).toBe(!lasts);
      }
    }
  });
});
