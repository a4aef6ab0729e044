import { describe, expect, it } from "vitest";
import { type SettingsInput, defineSettings } from "../../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";

const { policyVersion: _derived, ...valid } = lifecycleSettings;
const { Low, Medium, High } = valid.approval.policies;
const [approver, officer] = valid.approvers;
const scoped = { name: "N", address: "n@example.com" };

function faultOf(change: Partial<SettingsInput>): string {
  try {
    defineSettings({ ...valid, ...change });
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return "no fault";
}

function policies(change: object): Partial<SettingsInput> {
  return { approval: { ...valid.approval, policies: { Low, Medium, High, ...change } } };
}

describe("the approval settings", () => {
  it("are complete in lifecycle.config.ts: what the policies ask for, the approvers can give", () => {
    expect(faultOf({})).toBe("no fault");
    expect(faultOf({ approval: { sender: valid.approval.sender } })).toBe("no fault");
  });

  it.each<[string, Partial<SettingsInput>, string]>([
    [
      "a policy that all approvers together cannot fulfil",
      policies({ High: { ...High, approvals: 3, roles: ["risk-officer", "risk-officer", "risk-officer"] } }),
      "approval.policies.High: asks for more than all approvers together can give: approvals 3, roles risk-officer, risk-officer, risk-officer",
    ],
    [
      "a role that nobody has",
      policies({ High: { ...High, roles: ["risk-offcer"] } }),
      'approval.policies.High.roles[0]: "risk-offcer" is no approver\'s role; there are: model-approver, risk-officer',
    ],
    ["no approval at all", policies({ Low: { ...Low, approvals: 0 } }), "approvals: 0 must be at least 1"],
    [
      "a text where a number belongs",
      policies({ Low: { ...Low, expiresAfterHours: "48" } }),
      'expiresAfterHours: "48" must be a number',
    ],
    ["nobody to ask", { approvers: [] }, "approvers: must be at least 1 long"],
    [
      "more roles than approvals",
      policies({
        High: { ...High, approvals: 2, roles: ["risk-officer", "risk-officer", "model-approver"] },
      }),
      "approval.policies.High.approvals: 2 is fewer than the 3 roles",
    ],
    [
      "a higher risk that needs fewer approvals",
      policies({ Medium: { ...Medium, approvals: 2 }, High: { ...High, approvals: 1 } }),
      "approval.policies.High: is laxer than Medium",
    ],
    [
      "a higher risk for which one rejection does not end it",
      policies({ High: { ...High, oneRejectionEnds: false } }),
      "is laxer than Medium",
    ],
    [
      "reminders that are not in order",
      policies({ Low: { ...Low, remindAfterHours: [24, 24] } }),
      "approval.policies.Low.remindAfterHours[1]: 24 must be later than the one before it",
    ],
    [
      "a reminder after the end",
      policies({ Low: { ...Low, remindAfterHours: [400] } }),
      "approval.policies.Low.remindAfterHours[0]: 400 must be before the request expires, after 336 hours",
    ],
    [
      "an escalation after the end",
      policies({ Low: { ...Low, escalation: { afterHours: 336, to: ["head-of-models"] } } }),
      "approval.policies.Low.escalation.afterHours: 336 must be before the request expires",
    ],
    [
      "a deputy who is no approver",
      policies({ Low: { ...Low, escalation: { afterHours: 1, to: ["boss"] } } }),
      'approval.policies.Low.escalation.to[0]: "boss" is the id of no approver',
    ],
    [
      "an outcome of expiry that there is not",
      policies({ Low: { ...Low, onExpiry: "approve" } }),
      'onExpiry: "approve" is not allowed; allowed are: return-to-draft, keep-pending',
    ],
    [
      "one person under two names, by address",
      { approvers: [...valid.approvers, { ...scoped, id: "n", address: "RISK-officer@example.com" }] },
      'approvers[3].address: "RISK-officer@example.com" is another approver\'s too; one person has one vote',
    ],
    [
      "one person under two names, by identity",
      {
        approvers: [
          { ...scoped, id: "m", roles: ["model-approver"], identities: ["jane"] },
          { ...scoped, id: "n", roles: ["risk-officer"], address: "o@example.com", identities: ["Jane"] },
          ...valid.approvers,
        ],
      },
      'approvers[1].identities[0]: "Jane" is another approver\'s too',
    ],
    [
      "one id for an approver and an author",
      { authors: [{ ...scoped, id: "risk-officer" }] },
      'authors[0].id: "risk-officer" is used twice',
    ],
    [
      "an approver who answers for a lifecycle that there is not",
      {
        approvers: [...valid.approvers, { ...scoped, id: "n", answersFor: { lifecycles: ["other"] } }],
      },
      'approvers[3].answersFor.lifecycles: "other" names no lifecycle; there are: default',
    ],
    [
      "an approver who answers for nothing",
      { approvers: [...valid.approvers, { ...scoped, id: "n", answersFor: {} }] },
      "must name cards, linesOfBusiness or lifecycles",
    ],
  ])("are refused with %s", (_case, change, fault) => {
    expect(faultOf(change)).toContain(fault);
  });

  it("leave out the usual reminders that would come after the end", () => {
    const { approval } = defineSettings({
      ...valid,
      ...policies({ Low: { approvals: 1, expiresAfterHours: 48 } }),
    });

    expect(approval.policies.Low.remindAfterHours).toStrictEqual([24]);
  });

  it("take an approver and an author of one address for one person", () => {
    const author = {
      id: "olivia",
      name: "Olivia",
      address: "Risk-Officer@example.com",
      identities: ["olivia"],
    };
    const { approvers } = defineSettings({ ...valid, authors: [...valid.authors, author] });

    expect(approvers.find(({ id }) => id === "risk-officer")?.identities).toStrictEqual(["olivia"]);
  });

  it("let one person approve and hear of cards of their own", () => {
    const author = { id: "author", name: "Author", address: officer?.address ?? "", identities: [] };

    expect(approver).toBeDefined();
    expect(faultOf({ authors: [author] })).toBe("no fault");
  });
});
