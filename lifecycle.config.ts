import { defineSettings } from "./functions/lifecycle/settings.ts";

/** Everything that an organisation decides about its cards. Every setting is described in functions/lifecycle/settings.ts and the files that it imports. */
export default defineSettings({
  modelCardAccountId: "111111111111",

  lifecycles: [
    {
      name: "default",
      stages: [
        {
          name: "dev",
          accountId: "222222222222",
          access: {
            Draft: "read-write",
            PendingReview: "read-write",
            Approved: "read-write",
            Archived: "none",
          },
        },
        {
          name: "test",
          accountId: "333333333333",
          access: { Draft: "none", PendingReview: "read-write", Approved: "read-write", Archived: "none" },
        },
        {
          name: "prod",
          accountId: "444444444444",
          access: { Draft: "none", PendingReview: "none", Approved: "read-only", Archived: "none" },
        },
      ],
    },
  ],

  routes: [{ namePattern: "*", lifecycle: "default" }],

  // Give people their `identities` too (IAM ARNs, user profile names or ARNs): by them Cardway knows who edited a card, and
  // nobody approves their own. On one machine an account's user is for example
  // arn:aws:iam::222222222222:user/administrator.
  approvers: [
    {
      id: "model-approver",
      name: "Model approver",
      address: "model-approver@example.com",
      roles: ["model-approver"],
    },
    {
      id: "risk-officer",
      name: "Risk officer",
      address: "risk-officer@example.com",
      roles: ["risk-officer"],
    },
    {
      id: "head-of-models",
      name: "Head of models",
      address: "head-of-models@example.com",
      roles: ["model-approver", "risk-officer"],
    },
  ],

  authors: [{ id: "data-science-team", name: "Data science team", address: "data-science@example.com" }],

  approval: {
    sender: "cardway@example.com",
    policies: {
      Low: {
        approvals: 1,
        roles: ["model-approver"],
        escalation: { afterHours: 240, to: ["head-of-models"] },
      },
      Medium: {
        approvals: 1,
        roles: ["model-approver"],
        escalation: { afterHours: 240, to: ["head-of-models"] },
      },
      High: {
        approvals: 2,
        roles: ["risk-officer"],
        escalation: { afterHours: 120, to: ["head-of-models"] },
      },
    },
  },

  // Only for AWS: the cards' Region, and who hears of alarms.
  deployment: { region: "us-east-1", operators: [] },
});
