import { defineSettings } from "../../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";

const { policyVersion: _derived, ...input } = lifecycleSettings;

/** Settings that ask for everything that a deployment can have. */
export default defineSettings({
  ...input,
  shareOutsideOrganization: true,
  deployment: {
    region: "eu-west-1",
    operators: ["operator@example.com", "second@example.com"],
    approvalPageDomain: { name: "approvals.example.com" },
    console: {
      issuer: "https://login.example.com",
      clientId: "cardway-console",
      scopes: ["profile", "groups"],
      groupsClaim: "memberOf",
      operators: ["ml-operators"],
      auditors: ["risk-auditors"],
      domain: { name: "console.example.com" },
    },
    senderIdentity: "existing",
    keptKeys: {
      links: "11111111-2222-4333-8444-555555555555",
      data: "66666666-7777-4888-8999-000000000000",
    },
    sweepEveryHours: 48,
    logRetentionDays: 30,
    cardKeyArns: ["arn:aws:kms:eu-west-1:111111111111:key/99999999-2222-4333-8444-555555555555"],
  },
});
