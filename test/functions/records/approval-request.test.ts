import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApprovalPolicySchema, isFulfilled } from "../../../functions/lifecycle/approval-policy.ts";
import type { Card } from "../../../functions/lifecycle/card.ts";
import {
  type ApprovalRequest,
  alsoAsking,
  counted,
  decidingVote,
  endedWithoutDecision,
  firstDeadline,
  newApprovalRequest,
  nextDeadline,
  requestIdFor,
  statusAfter,
  withDueReminders,
  withVote,
} from "../../../functions/records/approval-request.ts";
import { unsent } from "../../../functions/records/notice.ts";

const card: Card = {
  modelCardArn: "arn:aws:sagemaker:us-east-1:111111111111:model-card/churn",
  modelCardName: "churn",
  status: "PendingReview",
  creationTime: "2026-01-01T00:00:00.000Z",
  version: 7,
  lastModifiedTime: "2026-01-02T00:00:00.000Z",
  editors: [],
  riskRating: "High",
};
const policy = ApprovalPolicySchema.parse({
  approvals: 2,
  roles: ["risk-officer"],
  remindAfterHours: [4, 12],
  escalation: { afterHours: 12, to: ["deputy"] },
  expiresAfterHours: 24,
});
const people: Record<string, string[]> = {
  one: ["model-approver"],
  two: ["risk-officer"],
  three: ["model-approver"],
  deputy: ["risk-officer"],
};

function asked(more: Partial<typeof policy> = {}): ApprovalRequest {
  return newApprovalRequest(card, {
    lifecycle: "default",
    riskRating: "High",
    policyVersion: "p1",
    policy: { ...policy, ...more },
    approvers: ["one", "two", "three"].map((id) => ({ id, name: id, roles: people[id] ?? [] })),
    deputies: [{ id: "deputy", name: "deputy", roles: ["risk-officer"] }],
    authors: [],
    keyArn: "key",
    now: at(0),
    requestsEnded: 0,
  });
}

/** Hours after the request. */
function at(hour: number): Date {
  return new Date(Date.UTC(2026, 0, 2, hour));
}

function vote(
  request: ApprovalRequest,
  approverId: string,
  approve: boolean,
  more: { hour?: number; card?: Card; mayDecide?: (approverId: string) => boolean } = {},
) {
  return withVote(request, {
    approverId,
    name: approverId,
    roles: people[approverId] ?? [],
    approve,
    comment: approve ? "" : "No.",
    now: at(more.hour ?? 1),
    card: more.card ?? card,
    eligible: Object.entries(people)
      .filter(([id]) => more.mayDecide?.(id) ?? true)
      .map(([id, roles]) => ({ id, roles })),
  });
}

function voted(
  request: ApprovalRequest,
  ...answers: [approverId: string, approve: boolean][]
): ApprovalRequest {
  return answers.reduce((now, [approverId, approve]) => {
    const outcome = vote(now, approverId, approve);
    return "request" in outcome ? outcome.request : now;
  }, request);
}

const anyChange = fc.oneof(
  fc.record({
    kind: fc.constant("vote" as const),
    approverId: fc.constantFrom("one", "two", "three", "deputy"),
    approve: fc.boolean(),
    hour: fc.nat(30),
    version: fc.constantFrom(7, 7, 7, 8),
    excluded: fc.constantFrom(undefined, undefined, "one", "two"),
  }),
  fc.record({
    kind: fc.constant("end" as const),
    status: fc.constantFrom("superseded" as const, "withdrawn" as const, "expired" as const),
  }),
  fc.record({ kind: fc.constant("time" as const), hour: fc.nat(30) }),
);

describe("an approval request", () => {
  it("ends exactly once, whatever is tried in whatever order, and approves only what its policy is fulfilled for", () => {
    const rules = fc.record({ oneRejectionEnds: fc.boolean(), approvals: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(rules, fc.array(anyChange, { maxLength: 20 }), (terms, changes) => {
        let request = asked(terms);
        let ended = 0;
        for (const next of changes) {
          const before = request;
          if (next.kind === "end") {
            request = endedWithoutDecision(request, next.status, at(1));
          } else if (next.kind === "time") {
            request = withDueReminders(request, at(next.hour), () => true);
          } else {
            const mayDecide = (id: string): boolean => id !== next.excluded;
            const seen = { ...card, version: next.version };
            const outcome = vote(request, next.approverId, next.approve, {
              hour: next.hour,
              card: seen,
              mayDecide,
            });
            if ("request" in outcome) request = outcome.request;
          }
          if (before.status !== "open") expect(request).toBe(before);
          if (before.status === "open" && request.status !== "open") ended += 1;
        }
        const ids = request.votes.map(({ approverId }) => approverId);
        expect(ended).toBeLessThanOrEqual(1);
        expect(new Set(ids).size).toBe(ids.length);
        if (request.status === "approved") {
          expect(
            isFulfilled(
              request.policy,
              request.votes.filter(({ approve }) => approve),
            ),
          ).toBe(true);
        }
      }),
    );
  });

  it("is approved by as many as its policy asks for, one of them in the role", () => {
    expect(voted(asked(), ["one", true]).status).toBe("open");
    expect(voted(asked(), ["one", true], ["three", true]).status).toBe("open");
    expect(voted(asked(), ["one", true], ["two", true])).toMatchObject({
      status: "approved",
      endedAt: at(1).toISOString(),
    });
  });

  it("is decided by the last vote", () => {
    expect(decidingVote(voted(asked(), ["one", true], ["two", true]))?.approverId).toBe("two");
    expect(decidingVote(voted(asked(), ["one", true]))).toBeUndefined();
  });

  it("does not count the vote of somebody who has become an author of the card since", () => {
    const first = voted(asked(), ["one", true]);

    const second = vote(first, "two", true, { mayDecide: (id) => id !== "one" });

    expect("request" in second && second.request.status).toBe("open");
  });

  it.each([
    ["expired", { hour: 24 }],
    ["card-moved", { card: { ...card, version: 8 } }],
    ["card-moved", { card: { ...card, status: "Draft" as const } }],
    ["card-moved", { card: { ...card, creationTime: "2026-01-05T00:00:00.000Z" } }],
    ["card-moved", { card: { ...card, lastModifiedTime: "2026-01-02T00:00:01.000Z" } }],
    ["own-card", { mayDecide: () => false }],
  ])("refuses a vote as %s", (refusal, difference) => {
    expect(vote(asked(), "one", true, difference)).toStrictEqual({ refusal });
  });

  it("is not approved by a rejection, nor rejected by an approval, when voters come and go in the settings", () => {
    const withoutOne = vote(voted(asked(), ["one", true]), "two", true, { mayDecide: (id) => id !== "one" });
    const open = "request" in withoutOne ? withoutOne.request : asked();

    const rejected = vote(open, "three", false);

    expect(open.status).toBe("open");
    expect("request" in rejected && rejected.request).toMatchObject({ status: "rejected" });
    expect("request" in rejected && decidingVote(rejected.request)?.approverId).toBe("three");
  });

  it("is counted again when voters are back in the settings, without a new vote", () => {
    const withoutOne = vote(voted(asked(), ["one", true]), "two", true, { mayDecide: (id) => id !== "one" });
    const open = "request" in withoutOne ? withoutOne.request : asked();
    const everybody = Object.entries(people).map(([id, roles]) => ({ id, roles }));

    expect(counted(open, everybody.slice(1), at(2))).toBe(open);
    expect(counted(open, everybody, at(2))).toMatchObject({
      status: "approved",
      endedAt: at(2).toISOString(),
    });
  });

  it("goes on after a rejection that does not end it, while anybody who may decide can still fulfil it", () => {
    const counting = asked({ oneRejectionEnds: false });

    expect(voted(counting, ["two", false]).status).toBe("open");
    expect(voted(counting, ["two", false], ["deputy", false]).status).toBe("rejected");
  });

  it("takes one vote from each approver, and keeps it", () => {
    const first = voted(asked(), ["one", true]);

    expect(vote(first, "one", false)).toStrictEqual({ refusal: "already-voted" });
  });

  it("has one id for one reading of a card, and another once the card asks again", () => {
    expect(requestIdFor({ ...card }, 0)).toBe(asked().requestId);
    expect(requestIdFor({ ...card, lastModifiedTime: "2026-01-03T00:00:00.000Z" }, 0)).not.toBe(
      asked().requestId,
    );
    expect(requestIdFor(card, 1)).not.toBe(asked().requestId);
  });

  it("asks those who may decide by now besides those who were asked, each once", () => {
    const request = alsoAsking(asked(), [
      { id: "one", name: "one", roles: [] },
      { id: "deputy", name: "deputy", roles: [] },
    ]);

    expect(request.approvers.map(({ approverId }) => approverId)).toStrictEqual([
      "one",
      "two",
      "three",
      "deputy",
    ]);
    expect(request.deputies).toStrictEqual([]);
    expect(unsent(request.notices).map(({ recipientId }) => recipientId)).toContain("deputy");
    expect(alsoAsking(request, [{ id: "two", name: "two", roles: [] }])).toBe(request);
  });

  it.each([
    ["approved", "keep-pending", "Approved"],
    ["rejected", "keep-pending", "Draft"],
    ["expired", "return-to-draft", "Draft"],
    ["expired", "keep-pending", undefined],
    ["superseded", "return-to-draft", undefined],
    ["withdrawn", "return-to-draft", undefined],
    ["open", "return-to-draft", undefined],
  ] as const)("that is %s under %s gives its card the status %s", (status, onExpiry, expected) => {
    expect(statusAfter({ ...asked({ onExpiry }), status })).toBe(expected);
  });
});

describe("withDueReminders", () => {
  const everybody = (): boolean => true;

  it("does nothing before something is due", () => {
    const request = asked();

    expect(withDueReminders(request, at(3), everybody)).toBe(request);
  });

  it("reminds those who have not voted and may still decide, once", () => {
    const request = voted(asked(), ["one", true]);

    const reminded = withDueReminders(request, at(4), (id) => id !== "three");

    expect(reminded.notices.filter(({ kind }) => kind === "reminder")).toMatchObject([
      { recipientId: "two", round: 1 },
    ]);
    expect(withDueReminders(reminded, at(5), everybody)).toBe(reminded);
  });

  it("skips reminders that were slept through", () => {
    const rounds = withDueReminders(asked(), at(13), everybody)
      .notices.filter(({ kind }) => kind === "reminder")
      .map(({ round }) => round);

    expect(new Set(rounds)).toStrictEqual(new Set([2]));
  });

  it("asks the deputies when it is time to escalate, once", () => {
    const escalated = withDueReminders(asked(), at(12), everybody);

    expect(escalated.approvers.at(-1)).toStrictEqual({
      approverId: "deputy",
      name: "deputy",
      roles: ["risk-officer"],
      deputy: true,
    });
    expect(escalated.notices.at(-1)).toMatchObject({ kind: "question", recipientId: "deputy" });
    expect(withDueReminders(escalated, at(13), everybody)).toBe(escalated);
  });

  it("ends a request whose time is up, and no other", () => {
    expect(withDueReminders(asked(), at(24), everybody)).toMatchObject({ status: "expired" });
    const approved = voted(asked(), ["one", true], ["two", true]);
    expect(withDueReminders(approved, at(24), everybody)).toBe(approved);
  });

  it("is never behind its next deadline once it has run", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(23), { maxLength: 5 }), (hours) => {
        let request = asked();
        for (const hour of hours.toSorted((one, other) => one - other)) {
          request = withDueReminders(request, at(hour), everybody);
          expect(nextDeadline(request, at(hour)).getTime()).toBeGreaterThan(at(hour).getTime());
        }
      }),
    );
  });

  it("first has something to do when the policy says so", () => {
    expect(firstDeadline(policy, at(0))).toStrictEqual(at(4));
    expect(nextDeadline(asked(), at(0))).toStrictEqual(at(4));
  });

  it("never lets a wait last longer than six hours, so that nothing is missed for longer", () => {
    const quiet = asked({ remindAfterHours: [], escalation: undefined });

    expect(nextDeadline(quiet, at(0))).toStrictEqual(at(6));
    expect(nextDeadline(quiet, at(20))).toStrictEqual(at(24));
  });
});
