import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SageMakerModelCardStateChange } from "../../../events/sagemaker-model-card-state-change.ts";
import type { Card } from "../../../functions/lifecycle/card.ts";
import { ApiCallSchema, TriggerSchema } from "../../../functions/read-card/trigger.ts";
import {
  type CardRecord,
  askedToLookAgain,
  claimed,
  editorsOf,
  holdsClaim,
  isSettled,
  newCardRecord,
  released,
  settle,
  withOutsideApproval,
  withWaits,
  withoutAudience,
} from "../../../functions/records/card-record.ts";
import { withFound } from "../../../functions/records/access-wait.ts";

const modelCardArn = "arn:aws:sagemaker:us-east-1:111111111111:model-card/churn";
const policyVersion = "p1";

function cardAt(moment: number): Card {
  return {
    modelCardArn,
    modelCardName: "churn",
    status: "Draft",
    creationTime: "2026-01-01T00:00:00.000Z",
    version: 1,
    lastModifiedTime: new Date(Date.UTC(2026, 0, 1, 0, 0, moment)).toISOString(),
    editors: [],
    riskRating: "Low",
  };
}

/** One execution's next step, or a change of the card by somebody else. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("change" as const) }),
  fc.record({ kind: fc.constantFrom("event" as const, "settle" as const, "fail" as const), who: fc.nat(3) }),
);

describe("the claim on a card", () => {
  it("is held for one reading at a time, and no change of the card goes unseen", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let record: CardRecord = newCardRecord(modelCardArn);
        let moment = 0;
        const readings = new Map<string, Card>();
        for (const next of steps) {
          const card = cardAt(moment);
          if (next.kind === "change") {
            moment += 1;
            continue;
          }
          const executionArn = `execution-${next.who}`;
          if (next.kind === "event") {
            const free = record.claim === undefined || record.claim.executionArn === executionArn;
            if (!free) record = askedToLookAgain(record, card);
            else if (!isSettled(record, card, policyVersion)) {
              record = claimed(record, executionArn, card);
              readings.set(executionArn, card);
            }
          } else if (next.kind === "settle") {
            const reading = { executionArn, card: readings.get(executionArn) ?? card };
            const before = record;
            const outcome = settle(record, reading, card, policyVersion);
            record = outcome.record;
            if (holdsClaim(before, reading) && outcome.settled) {
              // Whoever lets the card go has acted on the state that the card is in.
              expect(before.claim?.state.lastModifiedTime).toBe(card.lastModifiedTime);
              expect(isSettled(record, card, policyVersion)).toBe(true);
            }
            if (!holdsClaim(before, reading)) expect(record).toBe(before);
          } else {
            const asked = record.lookAgain && record.claim?.executionArn === executionArn;
            const outcome = released(record, executionArn);
            record = outcome.record;
            expect(outcome.lookAgain).toBe(asked);
            expect(record.claim?.executionArn === executionArn).toBe(asked);
          }
        }
      }),
    );
  });

  it("is not let go while somebody saw the card in another state, until it is taken for what the card is now", () => {
    const reading = { executionArn: "one", card: cardAt(1) };
    const asked = askedToLookAgain(claimed(newCardRecord(modelCardArn), "one", cardAt(1)), cardAt(2));

    const outcome = settle(asked, reading, cardAt(1), policyVersion);

    expect(outcome).toStrictEqual({ record: asked, settled: false });
    // Whoever tries again after a death in between hears the same.
    expect(settle(outcome.record, reading, cardAt(1), policyVersion)).toStrictEqual(outcome);
    const taken = claimed(outcome.record, "one", cardAt(2));
    const next = { executionArn: "one", card: cardAt(2) };
    expect(settle(taken, next, cardAt(2), policyVersion).settled).toBe(true);
  });

  it("is not let go by a late step of the same execution that worked on an earlier reading", () => {
    const reclaimed = claimed(newCardRecord(modelCardArn), "one", cardAt(2));

    const outcome = settle(reclaimed, { executionArn: "one", card: cardAt(1) }, cardAt(2), policyVersion);

    expect(outcome).toStrictEqual({ record: reclaimed, settled: true });
  });

  it("is not disturbed by a duplicate of the event that it was taken for", () => {
    const taken = claimed(newCardRecord(modelCardArn), "one", cardAt(1));

    expect(askedToLookAgain(taken, cardAt(1))).toBe(taken);
  });

  it("counts a state as settled only under the settings that it was settled under", () => {
    const taken = claimed(newCardRecord(modelCardArn), "one", cardAt(1));
    const { record } = settle(taken, { executionArn: "one", card: cardAt(1) }, cardAt(1), policyVersion);

    expect(isSettled(record, cardAt(1), policyVersion)).toBe(true);
    expect(isSettled(record, cardAt(1), "p2")).toBe(false);
  });

  it("remembers everybody who was seen to work on the card until what follows the approved version, and its creator for good", () => {
    const created = claimed(newCardRecord(modelCardArn), "one", {
      ...cardAt(1),
      editors: ["creator"],
      creator: ["creator"],
    });
    const edited = claimed(created, "one", { ...cardAt(2), version: 2, editors: ["editor"] });
    const moved = claimed(edited, "one", { ...cardAt(3), version: 2, editors: ["who set the status"] });
    const approvedVersion = { ...cardAt(3), version: 2 };
    const approved = withOutsideApproval(moved, approvedVersion);

    const next = { ...cardAt(4), version: 3 };
    expect(editorsOf(moved, next)).toStrictEqual(["creator", "editor", "who set the status"]);
    expect(editorsOf(approved, approvedVersion)).toStrictEqual(["creator", "editor", "who set the status"]);
    expect(editorsOf(approved, next)).toStrictEqual(["creator"]);
    expect(editorsOf(moved, { ...next, creationTime: "2026-02-01T00:00:00.000Z" })).toStrictEqual([]);
  });

  it("takes for a change in the same moment only what is newer than the reading that it is held for", () => {
    const taken = claimed(newCardRecord(modelCardArn), "one", cardAt(2));

    expect(askedToLookAgain(taken, cardAt(1))).toMatchObject({ lookAgain: true });
    expect(askedToLookAgain(taken, cardAt(1)).seen).toBeUndefined();
    expect(askedToLookAgain(taken, cardAt(3)).seen?.lastModifiedTime).toBe(cardAt(3).lastModifiedTime);
  });

  it("takes the creator of a later version for the card's only where nobody else is known", () => {
    const first = { ...cardAt(1), creator: ["first"] };
    const later = { ...cardAt(2), version: 2, creator: ["later"] };
    const created = claimed(newCardRecord(modelCardArn), "one", first);

    expect(claimed(created, "one", later).editors?.creator).toStrictEqual(["first"]);
    expect(claimed(newCardRecord(modelCardArn), "one", later).editors?.creator).toStrictEqual(["later"]);
  });
});

describe("an API call", () => {
  it.each([
    ["CreateModelCard", ["arn:aws:iam::111111111111:user/ada"]],
    ["UpdateModelCard", []],
  ])("%s names the creator of the card only where it creates one", (eventName, creator) => {
    const caller = "arn:aws:iam::111111111111:user/ada";
    const apiCall = {
      modelCardName: "churn",
      region: "us-east-1",
      account: "111111111111",
      eventName,
      caller,
    };

    expect(ApiCallSchema.parse({ apiCall })).toMatchObject({ creator, editors: [caller] });
  });

  it.each(["", null, undefined])(
    "may leave all but the card out, however EventBridge fills that in (%j)",
    (none) => {
      const card = { modelCardName: "churn", region: "us-east-1", account: "111111111111" };
      const names = ["eventName", "eventId", "caller", "callerAccount", "eventTime", "status"];
      const apiCall = { ...card, ...Object.fromEntries(names.map((name) => [name, none])) };

      expect(ApiCallSchema.parse({ apiCall })).toMatchObject({ creator: [], editors: [], updates: [] });
    },
  );
});

describe("SageMaker's event", () => {
  it.each([undefined, null])("may know nobody who did it, and neither model nor key (%j)", (none) => {
    const { sample } = SageMakerModelCardStateChange;
    const nobody = { DomainId: none, UserProfileArn: none, UserProfileName: none, IamIdentity: none };
    const unknown = { ModelId: none, LastModifiedTime: none, SecurityConfig: none, CreatedBy: none };
    const detail = { ...sample.detail, ...unknown, LastModifiedBy: nobody };

    expect(TriggerSchema.parse({ ...sample, detail })).toMatchObject({
      modelCardArn: sample.resources[0],
      version: 2,
      editors: [],
      updates: [],
    });
  });
});

describe("a card that waits for access", () => {
  it("is not settled, so that a duplicate of its event plans again, until access is confirmed", () => {
    const card = cardAt(0);
    const claimedRecord = claimed(newCardRecord(modelCardArn), "execution-1", card);
    const { record } = settle(claimedRecord, { executionArn: "execution-1", card }, card, policyVersion);
    const audience = {
      lifecycle: "default",
      stage: "dev",
      accountId: "222222222222",
      access: "read-write",
    } as const;
    const found = [{ audience, state: "Associating" as const, message: "" }];

    const waiting = withWaits(record, withFound({}, found, new Date("2026-01-01T00:00:00.000Z")));

    expect(
      [record, waiting, withWaits(waiting, {})].map((one) => isSettled(one, card, policyVersion)),
    ).toStrictEqual([true, false, true]);
  });

  it("waits no more for an audience whose share is retired", () => {
    const audience = {
      lifecycle: "default",
      stage: "dev",
      accountId: "222222222222",
      access: "read-write",
    } as const;
    const found = [{ audience, state: "Associating" as const, message: "" }];
    const waits = withFound({}, found, new Date("2026-01-01T00:00:00.000Z"));

    expect(withoutAudience(withWaits(newCardRecord(modelCardArn), waits), audience).waiting).toStrictEqual(
      {},
    );
  });
});
