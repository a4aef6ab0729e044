/**
 * Who calls, worked out from the credentials of a request.
 *
 * `principalArn` is what policies name: the user's ARN, or the ARN of the *role* for an assumed role. `arn` is what
 * `sts get-caller-identity` shows: the same for a user, the session's ARN for an assumed role.
 */
export interface Caller {
  accountId: string;
  principalArn: string;
  arn: string;
  userId: string;
  accessKeyId: string;
}

/** One call of one operation: who, where, and the id that ties answer and log line together. */
export interface Call {
  caller: Caller;
  region: string;
  requestId: string;
}
