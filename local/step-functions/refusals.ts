import { AwsError } from "../wire/aws-error.ts";

export function stateMachineDoesNotExist(arn: string): AwsError {
  return new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
}

export function stateMachineDeleting(arn: string): AwsError {
  return new AwsError("StateMachineDeleting", `State Machine is deleting: '${arn}'`);
}

export function executionDoesNotExist(arn: string): AwsError {
  return new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
}

export function invalidToken(): AwsError {
  return new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
}

/** A request that AWS would carry out and the local endpoint does not. */
export function notBuilt(what: string): AwsError {
  return new AwsError("ValidationException", `${what} is not built in the local endpoint`);
}
