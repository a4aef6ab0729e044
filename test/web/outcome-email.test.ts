import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApprovalPolicySchema } from "../../functions/lifecycle/approval-policy.ts";
import { CardSchema } from "../../functions/lifecycle/card.ts";
import {
  type ApprovalRequest,
  type Vote,
  newApprovalRequest,
} from "../../functions/records/approval-request.ts";
import { outcomeEmail } from "../../web/outcome-email.tsx";
import { textOf } from "./page-text.ts";

const arn = "arn:aws:sagemaker:eu-central-1:111111111111:model-card/Customer-Churn-Model-Card";
const endedAt = "2026-11-23T10:00:00.000Z";

const modelApprover = { id: "model-approver", name: "Model approver", roles: ["model-approver"] };
const riskOfficer = { id: "risk-officer", name: "Risk officer", roles: ["risk-officer"] };
const author = { id: "lead", name: "Lead data scientist" };

function endedRequest(changes: Partial<ApprovalRequest> = {}): ApprovalRequest {
  const card = CardSchema.parse({
    modelCardArn: arn,
    modelCardName: "Customer-Churn-Model-Card",
    status: "PendingReview",
    version: 2,
    creationTime: "2026-11-02T08:15:00.000Z",
    lastModifiedTime: "2026-11-21T09:29:41.000Z",
    editors: [],
    riskRating: "High",
  });
  const request = newApprovalRequest(card, {
    lifecycle: "default",
    riskRating: "High",
    policyVersion: "1",
    policy: policy("keep-pending"),
    approvers: [modelApprover, riskOfficer],
    deputies: [],
    authors: [author],
    keyArn: "arn:aws:kms:eu-central-1:111111111111:key/1",
    now: new Date("2026-11-21T09:30:00.000Z"),
    requestsEnded: 0,
  });
  return { ...request, status: "approved", applied: true, endedAt, votes: [], ...changes };
}

function policy(onExpiry: string) {
  return ApprovalPolicySchema.parse({ approvals: 2, roles: ["risk-officer"], onExpiry });
}

function vote({ id, name }: { id: string; name: string }, approve: boolean, comment: string): Vote {
  return { approverId: id, name, roles: [], approve, comment, at: "2026-11-22T09:29:58.000Z" };
}

/** What a person reads of either form, on one line. */
function read(form: "text" | "html", request: ApprovalRequest, person = author): string {
  const email = outcomeEmail({ request, person });
  return form === "text"
    ? email.text.replace(/^> /gm, "").replace(/\s+/g, " ")
    : textOf(email.html.replace(/<style>.*?<\/style>/s, "").replace(/<(th|h2)[^>]*>(.*?)<\/\1>/gs, "$2: "));
}

const rejected = endedRequest({
  status: "rejected",
  votes: [
    vote(riskOfficer, true, ""),
    vote(modelApprover, false, "The report misses a segment.\n\nAdd recall by tenure."),
  ],
});

describe("outcomeEmail", () => {
  it.each([
    [{}, "Approved: Customer-Churn-Model-Card version 2 (High risk)"],
    [{ applied: false }, "Approved without effect: Customer-Churn-Model-Card version 2 (High risk)"],
    [{ status: "rejected" }, "Rejected: Customer-Churn-Model-Card version 2 (High risk)"],
    [{ status: "superseded" }, "Superseded: Customer-Churn-Model-Card version 2 (High risk)"],
    [{ status: "withdrawn" }, "Withdrawn: Customer-Churn-Model-Card version 2 (High risk)"],
    [
      { status: "expired", riskRating: "Unknown" },
      "Expired: Customer-Churn-Model-Card version 2 (risk not rated)",
    ],
  ] as const)("names the end, the version and the risk in its subject (%j)", (changes, subject) => {
    expect(outcomeEmail({ request: endedRequest(changes), person: author }).subject).toBe(subject);
  });

  describe.each(["text", "html"] as const)("in its %s form", (form) => {
    it("says which version it was about, when the request ended and what it took", () => {
      const text = read(form, endedRequest());

      for (const fact of [
        "Hello Lead data scientist,",
        "Model card: Customer-Churn-Model-Card",
        "Version: 2",
        "Risk rating: High",
        "Approvals needed: 2 approvals, one of them by a risk-officer",
        "Ended: 23 November 2026, 10:00 UTC",
        `ARN: ${arn}`,
      ]) {
        expect(text).toContain(fact);
      }
    });

    it.each([
      [true, "Customer-Churn-Model-Card version 2 was approved. The card is Approved now."],
      [
        false,
        "was approved, but the card was changed in the same moment, so the approval has no effect. A new version in review is asked about anew.",
      ],
    ])("says whether an approval was applied (%s)", (applied, sentence) => {
      expect(read(form, endedRequest({ applied }))).toContain(sentence);
    });

    it("claims nothing about the card before an approval was applied", () => {
      const { applied: _applied, ...request } = endedRequest();

      const text = read(form, request);

      expect(text).toContain("version 2 was approved.");
      expect(text).not.toMatch(/Approved now|no effect/);
    });

    it.each([
      [true, "was rejected. The card is back in Draft."],
      [false, "The card was changed in the same moment, so it was not set back to Draft."],
    ])("says whether a rejection was applied (%s)", (applied, sentence) => {
      expect(read(form, { ...rejected, applied })).toContain(sentence);
    });

    it("tells the author the reason for a rejection and what to do", () => {
      const text = read(form, rejected);

      expect(text).toContain("What to do: change the card and send it to review again");
      expect(text).toContain(
        "Why it was rejected: Model approver rejected on 22 November 2026, 09:29 UTC: The report misses a segment. Add recall by tenure.",
      );
      expect(text).toContain(
        "Other votes: Risk officer approved on 22 November 2026, 09:29 UTC, without a comment.",
      );
    });

    it("does not tell an approver to change the card", () => {
      expect(read(form, rejected, riskOfficer)).not.toContain("What to do");
    });

    it.each([
      ["superseded", "has ended without a decision: a newer version of the card took its place."],
      ["withdrawn", "has ended without a decision: the card left its review."],
    ] as const)("says why a request was %s, and that its votes are void", (status, sentence) => {
      const votes = [vote(riskOfficer, true, "Good.")];

      const text = read(form, endedRequest({ status, votes }));

      expect(text).toContain(`${sentence} The votes about this version are void.`);
      expect(text).toContain("Votes: Risk officer approved on 22 November 2026, 09:29 UTC: Good.");
    });

    it("says so where nobody voted", () => {
      const text = read(form, endedRequest({ status: "superseded" }));

      expect(text).toContain("Nobody voted.");
      expect(text).not.toContain("void");
    });

    it.each([
      [
        "return-to-draft",
        "The card is back in Draft. To ask again, send the card to review again, by setting it to PendingReview.",
      ],
      [
        "keep-pending",
        "The card stays in status Pending review. To ask again, edit the card while it is in review, or set it to Draft and then to PendingReview.",
      ],
    ])("says what became of a card that nobody decided about, and how to ask again (%s)", (onExpiry, end) => {
      const text = read(form, endedRequest({ status: "expired", policy: policy(onExpiry) }));

      expect(text).toContain(`without a decision: none was reached by 5 December 2026, 09:30 UTC. ${end}`);
    });

    it("does not say that an expired card is back in Draft where it was changed meanwhile", () => {
      const changes = { status: "expired", applied: false, policy: policy("return-to-draft") } as const;

      const text = read(form, endedRequest(changes));

      expect(text).toContain("it was not set back to Draft.");
      expect(text).not.toContain("is back in Draft");
    });

    it("tells an approver what they voted", () => {
      expect(read(form, rejected, modelApprover)).toContain(
        "You rejected this version on 22 November 2026, 09:29 UTC.",
      );
      expect(read(form, rejected, riskOfficer)).toContain(
        "You approved this version on 22 November 2026, 09:29 UTC.",
      );
      expect(read(form, rejected, riskOfficer)).toContain("Risk officer (you) approved");
    });

    it("tells an approver who did not vote that nothing is left to do", () => {
      expect(read(form, endedRequest(), riskOfficer)).toContain("You did not vote.");
      expect(read(form, endedRequest())).not.toContain("You did not vote.");
    });

    it("says why somebody gets it", () => {
      expect(read(form, endedRequest(), riskOfficer)).toContain(
        "because you were asked to approve this version.",
      );
      expect(read(form, endedRequest())).toContain("because you made this card or answer for it.");
    });
  });

  it("says the same in both forms", () => {
    const words = (text: string): string[] => [...new Set(text.split(" "))].sort();
    const { subject } = outcomeEmail({ request: rejected, person: author });

    expect(words(read("html", rejected).replace(subject, "").trim())).toStrictEqual(
      words(read("text", rejected).trim()),
    );
  });

  it("holds no link, loads nothing and runs nothing", () => {
    const { text, html } = outcomeEmail({ request: rejected, person: author });

    expect(text + html).not.toMatch(/:\/\/|<a |<img|<script|<link|url\(|@import|src=|href/);
  });

  it("quotes a comment on every line, so that none looks like the mail's own", () => {
    const withComment = (comment: string): string[] => {
      const votes = [vote(modelApprover, false, comment)];
      return outcomeEmail({ request: { ...rejected, votes }, person: author }).text.split("\n");
    };
    const own = withComment("x").filter((line) => !line.startsWith("> "));

    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: "binary" }),
            fc.constantFrom("\n", "\r\n", "\u2028", "word ".repeat(30)),
          ),
        ),
        (parts) => {
          const lines = withComment(`x${parts.join("")}`);

          expect(lines.filter((line) => !line.startsWith("> "))).toStrictEqual(own);
          const quoted = lines.filter((line) => line.startsWith("> "));
          expect(Math.max(...quoted.map((line) => Array.from(line).length))).toBeLessThanOrEqual(72);
        },
      ),
    );
  });

  it("shows a comment in its own lines, as text and without links", () => {
    const votes = [vote(modelApprover, false, "No.\r\nhttps://evil.example.com <b>www.evil.com</b>\u202E")];

    const { text, html } = outcomeEmail({ request: { ...rejected, votes }, person: author });

    expect(text).toContain("\n> No.\n> https[:]//evil[.]example[.]com <b>www[.]evil[.]com</b>\n");
    expect(html).toContain("No.<br/>https[:]//evil[.]example[.]com &lt;b&gt;www[.]evil[.]com&lt;/b&gt;<");
  });

  it("is not made for a request that is open", () => {
    expect(() => outcomeEmail({ request: endedRequest({ status: "open" }), person: author })).toThrow(
      TypeError,
    );
  });
});
