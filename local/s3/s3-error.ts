import { AwsError } from "../wire/aws-error.ts";

/** An error of Amazon S3, which says some things in headers only. */
export class S3Error extends AwsError {
  readonly headers: Record<string, string>;

  constructor(
    code: string,
    message: string,
    status: number,
    { members, headers = {} }: { members?: Record<string, unknown>; headers?: Record<string, string> } = {},
  ) {
    super(code, message, status, members);
    this.headers = headers;
  }
}

export function noSuchBucket(bucket: string): S3Error {
  return new S3Error("NoSuchBucket", "The specified bucket does not exist", 404, {
    members: { BucketName: bucket },
  });
}

/** @param headers - What S3 tells of a delete marker that is in the object's place. */
export function noSuchKey(key: string, headers: Record<string, string> = {}): S3Error {
  return new S3Error("NoSuchKey", "The specified key does not exist.", 404, {
    members: { Key: key },
    headers,
  });
}

export function preconditionFailed(condition: string): S3Error {
  return new S3Error(
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
    412,
    { members: { Condition: condition } },
  );
}

export function invalidArgument(message: string): S3Error {
  return new S3Error("InvalidArgument", message, 400);
}
