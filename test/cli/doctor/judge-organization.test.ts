import { describe, expect, it } from "vitest";
import { judgeMembership, judgeSharing } from "../../../cli/doctor/judge-organization.ts";
import type { OrganizationFacts } from "../../../cli/doctor/organization.ts";
import type { Reading } from "../../../cli/reading.ts";

const management = "999999999999";
const member = "111111111111";
const denied = {
  unseen: { action: "organizations:X", why: "not allowed", errorName: "AccessDeniedException" },
} satisfies Reading<never>;
const inOrganization = {
  seen: { organizationId: "o-1", managementAccountId: management, allFeatures: true },
};

function judge(facts: Partial<OrganizationFacts>, shareOutsideOrganization = false) {
  return judgeSharing(
    {
      organization: inOrganization,
      trustedAccess: { seen: true },
      serviceLinkedRole: { seen: true },
      askedAccountId: management,
      ...facts,
    },
    { shareOutsideOrganization, access: { region: "eu-west-1", profile: "asked" } },
  );
}

describe("judgeSharing", () => {
  it("is content with sharing that was turned on in RAM", () => {
    expect(judge({})).toMatchObject({ status: "ok" });
  });

  it("knows the trap: turned on in Organizations, without RAM's role; and what its repair costs", () => {
    const finding = judge({ serviceLinkedRole: { seen: false } });

    expect(finding).toMatchObject({
      status: "to do",
      saw: expect.stringContaining("UnknownResourceException"),
      advice: expect.stringContaining("takes the organisation's principals out of all resource shares"),
      commands: [
        "aws organizations disable-aws-service-access --service-principal ram.amazonaws.com --region eu-west-1 --profile asked",
        "aws ram enable-sharing-with-aws-organization --region eu-west-1 --profile asked",
      ],
    });
  });

  it("does not take the role's absence in a member account for the trap", () => {
    const finding = judge({ serviceLinkedRole: { seen: false }, askedAccountId: member });

    expect(finding).toMatchObject({
      status: "cannot tell",
      advice: expect.stringContaining("--management-profile"),
    });
  });

  it("has sharing turned on in RAM, by a command for the management account's own credentials", () => {
    const off = { trustedAccess: { seen: false }, askedAccountId: member };

    expect(judge(off)).toMatchObject({
      status: "to do",
      commands: ["aws ram enable-sharing-with-aws-organization --region eu-west-1"],
    });
    expect(judge(off, true)).toMatchObject({ status: "ok", saw: expect.stringContaining("invitation") });
  });

  it("sends a member account to the management account", () => {
    expect(judge({ trustedAccess: denied, askedAccountId: member })).toMatchObject({
      status: "cannot tell",
      saw: expect.stringContaining(management),
      advice: expect.stringContaining("--management-profile"),
    });
    expect(judge({ trustedAccess: denied })).toMatchObject({
      status: "cannot tell",
      saw: expect.stringContaining("organizations:X"),
    });
  });

  it.each([
    [false, "to do"],
    [true, "ok"],
  ])("minds an account without an organisation unless shares may leave it (%s)", (outside, status) => {
    expect(judge({ organization: { seen: "none" } }, outside)).toMatchObject({ status });
  });

  it("minds an organisation that only bills", () => {
    const organization = { seen: { ...inOrganization.seen, allFeatures: false } };

    expect(judge({ organization })).toMatchObject({
      status: "to do",
      commands: [expect.stringContaining("enable-all-features")],
    });
  });
});

describe("judgeMembership", () => {
  const account = { stages: ["dev"], accountId: "222222222222" };

  it.each([
    [{ seen: true }, false, "ok"],
    [{ seen: false }, false, "to do"],
    [{ seen: false }, true, "ok"],
    [denied, false, "cannot tell"],
  ] satisfies [Reading<boolean>, boolean, string][])(
    "takes %j, with shares outside %s, for %s",
    (isMember, shareOutsideOrganization, status) => {
      expect(judgeMembership(account, isMember, { shareOutsideOrganization })).toMatchObject({ status });
    },
  );
});
