import { describe, expect, it } from "vitest";
import { newApprovalRequest } from "../../../functions/records/approval-request.ts";
import { type CardRecord, newCardRecord } from "../../../functions/records/card-record.ts";
import {
  cardDigestFrom,
  requestDigestFrom,
  requestDigestOf,
  sweepDigestOf,
  textOf,
} from "../../../functions/records/sweep-digest.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { dev, settledDraft } from "../sweep/sweep-world.ts";

const settled = settledDraft(
  "churn",
  "arn:aws:states:us-east-1:111111111111:execution:cardway-promotion:one",
);
const { modelCardArn } = settled;
const executionArn = "arn:aws:states:us-east-1:111111111111:execution:cardway-promotion:two";
const card = {
  modelCardArn,
  modelCardName: "churn",
  status: "PendingReview" as const,
  creationTime: "2026-01-01T00:00:00.000Z",
  lastModifiedTime: "2026-01-01T00:00:00.000Z",
  version: 1,
  editors: [],
  riskRating: "Low" as const,
};
const request = {
  ...newApprovalRequest(card, {
    lifecycle: "default",
    riskRating: "Low",
    policyVersion: "p1",
    policy: lifecycleSettings.approval.policies.Low,
    approvers: [],
    deputies: [],
    authors: [],
    keyArn: "key",
    now: new Date("2026-01-01T00:00:00.000Z"),
    requestsEnded: 0,
  }),
  waiting: { executionArn, taskToken: "secret-token" },
};

describe("sweepDigestOf", () => {
  it("tells what is noted of a card, by the names of executions", () => {
    const { requestId } = request;
    const record: CardRecord = {
      ...settled,
      claim: { executionArn, state: { status: "Draft" } },
      currentRequest: { requestId, version: 1 },
      outcomesToTell: [requestId],
    };

    expect(cardDigestFrom(textOf(sweepDigestOf(record)) ?? "")).toMatchObject({
      claim: "two",
      request: requestId,
      untold: 1,
      settled: { status: "Draft", by: "one" },
    });
  });

  it("tells another set of audiences by another word", () => {
    const other = { ...settled, announced: { other: dev } };
    expect(sweepDigestOf(other)?.announced).not.toBe(sweepDigestOf(settled)?.announced);
    expect(sweepDigestOf({ ...settled, announced: {} })).not.toHaveProperty("announced");
  });

  it("tells for which lifecycle the settled version was approved, and of no other version", () => {
    const { creationTime } = settled.settled ?? {};
    const approved = { creationTime, version: 1, requestId: request.requestId, lifecycle: "default" };
    expect(sweepDigestOf({ ...settled, approved })).toMatchObject({ approvedFor: "default" });
    expect(sweepDigestOf({ ...settled, approved: { ...approved, version: 2 } })).not.toHaveProperty(
      "approvedFor",
    );
  });

  it("forgets a card that is gone once nothing is left to see to", () => {
    const gone = { ...newCardRecord(modelCardArn), ...(settled.settled && { settled: settled.settled }) };
    const deleted = {
      ...gone,
      settled: {
        ...settled.settled,
        status: "Deleted" as const,
        policyVersion: "p1",
        approvedHere: false,
        executionArn,
      },
    };
    expect(sweepDigestOf(deleted)).toBeUndefined();
    expect(sweepDigestOf({ ...deleted, outcomesToTell: [request.requestId] })).toMatchObject({ untold: 1 });
    expect(sweepDigestOf(newCardRecord(modelCardArn))).toBeUndefined();
  });
});

describe("requestDigestOf", () => {
  it("tells what a request is about and who waits for it, never its token", () => {
    const text = textOf(requestDigestOf(request)) ?? "";
    expect(requestDigestFrom(text)).toStrictEqual({
      status: "open",
      card: {
        status: "PendingReview",
        creationTime: card.creationTime,
        lastModifiedTime: card.lastModifiedTime,
      },
      lifecycle: "default",
      expiresAt: request.expiresAt,
      waiter: "two",
    });
    expect(text).not.toContain("secret-token");
  });

  it.each(["approved", "rejected", "expired"] as const)(
    "tells of one that is %s until that is carried out",
    (status) => {
      expect(requestDigestOf({ ...request, status })).toMatchObject({ status });
      expect(requestDigestOf({ ...request, status, applied: true })).toBeUndefined();
      expect(requestDigestOf({ ...request, status, applied: false })).toBeUndefined();
    },
  );

  it.each(["superseded", "withdrawn"] as const)("tells nothing of one that is %s", (status) => {
    expect(requestDigestOf({ ...request, status })).toBeUndefined();
  });
});
