import { type Access, awsCommand } from "../access.ts";
import { type Finding, cannotTell, ok, toDo } from "../finding.ts";
import { type Organization, type OrganizationFacts, serviceLinkedRoleName } from "./organization.ts";
import { type Reading, seenIn, unseenFinding } from "../reading.ts";

const check = "organisation sharing";

/**
 * Whether RAM shares within the organisation without invitations.
 *
 * Turning sharing on in Organizations instead of in RAM leaves out RAM's service-linked role, and shares then fail. To
 * repair that takes every principal of the organisation out of every share.
 *
 * @see https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html#getting-started-sharing-orgs
 * @see https://docs.aws.amazon.com/ram/latest/userguide/tshoot-unknown-resource.html
 */
export function judgeSharing(
  facts: OrganizationFacts,
  { shareOutsideOrganization, access }: { shareOutsideOrganization: boolean; access: Access },
): Finding {
  const { organization } = facts;
  if ("unseen" in organization) return unseenFinding(check, organization.unseen);
  if (organization.seen === "none") {
    return shareOutsideOrganization
      ? ok(check, "The account is in no organisation; the settings allow shares by invitation.")
      : toDo(
          check,
          "The account is in no organisation, and the settings share only within one.",
          "Put the model card account and the stage accounts into one organisation, or set shareOutsideOrganization to true in lifecycle.config.ts.",
        );
  }
  const { managementAccountId, allFeatures } = organization.seen;
  // A profile of another account is no use to who pastes a command there.
  const there = facts.askedAccountId === managementAccountId ? access : { region: access.region };
  if (!allFeatures) {
    return toDo(
      check,
      "The organisation has only consolidated billing, with which RAM does not share.",
      `Enable all features from the management account ${managementAccountId}; every member has to agree.`,
      awsCommand(there, "organizations enable-all-features"),
    );
  }
  if ("unseen" in facts.trustedAccess) return unknownAccess(facts, organization.seen, there);
  if (facts.trustedAccess.seen) return judgeRole(facts, organization.seen, there);
  if (shareOutsideOrganization) {
    return ok(
      check,
      "RAM's sharing within the organisation is off; the settings allow shares by invitation.",
    );
  }
  return toDo(
    check,
    "RAM's sharing within the organisation is off.",
    `Turn it on in RAM, from the management account ${managementAccountId}. Not in Organizations: that leaves out RAM's role, and shares fail with UnknownResourceException.`,
    awsCommand(there, "ram enable-sharing-with-aws-organization"),
  );
}

/** Organizations lets RAM in; whether RAM itself knows is shown by its role in the management account. */
function judgeRole(
  { serviceLinkedRole, askedAccountId }: OrganizationFacts,
  { managementAccountId }: Organization,
  access: Access,
): Finding {
  if (seenIn(serviceLinkedRole) === true) {
    return ok(check, "RAM shares within the organisation, and its service-linked role is there.");
  }
  if (askedAccountId !== managementAccountId) {
    return cannotTell(
      check,
      `Organizations lets RAM in; whether RAM has its role ${serviceLinkedRoleName} shows in the management account ${managementAccountId} only.`,
      "Run this with --management-profile as well.",
    );
  }
  if ("unseen" in serviceLinkedRole) return unseenFinding(check, serviceLinkedRole.unseen);
  return toDo(
    check,
    `Sharing was turned on in Organizations instead of in RAM: the role ${serviceLinkedRoleName} is missing, and shares fail with UnknownResourceException.`,
    "Turn it off in Organizations and on in RAM. That takes the organisation's principals out of all resource shares of all accounts, also of those that have nothing to do with Cardway: tell their owners first, and put the principals back afterwards.",
    awsCommand(access, "organizations disable-aws-service-access --service-principal ram.amazonaws.com"),
    awsCommand(access, "ram enable-sharing-with-aws-organization"),
  );
}

function unknownAccess(
  { trustedAccess, serviceLinkedRole, askedAccountId }: OrganizationFacts,
  { managementAccountId }: Organization,
  access: Access,
): Finding {
  const why = "unseen" in trustedAccess ? trustedAccess.unseen : undefined;
  if (why !== undefined && (why.why !== "not allowed" || askedAccountId === managementAccountId)) {
    return unseenFinding(check, why);
  }
  const role = seenIn(serviceLinkedRole) === true ? `; RAM's role ${serviceLinkedRoleName} is here` : "";
  return cannotTell(
    check,
    `Only the management account ${managementAccountId} and delegated administrators may see whether RAM shares within the organisation${role}.`,
    "Run this with --management-profile as well, or ask somebody who may run this there and sees ram.amazonaws.com in the answer:",
    awsCommand(
      access,
      "organizations list-aws-service-access-for-organization --query EnabledServicePrincipals[].ServicePrincipal",
    ),
  );
}

/** Whether a stage account can get shares. */
export function judgeMembership(
  { stages, accountId }: { stages: string[]; accountId: string },
  isMember: Reading<boolean>,
  { shareOutsideOrganization }: { shareOutsideOrganization: boolean },
): Finding {
  const name = `organisation of ${stages.join(", ")}`;
  if ("unseen" in isMember) {
    if (isMember.unseen.why !== "not allowed") return unseenFinding(name, isMember.unseen);
    return cannotTell(
      name,
      `These credentials may not see whether account ${accountId} is in the organisation.`,
      `Run this with --management-profile, or with --stage-profile ${stages[0] ?? ""}=PROFILE.`,
    );
  }
  if (isMember.seen) return ok(name, `Account ${accountId} is in the same organisation.`);
  if (shareOutsideOrganization) {
    return ok(
      name,
      `Account ${accountId} is not in the organisation: each of its shares comes as an invitation, to be accepted there within 12 hours.`,
    );
  }
  return toDo(
    name,
    `Account ${accountId} is not in the organisation, and the settings share only within it.`,
    "Move it into the organisation, correct its id in lifecycle.config.ts, or set shareOutsideOrganization to true there.",
  );
}
