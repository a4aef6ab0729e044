import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";

/** Which card of which account and region. */
export interface ModelCardReference {
  accountId: string;
  region: string;
  name: string;
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelCard.html */
export const ModelCardNameSchema = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);

/** A name, or an ARN where a call can reach another account's card. AWS's own pattern, looser than a card's ARN. */
export const ModelCardNameOrArnSchema = z
  .string()
  .min(1)
  .max(256)
  .regex(
    /^(arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:model-card\/.*)?([a-zA-Z0-9](-*[a-zA-Z0-9]){0,62})$/,
  );

const arnPattern =
  /^arn:aws:sagemaker:(?<region>[a-z0-9-]{9,16}):(?<accountId>[0-9]{12}):model-card\/(?<name>[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62})$/;

export function modelCardArn({ accountId, region, name }: ModelCardReference): string {
  return `arn:aws:sagemaker:${region}:${accountId}:model-card/${name}`;
}

/** Takes a card's ARN apart; `undefined` for any other text. */
export function parseModelCardArn(arn: string): ModelCardReference | undefined {
  const { region, accountId, name } = arnPattern.exec(arn)?.groups ?? {};
  return region === undefined || accountId === undefined || name === undefined
    ? undefined
    : { accountId, region, name };
}

/** The ARN that a name or ARN stands for in a call: what IAM is asked about. */
export function requestedModelCardArn(nameOrArn: string, { caller, region }: Call): string {
  return nameOrArn.startsWith("arn:")
    ? nameOrArn
    : modelCardArn({ accountId: caller.accountId, region, name: nameOrArn });
}

/**
 * The card that a name or ARN stands for in a call.
 *
 * @throws {AwsError} `ValidationException` for an ARN that is no model card's, or of another region than the call's.
 */
export function requestedModelCard(nameOrArn: string, call: Call): ModelCardReference {
  const reference = parseModelCardArn(requestedModelCardArn(nameOrArn, call));
  if (reference === undefined) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${nameOrArn}' at 'modelCardName' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]{9,16}:[0-9]{12}:model-card/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`,
    );
  }
  if (reference.region !== call.region) {
    throw new AwsError(
      "ValidationException",
      `The Region ${reference.region} of the model card ARN is not the Region ${call.region} of the request.`,
    );
  }
  return reference;
}
