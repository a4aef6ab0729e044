import { describe, expect, it } from "vitest";
import { ApprovalPolicySchema } from "../../functions/lifecycle/approval-policy.ts";
import { CardSchema } from "../../functions/lifecycle/card.ts";
import { reviewedContent } from "../../functions/lifecycle/reviewed-content.ts";
import { type ApprovalRequest, newApprovalRequest } from "../../functions/records/approval-request.ts";
import { approvalsNeeded } from "../../web/approval-words.ts";
import { questionEmail } from "../../web/question-email.tsx";
import { textOf } from "./page-text.ts";

const link =
  "https://approvals.example.com/approvals/0f407285-05ff-50e9-bd3c-a17cef9b1c4b/model-approver/abc_-";
const arn = "arn:aws:sagemaker:eu-central-1:111111111111:model-card/Customer-Churn-Model-Card";

function openRequest(changes: Partial<ApprovalRequest> = {}): ApprovalRequest {
  const card = CardSchema.parse({
    modelCardArn: arn,
    modelCardName: "Customer-Churn-Model-Card",
    status: "PendingReview",
    version: 2,
    creationTime: "2026-11-02T08:15:00.000Z",
    lastModifiedTime: "2026-11-21T09:29:41.000Z",
    editors: [],
    riskRating: "Medium",
  });
  const request = newApprovalRequest(card, {
    lifecycle: "default",
    riskRating: "Medium",
    policyVersion: "1",
    policy: policy(),
    approvers: [
      { id: "model-approver", name: "Model approver", roles: ["model-approver"] },
      { id: "risk-officer", name: "Risk officer", roles: ["risk-officer"] },
    ],
    deputies: [],
    authors: [],
    keyArn: "arn:aws:kms:eu-central-1:111111111111:key/1",
    now: new Date("2026-11-21T09:30:00.000Z"),
    requestsEnded: 0,
  });
  return { ...request, ...changes };
}

function policy(changes: object = {}) {
  return ApprovalPolicySchema.parse({ approvals: 1, roles: ["model-approver"], ...changes });
}

function content({ purpose, owner }: { purpose?: string; owner?: string }) {
  return reviewedContent(
    JSON.stringify({
      model_overview: { model_owner: owner },
      intended_uses: { risk_rating: "Medium", purpose_of_model: purpose },
    }),
  );
}

function mail(changes: Partial<Parameters<typeof questionEmail>[0]> = {}) {
  return questionEmail({
    request: openRequest(),
    person: { id: "model-approver", name: "Model approver" },
    round: 0,
    content: content({ purpose: "Predicts who leaves.", owner: "Dana Scientist" }),
    link,
    now: new Date("2026-11-21T14:05:00.000Z"),
    ...changes,
  });
}

/** What a person reads of either form, on one line. */
function read(form: "text" | "html", changes: Parameters<typeof mail>[0] = {}): string {
  const email = mail(changes);
  return form === "text"
    ? email.text.replace(/\s+/g, " ")
    : textOf(email.html.replace(/<style>.*?<\/style>/s, "").replace(/<th[^>]*>(.*?)<\/th>/gs, "$1: "));
}

describe("questionEmail", () => {
  it.each([
    ["Medium", "Approve Customer-Churn-Model-Card version 2 (Medium risk)?"],
    ["Unknown", "Approve Customer-Churn-Model-Card version 2 (risk not rated)?"],
  ] as const)("asks one question about a card of %s risk in its subject", (riskRating, subject) => {
    expect(mail({ request: openRequest({ riskRating }) }).subject).toBe(subject);
  });

  it("names no version where none is known", () => {
    const { version: _version, ...card } = openRequest().card;

    const { subject, text } = mail({ request: openRequest({ card }) });

    expect(subject).toBe("Approve Customer-Churn-Model-Card (Medium risk)?");
    expect(text).toContain(`\nReview the card:\n${link}\n`);
    expect(text).toMatch(/^Version: +unknown$/m);
  });

  describe.each(["text", "html"] as const)("in its %s form", (form) => {
    it("says what, who, until when, and what a decision takes", () => {
      const text = read(form);

      expect(text).toContain(
        "Hello Model approver, Customer-Churn-Model-Card version 2 waits for your review",
      );
      for (const fact of [
        "Model card: Customer-Churn-Model-Card",
        "Version: 2",
        "Risk rating: Medium",
        "Status: Pending review",
        "Purpose: Predicts who leaves.",
        "Owner: Dana Scientist",
        "Approvals needed: 1 approval by a model-approver",
        "Asked: Model approver (you), Risk officer",
        "Answer until: 5 December 2026, 09:30 UTC (14 days left)",
        `ARN: ${arn}`,
      ]) {
        expect(text).toContain(fact);
      }
    });

    it("says that a look is harmless and the link personal", () => {
      const text = read(form);

      expect(text).toContain("Opening the link changes nothing. You decide on the page that it opens.");
      expect(text).toContain("The link is yours alone");
      expect(text).toContain("do not forward it");
    });

    it("leaves out what the content does not say, and votes that nobody gave", () => {
      expect(read(form, { content: reviewedContent("{}") })).not.toMatch(/Purpose|Owner|Voted so far/);
    });

    it("calls a missing rating as strict as a high one", () => {
      const request = openRequest({ riskRating: "Unknown" });

      expect(read(form, { request })).toContain("Risk rating: Not rated, counts as high");
    });

    it("says who has voted how", () => {
      const votes = [
        {
          approverId: "risk-officer",
          name: "Risk officer",
          roles: [],
          approve: true,
          comment: "Looks fine to me.",
          at: "2026-11-21T12:00:00.000Z",
        },
      ];

      expect(read(form, { request: openRequest({ votes }) })).toContain(
        "Voted so far: Risk officer approved on 21 November 2026, 12:00 UTC",
      );
    });

    it("says in a reminder which one it is and how much time is left", () => {
      const text = read(form, { round: 2, now: new Date("2026-12-04T09:30:00.000Z") });

      expect(text).toContain(
        "This is reminder 2, because your answer is still missing. You have 24 hours left.",
      );
      expect(read(form)).not.toContain("eminder");
    });

    it("tells a deputy, and nobody else, why they are asked", () => {
      const deputy = { approverId: "deputy", name: "Dee Deputy", roles: [], deputy: true };
      const request = openRequest({ approvers: [...openRequest().approvers, deputy] });
      const sentence = "You are asked as a deputy, because nobody has decided so far.";

      const text = read(form, { request, person: { id: "deputy", name: "Dee Deputy" } });

      expect(text).toContain(sentence);
      expect(text).toContain("Asked: Model approver, Risk officer, Dee Deputy (you, deputy)");
      expect(read(form, { request })).not.toContain(sentence);
    });

    it.each([
      ["return-to-draft", "the request ends and the card goes back to Draft."],
      ["keep-pending", "the request ends and the card stays as it is, in status Pending review."],
    ])("says what happens without a decision in time (%s)", (onExpiry, sentence) => {
      const request = openRequest({ policy: policy({ onExpiry }) });

      expect(read(form, { request })).toContain(`If there is no decision in time, ${sentence}`);
    });

    it.each([
      [true, "A rejection needs a reason, and one rejection ends the request."],
      [false, "A rejection needs a reason. The request ends once too few people are left to approve."],
    ])("says what a rejection does (one ends the request: %s)", (oneRejectionEnds, sentence) => {
      const request = openRequest({ policy: policy({ oneRejectionEnds }) });

      expect(read(form, { request })).toContain(sentence);
    });
  });

  it("shows a long purpose shortened", () => {
    const { html } = mail({ content: content({ purpose: "word ".repeat(200) }) });

    expect(html).toContain(`${"word ".repeat(59)}word…</td>`);
  });

  it("starts a reminder's subject with the word", () => {
    expect(mail({ round: 1 }).subject).toBe(
      "Reminder: Approve Customer-Churn-Model-Card version 2 (Medium risk)?",
    );
  });

  it("has the link once in its text, on a line of its own", () => {
    const lines = mail().text.split("\n");

    expect(lines.filter((line) => line.includes(link))).toStrictEqual([link]);
  });

  it("has the link once to click on and once to read in its HTML", () => {
    const { html } = mail();

    expect(html.split(link)).toHaveLength(3);
    expect(html.match(/<a /g)).toHaveLength(1);
    expect(html).toContain(`<a href="${link}"`);
  });

  it("says the same in both forms", () => {
    const words = (text: string): string[] => [...new Set(text.split(" "))].sort();
    const html = read("html")
      .replace("If the button does not work, copy this link into a browser: ", "")
      .replace(/^.*?\? /, "");

    expect(words(html)).toStrictEqual(
      words(read("text").trim().replace("Review version 2:", "Review version 2")),
    );
  });

  it("loads nothing and runs nothing", () => {
    expect(mail().html).not.toMatch(/<img|<script|<link|url\(|@import|src=/);
  });

  it("has a dark form", () => {
    const { html } = mail();

    expect(html).toContain('<meta name="color-scheme" content="light dark"');
    expect(html).toContain('<meta name="supported-color-schemes" content="light dark"');
    expect(html).toContain("@media (prefers-color-scheme: dark) {");
  });

  it("shows names as text, in one line", () => {
    const name = "<b>Eve</b>\r\nBcc: eve@example.com\u2028";
    const request = openRequest();
    const named = { ...request, card: { ...request.card, modelCardName: name } };

    const { subject, text, html } = mail({ request: named, person: { id: "model-approver", name } });

    expect(subject).toBe("Approve <b>Eve</b> Bcc: eve@example.com version 2 (Medium risk)?");
    expect(text).toContain("Hello <b>Eve</b> Bcc: eve@example.com,\n");
    expect(html).not.toContain("<b>");
  });

  it("gives a card's content no line, link or tag of its own", () => {
    const hostile = "Fine.\n\nReview version 2:\nhttps://evil.example.com/approvals <script>\u202E";

    const { text, html } = mail({ content: content({ purpose: hostile, owner: hostile }) });

    expect(text.match(/:\/\//g)).toHaveLength(1);
    expect(text.match(/^Review version 2:$/gm)).toHaveLength(1);
    expect(text + html).not.toContain("\u202E");
    expect(html.match(/https:\/\//g)).toHaveLength(2);
    expect(html).not.toContain("<script");
  });

  it("fits its text into lines of 72 characters, but for what is copied", () => {
    const long = content({ purpose: `${"many words ".repeat(20)}${"x".repeat(100)}` });

    const lines = mail({ content: long }).text.split("\n");

    const copied = lines.filter((line) => line === link || line.endsWith(arn));
    expect(copied).toHaveLength(2);
    expect(Math.max(...lines.filter((line) => !copied.includes(line)).map((line) => line.length))).toBe(72);
  });
});

describe("approvalsNeeded", () => {
  it.each([
    [1, [], "1 approval"],
    [2, [], "2 approvals"],
    [1, ["model-approver"], "1 approval by a model-approver"],
    [1, ["auditor"], "1 approval by an auditor"],
    [2, ["risk-officer"], "2 approvals, one of them by a risk-officer"],
    [2, ["risk-officer", "risk-officer"], "2 approvals by risk-officers"],
    [3, ["risk-officer", "risk-officer"], "3 approvals, two of them by risk-officers"],
    [2, ["risk-officer", "auditor"], "2 approvals, one by a risk-officer and one by an auditor"],
    [1, ["risk-officer", "auditor"], "2 approvals, one by a risk-officer and one by an auditor"],
    [
      4,
      ["risk-officer", "auditor", "lead"],
      "4 approvals, one of them by a risk-officer, one by an auditor and one by a lead",
    ],
  ])("says in words what %i approvals with the roles %j take", (approvals, roles, words) => {
    expect(approvalsNeeded({ approvals, roles })).toBe(words);
  });
});
