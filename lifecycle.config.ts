import { defineSettings } from "./functions/lifecycle/settings.ts";

/** Everything that an organisation decides about its cards. Every setting is described in functions/lifecycle/settings.ts. */
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

  approvers: [
    { id: "model-approver", name: "Model approver", address: "model-approver@example.com" },
    { id: "risk-officer", name: "Risk officer", address: "risk-officer@example.com" },
  ],

  approval: { sender: "cardway@example.com", expiresAfterHours: 14 * 24 },
});
