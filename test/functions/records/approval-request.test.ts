import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Card } from "../../../functions/lifecycle/card.ts";
import {
  type ApprovalRequest,
  decided,
  endedWithoutDecision,
  newApprovalRequest,
  requestIdFor,
} from "../../../functions/records/approval-request.ts";

const card: Card = {
  modelCardArn: "arn:aws:sagemaker:us-east-1:111111111111:model-card/churn",
  modelCardName: "churn",
  status: "PendingReview",
  creationTime: "2026-01-01T00:00:00.000Z",
  version: 7,
  lastModifiedTime: "2026-01-02T00:00:00.000Z",
  editors: [],
};
const asked = newApprovalRequest(card, {
  policyVersion: "p1",
  approvers: [
    { id: "one", name: "One" },
    { id: "two", name: "Two" },
  ],
  keyId: "key",
  now: new Date("2026-01-02T00:00:00.000Z"),
  expiresAfterHours: 24,
  requestsEnded: 0,
});

const attempt = {
  approverId: "one",
  approve: true,
  comment: "",
  now: new Date("2026-01-02T01:00:00.000Z"),
  card,
  ownCard: false,
};

const change = fc.oneof(
  fc.record({
    kind: fc.constant("decide" as const),
    approverId: fc.constantFrom("one", "two"),
    approve: fc.boolean(),
    hour: fc.nat(48),
    version: fc.constantFrom(7, 8),
    ownCard: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("end" as const),
    status: fc.constantFrom("superseded" as const, "withdrawn" as const, "expired" as const),
  }),
);

describe("an approval request", () => {
  it("ends exactly once, whatever is tried in whatever order", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        let request: ApprovalRequest = asked;
        let ended = 0;
        for (const next of changes) {
          const before = request;
          if (next.kind === "end") {
            request = endedWithoutDecision(request, next.status, attempt.now);
          } else {
            const now = new Date(Date.UTC(2026, 0, 2, next.hour));
            const outcome = decided(request, {
              ...attempt,
              ...next,
              now,
              card: { ...card, version: next.version },
            });
            if ("request" in outcome) request = outcome.request;
          }
          if (before.status !== "open") expect(request).toBe(before);
          if (before.status === "open" && request.status !== "open") ended += 1;
        }
        expect(ended).toBeLessThanOrEqual(1);
        expect(request.decision !== undefined).toBe(
          request.status === "approved" || request.status === "rejected",
        );
      }),
    );
  });

  it.each([
    ["expired", { now: new Date("2026-01-03T00:00:00.000Z") }],
    ["card-moved", { card: { ...card, version: 8 } }],
    ["card-moved", { card: { ...card, status: "Draft" as const } }],
    ["card-moved", { card: { ...card, creationTime: "2026-01-05T00:00:00.000Z" } }],
    ["own-card", { ownCard: true }],
  ])("refuses a decision as %s", (refusal, difference) => {
    expect(decided(asked, { ...attempt, ...difference })).toStrictEqual({ refusal });
  });

  it("has one id for one reading of a card, and another once the card asks again", () => {
    expect(requestIdFor({ ...card }, 0)).toBe(asked.requestId);
    expect(requestIdFor({ ...card, lastModifiedTime: "2026-01-03T00:00:00.000Z" }, 0)).not.toBe(
      asked.requestId,
    );
    expect(requestIdFor(card, 1)).not.toBe(asked.requestId);
  });
});
