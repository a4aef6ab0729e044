import type { Settings } from "../../functions/lifecycle/settings.ts";
import { deploymentOf, workflowName } from "../../stacks/definitions/deployment.ts";
import { type FunctionDefinition, functions } from "../../stacks/definitions/functions.ts";
import { modelCardAccountPersonaRoles } from "../../stacks/definitions/personas.ts";
import { modelCardAccountRoles } from "../../stacks/definitions/roles.ts";
import { rules } from "../../stacks/definitions/rules.ts";
import { stageAccountRoles } from "../../stacks/definitions/stage-account.ts";
import type { Access } from "../access.ts";
import { type Clients, createClients } from "./clients.ts";
import { isUsable, judgeCaller, readCaller } from "./caller.ts";
import { type Finding, cannotTell, ok } from "../finding.ts";
import { counted } from "../layout.ts";
import { readDelivery } from "./event-delivery.ts";
import { judgeDelivery } from "./judge-delivery.ts";
import { judgeMail } from "./judge-mail.ts";
import { judgeMembership, judgeSharing } from "./judge-organization.ts";
import { type StageAccount, judgeOwnRoles, judgeRole, rolesNotRead } from "./judge-roles.ts";
import { readMail } from "./mail.ts";
import { readMembership, readOrganization, readSharing } from "./organization.ts";
import { judgePermissions, readPermissions } from "./permissions.ts";
import { judgeQuotas, readQuotas } from "./quotas.ts";
import { seenIn } from "../reading.ts";
import { readLiveRole, readRoleExists, readRoles } from "./roles.ts";
import { stageAccountsOf } from "./stage-accounts.ts";

export interface Accounts {
  modelCardAccount: Access;
  /** The organisation's management account, which alone sees how RAM shares within it. */
  managementAccount?: Access;
  /** By account id. */
  stageAccounts: ReadonlyMap<string, Access>;
  now: () => Date;
}

/** A stage account that was reached with credentials of its own. */
interface ReachedAccount extends StageAccount {
  clients: Clients | undefined;
  /** On the credentials; none where none were given. */
  findings: Finding[];
}

/**
 * Looks at everything that a deploy needs and does not make, and at what brings changes of cards to what it made. Changes nothing. A
 * check that AWS refuses does not keep the others from running.
 */
export async function examine(settings: Settings, accounts: Accounts): Promise<Finding[]> {
  const { modelCardAccount: access } = accounts;
  const clients = createClients(access);
  const place = { accountId: settings.modelCardAccountId, access, flag: "--profile" };
  const caller = await readCaller(clients);
  const credentials = judgeCaller("credentials", caller, place);
  const stages = await Promise.all(
    stageAccountsOf(settings).map((account) => reach(account, accounts.stageAccounts.get(account.accountId))),
  );

  const reached = isUsable(caller, settings.modelCardAccountId);
  const deployed = reached ? await readRoleExists(clients.iam, workflowName) : undefined;
  const isDeployed = deployed === undefined || seenIn(deployed) !== false;

  const [own, roles] = await Promise.all([
    reached
      ? modelCardAccountFindings(settings, accounts, clients, stages, isDeployed)
      : [
          cannotTell(
            "model card account",
            "Organisation, RAM, SES, quotas and event delivery were not looked at, for want of credentials of this account.",
            "Do what stands above, then run this again.",
          ),
        ],
    Promise.all(stages.map((stage) => stageAccountFindings(settings, stage, isDeployed))),
  ]);
  return [settingsFinding(settings), credentials, ...own, ...roles.flat()];
}

/** Settings that are not valid end the command before this. */
function settingsFinding({ lifecycles, routes, approvers, policyVersion }: Settings): Finding {
  const stages = lifecycles.flatMap((lifecycle) => lifecycle.stages);
  const counts = [
    counted(lifecycles.length, "lifecycle"),
    counted(stages.length, "stage"),
    counted(routes.length, "route"),
    counted(approvers.length, "approver"),
  ];
  return ok(
    "settings",
    `lifecycle.config.ts is valid: ${counts.join(", ")}; policy version ${policyVersion}.`,
  );
}

async function reach(account: StageAccount, access: Access | undefined): Promise<ReachedAccount> {
  if (access === undefined) return { ...account, clients: undefined, findings: [] };
  const clients = createClients(access);
  const caller = await readCaller(clients);
  const finding = judgeCaller(`credentials of ${account.stages.join(", ")}`, caller, {
    accountId: account.accountId,
    access,
    flag: "--stage-profile",
  });
  return {
    ...account,
    clients: isUsable(caller, account.accountId) ? clients : undefined,
    findings: [finding],
  };
}

async function modelCardAccountFindings(
  settings: Settings,
  accounts: Accounts,
  clients: Clients,
  stages: ReachedAccount[],
  isDeployed: boolean,
): Promise<Finding[]> {
  const { modelCardAccount: access, now } = accounts;
  const deployment = deploymentOf(settings, "", access.region);
  const [organization, permissions, mail, quotas, delivery, ownRoles] = await Promise.all([
    organizationFindings(settings, accounts, clients, stages),
    readPermissions(clients),
    readMail(clients, settings),
    readQuotas(clients),
    readDelivery(clients, rules(deployment, settings), deployment),
    isDeployed
      ? readRoles(clients.iam, [
          ...modelCardAccountRoles(deployment),
          ...modelCardAccountPersonaRoles(deployment, settings),
        ])
      : [],
  ]);
  return [
    ...organization,
    judgePermissions(permissions, access),
    ...judgeMail(mail, { access, isDeployed, senderIdentity: settings.deployment.senderIdentity }),
    ...judgeQuotas(quotas, needsOf(settings, functions), access),
    ...judgeOwnRoles(ownRoles, isDeployed),
    ...judgeDelivery(delivery, { access, isDeployed, settings, now: now() }),
  ];
}

async function organizationFindings(
  settings: Settings,
  { modelCardAccount, managementAccount }: Accounts,
  clients: Clients,
  stages: ReachedAccount[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const organization = await readOrganization(clients);
  const seen = seenIn(organization);
  let asking = { clients, accountId: settings.modelCardAccountId, access: modelCardAccount };
  if (managementAccount !== undefined && seen !== undefined && seen !== "none") {
    const { managementAccountId: accountId } = seen;
    const management = createClients(managementAccount);
    const place = { accountId, access: managementAccount, flag: "--management-profile" };
    const caller = await readCaller(management);
    findings.push(judgeCaller("management account", caller, place));
    if (isUsable(caller, accountId)) asking = { clients: management, accountId, access: managementAccount };
  }
  const sharing = await readSharing(asking.clients, asking.accountId, organization);
  findings.push(
    judgeSharing(sharing, {
      shareOutsideOrganization: settings.shareOutsideOrganization,
      access: asking.access,
    }),
  );
  for (const stage of stages) {
    const isMember = await readMembership(stage.accountId, organization, asking.clients, stage.clients);
    findings.push(judgeMembership(stage, isMember, settings));
  }
  return findings;
}

async function stageAccountFindings(
  settings: Settings,
  { clients, findings, ...account }: ReachedAccount,
  isDeployed: boolean,
): Promise<Finding[]> {
  const definitions = stageAccountRoles(account.accountId, settings);
  if (definitions.length === 0) return findings;
  if (clients === undefined) {
    return findings.length > 0
      ? findings
      : [
          rolesNotRead(
            account,
            definitions.map(({ roleName }) => roleName),
          ),
        ];
  }
  const roles = await Promise.all(
    definitions.map(async (definition) =>
      judgeRole(definition, await readLiveRole(clients.iam, definition.roleName), account, isDeployed),
    ),
  );
  return [...findings, ...roles];
}

/** What Cardway will take up of the account's quotas. */
export function needsOf(
  { lifecycles }: Settings,
  definitions: readonly FunctionDefinition[],
): { reservedConcurrency: number; resourceShares: number } {
  const reserved = definitions.map(({ reservedConcurrency = 0 }) => reservedConcurrency);
  const audiences = lifecycles.flatMap(({ stages }) =>
    stages.flatMap(({ access }) => [...new Set(Object.values(access).filter((value) => value !== "none"))]),
  );
  return {
    reservedConcurrency: reserved.reduce((sum, value) => sum + value, 0),
    resourceShares: audiences.length,
  };
}
