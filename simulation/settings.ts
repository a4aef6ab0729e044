import { type Settings, type SettingsInput, defineSettings } from "../functions/lifecycle/settings.ts";
import lifecycleSettings from "../lifecycle.config.ts";
import { accounts, userArn } from "./accounts.ts";

/** The settings that schedules differ in. */
export interface SettingsVariant {
  onApprovedEdit: NonNullable<SettingsInput["onApprovedEdit"]>;
  requireRecordedApproval: boolean;
  /** Whether stage accounts lie outside the organisation and are invited. */
  shareOutsideOrganization: boolean;
  /** Schedules have sweeps by plan, so that what only they repair can be told from what events do. */
  sweepEveryHours: number;
  /** The stage `test`, by its name and account as they are now. */
  test: { name: string; accountId: string };
}

export const approverIds = ["model-approver", "risk-officer", "dev-lead"] as const;

const { policyVersion: _derived, ...given } = lifecycleSettings;

/** Somebody who approves and also edits cards, as the one user of the development account. */
const devLead = {
  id: "dev-lead",
  name: "Lead of development",
  address: "dev-lead@example.com",
  roles: ["model-approver"],
  identities: [userArn(accounts.dev)],
};

const made = new Map<string, Settings>();

/** The settings of the repository in a variant: the same object for the same variant. */
export function settingsOf({ test, sweepEveryHours, ...variant }: SettingsVariant): Settings {
  const key = JSON.stringify([test, sweepEveryHours, variant]);
  const settings =
    made.get(key) ??
    defineSettings({
      ...given,
      ...variant,
      lifecycles: given.lifecycles.map(({ name, stages }) => ({
        name,
        stages: stages.map((stage) => (stage.name === "test" ? { ...stage, ...test } : stage)),
      })),
      approvers: [...given.approvers.filter(({ id }) => id !== "head-of-models"), devLead],
      approval: {
        ...given.approval,
        policies: {
          Low: { approvals: 1, roles: ["model-approver"], remindAfterHours: [24], expiresAfterHours: 72 },
          Medium: { approvals: 1, roles: ["model-approver"], remindAfterHours: [24], expiresAfterHours: 72 },
          High: { approvals: 2, roles: ["risk-officer"], remindAfterHours: [24], expiresAfterHours: 96 },
        },
      },
      deployment: { ...given.deployment, sweepEveryHours },
    });
  made.set(key, settings);
  return settings;
}
