import { describe, expect, it } from "vitest";
import type { Card } from "../../../functions/lifecycle/card.ts";
import { reviewOf } from "../../../functions/lifecycle/review.ts";

const card: Card = {
  modelCardArn: "arn:aws:sagemaker:us-east-1:111111111111:model-card/churn",
  modelCardName: "churn",
  status: "Approved",
  creationTime: "2026-01-01T00:00:00.000Z",
  version: 2,
  lastModifiedTime: "2026-01-02T00:00:00.000Z",
  editors: [],
  riskRating: "Low",
};
const settings = { onApprovedEdit: "review-again", requireRecordedApproval: false } as const;
const settledFirstVersion = { ...card, version: 1 };

describe("reviewOf", () => {
  it("opens production for a version that was approved here", () => {
    const review = reviewOf(card, { approvedHere: true, lastSettled: settledFirstVersion }, settings);

    expect(review).toMatchObject({ accessStatus: "Approved", returnToReview: false, approvedOutside: false });
  });

  it("returns a card to review that was edited after its approval, and closes production meanwhile", () => {
    const history = {
      approvedHere: false,
      lastSettled: settledFirstVersion,
      previousVersionStatus: "Approved",
    } as const;

    const review = reviewOf(card, history, settings);

    expect(review).toMatchObject({ accessStatus: "PendingReview", returnToReview: true });
  });

  it("returns it to review also where the approval itself was never settled", () => {
    const lastSettled = { ...settledFirstVersion, status: "PendingReview" } as const;

    const review = reviewOf(
      card,
      { approvedHere: false, lastSettled, previousVersionStatus: "Approved" },
      settings,
    );

    expect(review.returnToReview).toBe(true);
  });

  it("keeps an edited card approved where the settings say so", () => {
    const history = {
      approvedHere: false,
      lastSettled: settledFirstVersion,
      previousVersionStatus: "Approved",
    } as const;

    const review = reviewOf(card, history, { ...settings, onApprovedEdit: "keep" });

    expect(review).toMatchObject({ accessStatus: "Approved", returnToReview: false, approvedOutside: true });
  });

  it("accepts an approval set outside for a version that was seen under review", () => {
    const lastSettled = { ...card, status: "PendingReview" } as const;

    const review = reviewOf(card, { approvedHere: false, lastSettled }, settings);

    expect(review).toMatchObject({ accessStatus: "Approved", approvedOutside: true });
  });

  it("keeps production closed and asks, where an approval has to be recorded here", () => {
    const review = reviewOf(card, { approvedHere: false }, { ...settings, requireRecordedApproval: true });

    expect(review).toMatchObject({ accessStatus: "PendingReview", approvalNeeded: true });
  });

  it("gives a deleted card no access status at all", () => {
    const review = reviewOf({ ...card, status: "Deleted" }, { approvedHere: true }, settings);

    expect(review).toMatchObject({ accessStatus: undefined, approvalNeeded: false });
  });
});
