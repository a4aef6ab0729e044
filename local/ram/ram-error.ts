import { AwsError } from "../wire/aws-error.ts";

/** RAM's code for a parameter that it does not take. */
export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}

export function malformedArn(kind: string): AwsError {
  return new AwsError(
    "MalformedArnException",
    `The specified ${kind} ARN is not valid. Verify the ARN and try again.`,
  );
}

export function unknownResourceShare(resourceShareArn: string): AwsError {
  return new AwsError("UnknownResourceException", `ResourceShare ${resourceShareArn} could not be found.`);
}

export function unknownPermission(permissionArn: string): AwsError {
  return new AwsError("UnknownResourceException", `Permission ${permissionArn} could not be found.`);
}

export function operationNotPermitted(message: string): AwsError {
  return new AwsError("OperationNotPermittedException", message);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError("ResourceShareLimitExceededException", message);
}

/** For an association that is still on its way. */
export function invalidStateTransition(status: string): AwsError {
  return new AwsError(
    "InvalidStateTransitionException",
    `At least one of the associations in the resource share is in ${status} status.`,
  );
}

export function unknownAssociation(entity: string): AwsError {
  return new AwsError("UnknownResourceException", `${entity} is not associated with the resource share.`);
}
