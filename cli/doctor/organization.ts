import { GetRoleCommand } from "@aws-sdk/client-iam";
import {
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  ListAWSServiceAccessForOrganizationCommand,
} from "@aws-sdk/client-organizations";
import { allPages } from "../../functions/aws/aws-call.ts";
import type { Clients } from "./clients.ts";
import { type Reading, read, seenIn } from "../reading.ts";

export interface Organization {
  organizationId: string;
  managementAccountId: string;
  /** Without all features, RAM cannot share within the organisation. */
  allFeatures: boolean;
}

/** How RAM shares within the organisation, as far as the account that was asked may know. */
export interface OrganizationFacts {
  /** `none`: the account is in no organisation. */
  organization: Reading<Organization | "none">;
  /** Whether Organizations lets RAM in. Only the management account and delegated administrators may ask. */
  trustedAccess: Reading<boolean>;
  /** Whether the account that was asked has RAM's service-linked role, which turning sharing on in RAM makes. */
  serviceLinkedRole: Reading<boolean>;
  /** Account that was asked. */
  askedAccountId: string;
}

const ramPrincipal = "ram.amazonaws.com";
export const serviceLinkedRoleName = "AWSServiceRoleForResourceAccessManager";

/** @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html */
export function readOrganization({
  organizations,
}: Pick<Clients, "organizations">): Promise<OrganizationFacts["organization"]> {
  return read<Organization | "none">(
    "organizations:DescribeOrganization",
    async () => {
      const { Organization: answer } = await organizations.send(new DescribeOrganizationCommand({}));
      return {
        organizationId: answer?.Id ?? "",
        managementAccountId: answer?.MasterAccountId ?? "",
        allFeatures: answer?.FeatureSet === "ALL",
      };
    },
    { AWSOrganizationsNotInUseException: "none" },
  );
}

/**
 * How RAM shares within the organisation.
 *
 * @param organization - Of the model card account, whichever account is asked.
 * @see https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAWSServiceAccessForOrganization.html
 */
export async function readSharing(
  clients: Pick<Clients, "organizations" | "iam">,
  askedAccountId: string,
  organization: OrganizationFacts["organization"],
): Promise<OrganizationFacts> {
  const [trustedAccess, serviceLinkedRole] = await Promise.all([
    read(
      "organizations:ListAWSServiceAccessForOrganization",
      async () => {
        const services = await allPages(async (NextToken) => {
          const answer = await clients.organizations.send(
            new ListAWSServiceAccessForOrganizationCommand({ NextToken }),
          );
          return { items: answer.EnabledServicePrincipals, nextToken: answer.NextToken };
        });
        return services.some(({ ServicePrincipal }) => ServicePrincipal === ramPrincipal);
      },
      { AWSOrganizationsNotInUseException: false },
    ),
    read(
      "iam:GetRole",
      async () => {
        await clients.iam.send(new GetRoleCommand({ RoleName: serviceLinkedRoleName }));
        return true;
      },
      { NoSuchEntityException: false },
    ),
  ]);
  return { organization, trustedAccess, serviceLinkedRole, askedAccountId };
}

/**
 * Whether a stage account is in the organisation of the model card account.
 *
 * @param own - Organisation of the model card account.
 * @param stage - Clients of the stage account, which may always ask for its own organisation.
 */
export async function readMembership(
  accountId: string,
  own: OrganizationFacts["organization"],
  asking: Pick<Clients, "organizations">,
  stage: Pick<Clients, "organizations"> | undefined,
): Promise<Reading<boolean>> {
  if (seenIn(own) === "none") return { seen: false };
  const described = await read(
    "organizations:DescribeAccount",
    async () => {
      await asking.organizations.send(new DescribeAccountCommand({ AccountId: accountId }));
      return true;
    },
    { AccountNotFoundException: false, AWSOrganizationsNotInUseException: false },
  );
  if ("seen" in described || stage === undefined || !("seen" in own)) return described;
  const other = await readOrganization(stage);
  if ("unseen" in other) return other;
  const idOf = (organization: Organization | "none") =>
    organization === "none" ? undefined : organization.organizationId;
  return { seen: idOf(other.seen) === idOf(own.seen) };
}
