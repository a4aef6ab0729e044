import type { PolicyDocument } from "../../stacks/definitions/policy.ts";
import type { RoleDefinition } from "../../stacks/definitions/roles.ts";
import { type Finding, cannotTell, ok, toDo, toDoLater } from "../finding.ts";
import { sameStatements } from "./policy-comparison.ts";
import { type Reading, seenIn, unseenFinding } from "../reading.ts";
import type { LiveRole } from "./roles.ts";

/** A stage account as the settings and the command line name it. */
export interface StageAccount {
  accountId: string;
  /** Stages that are in it, by names that mean no other account. */
  stages: string[];
}

/** `role cardway-card-reader in prod`. */
export function roleCheck(roleName: string, { stages }: StageAccount): string {
  return `role ${roleName} in ${stages.join(", ")}`;
}

/**
 * Whether a role of a stage account is the one that is defined.
 *
 * @param isDeployed - Whether the model card account has Cardway's roles. A trust policy cannot name roles that do not
 *   exist yet, so stage accounts come after it.
 */
export function judgeRole(
  definition: RoleDefinition,
  live: Reading<LiveRole | "missing">,
  account: StageAccount,
  isDeployed: boolean,
): Finding {
  const check = roleCheck(definition.roleName, account);
  const stage = `--stage ${account.stages[0] ?? ""}-account`;
  const command = `npx sst deploy ${stage}`;
  if ("unseen" in live) return unseenFinding(check, live.unseen);
  if (live.seen === "missing") {
    return isDeployed
      ? toDo(
          check,
          `Account ${account.accountId} has no such role.`,
          `Deploy the stage account, with credentials of ${account.accountId}; if it was deployed before, after npx sst refresh ${stage}.`,
          command,
        )
      : toDoLater(
          check,
          `Account ${account.accountId} has no such role, as it should be before the first deploy.`,
          "Deploy the model card account first: IAM takes no trust in roles that do not exist yet. Then deploy the stage account.",
          command,
        );
  }
  const faults = faultsOf(definition, live.seen);
  if (faults.length === 0) return ok(check, "Trust, policies and permissions boundary are as defined.");
  return toDo(
    check,
    `In account ${account.accountId} ${faults.join("; ")}.`,
    `Find out who changed the role (CloudTrail), then deploy the stage account again, with credentials of ${account.accountId}. A deployment sees only what was looked at before it.`,
    `npx sst refresh ${stage}`,
    command,
  );
}

/** Whether the model card account's own roles, of functions, workflows, rules and people, are those that are defined. */
export function judgeOwnRoles(
  roles: readonly { definition: RoleDefinition; live: Reading<LiveRole | "missing"> }[],
  isDeployed: boolean,
): Finding[] {
  const check = "roles of Cardway";
  const deploy = "npx sst deploy --stage production";
  if (!isDeployed) {
    const saw = "None of them is there, as it should be before the first deploy.";
    return [toDoLater(check, saw, "Deploy the model card account, which makes them.", deploy)];
  }
  const unseen = roles.flatMap(({ live }) => ("unseen" in live ? [live.unseen] : []))[0];
  if (unseen !== undefined) return [unseenFinding(check, unseen)];
  const findings = roles.flatMap(({ definition, live }): Finding[] => {
    const role = seenIn(live);
    if (role === undefined) return [];
    const faults = role === "missing" ? ["it is not there"] : faultsOf(definition, role);
    if (faults.length === 0) return [];
    return [
      toDo(
        `role ${definition.roleName}`,
        `In account ${definition.accountId} ${faults.join("; ")}.`,
        "Find out who changed the role (CloudTrail), then deploy the model card account again. A deployment sees only what was looked at before it.",
        "npx sst refresh --stage production",
        deploy,
      ),
    ];
  });
  if (findings.length > 0) return findings;
  return [ok(check, `Trust and policies of all ${roles.length} are as defined.`)];
}

function faultsOf({ trust, policy, permissionsBoundary }: RoleDefinition, live: LiveRole): string[] {
  const faults: string[] = [];
  if (!agrees(live.trust, trust)) faults.push("its trust policy is another than the defined one");
  if (!agrees(live.policy, policy)) faults.push("its inline policies are others than the defined ones");
  if (live.attachedPolicyArns.length > 0) {
    faults.push(`managed policies are attached to it (${live.attachedPolicyArns.join(", ")})`);
  }
  if (permissionsBoundary !== undefined && live.boundary === "none") {
    faults.push("its permissions boundary is missing");
  } else if (permissionsBoundary !== undefined && !agrees(live.boundary, permissionsBoundary)) {
    faults.push("its permissions boundary is another than the defined one");
  }
  return faults;
}

function agrees(found: LiveRole["boundary"], { Statement }: PolicyDocument): boolean {
  return found !== undefined && found !== "none" && sameStatements(found, Statement);
}

/** Where nobody gave credentials for an account whose roles matter. */
export function rolesNotRead({ accountId, stages }: StageAccount, roleNames: string[]): Finding {
  return cannotTell(
    `roles in ${stages.join(", ")}`,
    `No credentials for account ${accountId} were given, so ${roleNames.join(", ")} were not looked at.`,
    `Add --stage-profile ${stages[0] ?? ""}=PROFILE, with a profile of that account.`,
  );
}
