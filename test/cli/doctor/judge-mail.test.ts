import { describe, expect, it } from "vitest";
import { judgeMail } from "../../../cli/doctor/judge-mail.ts";
import type { IdentityState, MailAccount, MailFacts } from "../../../cli/doctor/mail.ts";

const ready: MailAccount = {
  inSandbox: false,
  sendingEnabled: true,
  enforcementStatus: "HEALTHY",
  mailsPerDay: 50_000,
  sentInLastDay: 0,
};

function judge(
  account: Partial<MailAccount> = {},
  facts: Partial<MailFacts> = {},
  {
    isDeployed = true,
    senderIdentity = "create",
  }: { isDeployed?: boolean; senderIdentity?: "create" | "existing" } = {},
) {
  const findings = judgeMail(
    {
      account: { seen: { ...ready, ...account } },
      sender: { seen: "verified" },
      senderAddress: { seen: "missing" },
      recipients: [person("lead", "verified"), person("officer", "missing")],
      ...facts,
    },
    { access: { region: "eu-west-1" }, isDeployed, senderIdentity },
  );
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
}

function person(id: string, identity: IdentityState, suppressed = false) {
  return { id, identity: { seen: identity }, suppressed: { seen: suppressed } };
}

describe("judgeMail", () => {
  it("minds nobody's verification outside the sandbox", () => {
    const statuses = Object.values(judge()).map(({ status }) => status);

    expect(statuses).toStrictEqual(["ok", "ok", "ok", "ok"]);
  });

  it("names by id whom the sandbox keeps from being mailed, and both ways out", () => {
    expect(judge({ inSandbox: true, reviewStatus: "PENDING" })["SES sandbox"]).toStrictEqual({
      check: "SES sandbox",
      status: "to do",
      saw: "The account is in the sandbox (a request is PENDING) and cannot mail officer.",
      advice: expect.stringContaining("let the account out"),
      commands: [
        "aws sesv2 put-account-details --production-access-enabled --mail-type TRANSACTIONAL --contact-language EN --website-url https://example.com --region eu-west-1",
        "aws sesv2 create-email-identity --email-identity '<address of officer>' --region eu-west-1",
      ],
    });
  });

  it("is content with a sandbox in which everybody is verified", () => {
    const recipients = [person("lead", "verified")];

    expect(judge({ inSandbox: true }, { recipients })["SES sandbox"]).toMatchObject({ status: "ok" });
  });

  it("cannot tell about a sandbox in which it may not look at people", () => {
    const unseen = { action: "ses:GetEmailIdentity", why: "not allowed", errorName: "X" } as const;
    const recipients = [
      person("lead", "verified"),
      { ...person("officer", "missing"), identity: { unseen } },
    ];

    expect(judge({ inSandbox: true }, { recipients })["SES sandbox"]).toMatchObject({
      status: "cannot tell",
    });
  });

  it.each([
    [{ sendingEnabled: false }, "to do"],
    [{ enforcementStatus: "SHUTDOWN" }, "to do"],
    [{ enforcementStatus: "PROBATION" }, "to do"],
    [{ mailsPerDay: 200, sentInLastDay: 199 }, "to do"],
    [{ mailsPerDay: 200, sentInLastDay: 198 }, "ok"],
    [{ mailsPerDay: -1, sentInLastDay: 1_000_000 }, "ok"],
  ])("takes sending with %j for %s", (account, status) => {
    expect(judge(account)["SES sending"]).toMatchObject({ status });
  });

  it.each([
    ["unverified", true, "to do"],
    ["unverified", false, "to do"],
    ["missing", true, "to do"],
    ["missing", false, "to do later"],
  ] satisfies [IdentityState, boolean, string][])(
    "takes an %s sender, with Cardway deployed %s, for %s",
    (sender, isDeployed, status) => {
      expect(judge({}, { sender: { seen: sender } }, { isDeployed })["SES sender"]).toMatchObject({ status });
    },
  );

  it.each([
    ["verified", "create", false, "to do"],
    ["unverified", "create", false, "to do"],
    ["verified", "create", true, "ok"],
    ["verified", "existing", false, "ok"],
    ["missing", "existing", false, "to do"],
  ] as const)(
    "takes an address that is %s, with senderIdentity %s and Cardway deployed %s, for %s",
    (state, senderIdentity, isDeployed, status) => {
      const facts = { sender: { seen: state }, senderAddress: { seen: state } };

      expect(judge({}, facts, { senderIdentity, isDeployed })["SES sender"]).toMatchObject({ status });
    },
  );

  it("lets the deploy make an address whose domain SES knows", () => {
    const findings = judge({}, { senderAddress: { seen: "missing" } }, { isDeployed: false });

    expect(findings["SES sender"]).toMatchObject({ status: "ok" });
  });

  it("names by id whose mails SES drops", () => {
    const recipients = [person("lead", "verified", true)];

    expect(judge({}, { recipients })["SES suppression"]).toMatchObject({
      status: "to do",
      saw: expect.stringContaining("lead"),
      commands: [expect.stringContaining("delete-suppressed-destination")],
    });
  });
});
