import { AwsError } from "../wire/aws-error.ts";
import { invalidParameter } from "./ram-error.ts";

/** Whom a resource is shared with. */
export interface Principal {
  /** Account id, or ARN of a role or user. */
  id: string;
  accountId: string;
  /** Absent where the principal is a whole account. */
  arn?: string;
}

const identityPattern = /^arn:aws:iam::(?<accountId>[0-9]{12}):(?:role|user)\/[\w+=,.@/-]+$/;
const organizationPattern = /^arn:aws:organizations::[0-9]{12}:organization\/(?<id>o-[a-z0-9]+)$/;
const organizationalUnitPattern = /^arn:aws:organizations::[0-9]{12}:ou\/o-[a-z0-9]+\/(?<id>ou-[a-z0-9-]+)$/;

/**
 * Reads a principal. Organisations and organisational units are answered as if there were none with this id.
 *
 * @throws {AwsError} `InvalidParameterException`, or `UnknownResourceException` for organisations and their units.
 */
export function parsePrincipal(id: string): Principal {
  if (/^[0-9]{12}$/.test(id)) return { id, accountId: id };
  const accountId = identityPattern.exec(id)?.groups?.["accountId"];
  if (accountId !== undefined) return { id, accountId, arn: id };
  const organization = organizationPattern.exec(id)?.groups?.["id"];
  if (organization !== undefined) {
    throw new AwsError("UnknownResourceException", `Organization ${organization} could not be found.`);
  }
  const unit = organizationalUnitPattern.exec(id)?.groups?.["id"];
  if (unit !== undefined) {
    throw new AwsError(
      "UnknownResourceException",
      `OrganizationalUnit ${unit} in unknown organization could not be found.`,
    );
  }
  throw invalidParameter(`Principal ID ${id} is malformed. Verify the ID and try again.`);
}
