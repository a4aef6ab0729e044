/** EventBridge itself cannot hand an event to its target. Permanent: it is never retried. */
export class UndeliverableError extends Error {
  override readonly name = "UndeliverableError";
  /** As in a dead-letter queue's message attribute `ERROR_CODE`. */
  readonly errorCode: "INVALID_JSON" | "NO_PERMISSIONS" | "NO_RESOURCE" | "THIRD_ACCOUNT_HOP_DETECTED";

  constructor(errorCode: UndeliverableError["errorCode"], message: string) {
    super(message);
    this.errorCode = errorCode;
  }
}
