/**
 * An error as an AWS service answers it: the code that SDKs turn into the exception's name, the HTTP status and the
 * text. The only way in which an operation of `local/` refuses a call.
 */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;
  /** Further members of the error's shape, for example `CancellationReasons`. */
  readonly members: Record<string, unknown>;

  constructor(code: string, message: string, status = 400, members: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.members = members;
  }
}
