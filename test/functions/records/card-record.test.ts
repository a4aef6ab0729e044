import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Card } from "../../../functions/lifecycle/card.ts";
import {
  type CardRecord,
  askedToLookAgain,
  claimed,
  holdsClaim,
  isSettled,
  newCardRecord,
  released,
  settle,
} from "../../../functions/records/card-record.ts";

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
  };
}

/** One execution's next step, or a change of the card by somebody else. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("change" as const) }),
  fc.record({ kind: fc.constantFrom("event" as const, "settle" as const, "fail" as const), who: fc.nat(3) }),
);

describe("the claim on a card", () => {
  it("is held by one execution at a time, and no change of the card goes unseen", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let record: CardRecord = newCardRecord(modelCardArn);
        let moment = 0;
        /** Executions that hold the claim and have to look at the card again. */
        for (const next of steps) {
          const card = cardAt(moment);
          if (next.kind === "change") {
            moment += 1;
            continue;
          }
          const who = `execution-${next.who}`;
          if (next.kind === "event") {
            const free = record.claim === undefined || holdsClaim(record, who);
            if (!free) record = askedToLookAgain(record, card);
            else if (!isSettled(record, card, policyVersion)) record = claimed(record, who, card);
          } else if (next.kind === "settle") {
            const before = record;
            const outcome = settle(record, who, card, policyVersion);
            record = outcome.record;
            if (holdsClaim(before, who) && outcome.settled) {
              // Whoever lets the card go has acted on the state that the card is in.
              expect(before.claim?.state.lastModifiedTime).toBe(card.lastModifiedTime);
              expect(isSettled(record, card, policyVersion)).toBe(true);
            }
            if (!holdsClaim(before, who)) expect(record).toBe(before);
          } else {
            record = released(record, who);
            expect(holdsClaim(record, who)).toBe(false);
          }
        }
      }),
    );
  });

  it("is not let go while somebody saw the card in another state", () => {
    const taken = claimed(newCardRecord(modelCardArn), "one", cardAt(1));
    const asked = askedToLookAgain(taken, cardAt(2));

    const outcome = settle(asked, "one", cardAt(1), policyVersion);

    expect(outcome.settled).toBe(false);
    expect(settle(outcome.record, "one", cardAt(1), policyVersion).settled).toBe(true);
  });

  it("is not disturbed by a duplicate of the event that it was taken for", () => {
    const taken = claimed(newCardRecord(modelCardArn), "one", cardAt(1));

    expect(askedToLookAgain(taken, cardAt(1))).toBe(taken);
  });

  it("counts a state as settled only under the settings that it was settled under", () => {
    const taken = claimed(newCardRecord(modelCardArn), "one", cardAt(1));
    const { record } = settle(taken, "one", cardAt(1), policyVersion);

    expect(isSettled(record, cardAt(1), policyVersion)).toBe(true);
    expect(isSettled(record, cardAt(1), "p2")).toBe(false);
  });
});
