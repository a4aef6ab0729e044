import { describe, expect, it } from "vitest";
import { approvalRequestEmail } from "../../web/approval-request-email.tsx";
import { approvalFixture } from "./approval-fixture.ts";
import { textOf } from "./page-text.ts";

const link =
  "https://approvals.example.com/approvals/0f407285-05ff-50e9-bd3c-a17cef9b1c4b/model-approver/abc_-";

function mail(changes: Partial<Parameters<typeof approvalRequestEmail>[0]> = {}) {
  const request = approvalFixture().request();
  return approvalRequestEmail({
    request,
    approverName: "Model approver",
    modelCardName: "Customer-Churn-Model-Card",
    link,
    ...changes,
  });
}

describe("approvalRequestEmail", () => {
  it("asks one question in its subject", () => {
    expect(mail().subject).toBe("Approve Customer-Churn-Model-Card version 2?");
  });

  it.each(["text", "html"] as const)(
    "says in its %s form what, who, until when and that a look is harmless",
    (form) => {
      const text = textOf(mail()[form]);

      expect(text).toContain("Hello Model approver,");
      expect(text).toContain("Customer-Churn-Model-Card version 2 waits for your review");
      expect(text).toMatch(/Version:? 2/);
      expect(text).toMatch(/Asked:? Model approver, Risk officer/);
      expect(text).toMatch(/Answer until:? 5 December 2026, 09:30 UTC/);
      expect(text).toContain("Opening the link changes nothing.");
    },
  );

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

  it("loads nothing and runs nothing", () => {
    expect(mail().html).not.toMatch(/<img|<script|<link|url\(|@import|src=/);
  });

  it("shows names as text, in one line", () => {
    const hostile = "<b>Eve</b>\r\nBcc: eve@example.com\u2028";

    const { subject, text, html } = mail({ approverName: hostile, modelCardName: hostile });

    expect(subject).toBe("Approve <b>Eve</b> Bcc: eve@example.com version 2?");
    expect(text).toContain("Hello <b>Eve</b> Bcc: eve@example.com,\n");
    expect(html).not.toContain("<b>");
  });
});
