import { AwsError } from "../wire/aws-error.ts";
import { UndeliverableError } from "./undeliverable-error.ts";

/** Why an event did not reach its target, in the words of a dead-letter queue's message attributes. */
export interface DeliveryFailure {
  errorCode: string;
  errorMessage: string;
  /** EventBridge tries again only on throttling and on errors of the target's service. */
  retriable: boolean;
}

/** EventBridge's codes for what targets answer. */
const knownCodes: Record<string, string> = {
  StateMachineDoesNotExist: "NO_RESOURCE",
  StateMachineDeleting: "NO_RESOURCE",
  ResourceNotFoundException: "NO_RESOURCE",
  QueueDoesNotExist: "NO_RESOURCE",
  ExecutionAlreadyExists: "RESOURCE_ALREADY_EXISTS",
  InvalidExecutionInput: "INVALID_JSON",
  InvalidRequestContentException: "INVALID_JSON",
};

/**
 * Classifies what went wrong when a target was called.
 *
 * @returns nothing for an error that no AWS service answers with: a bug, which the caller has to raise.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function deliveryFailure(error: unknown): DeliveryFailure | undefined {
  if (error instanceof UndeliverableError) {
    return { errorCode: error.errorCode, errorMessage: error.message, retriable: false };
  }
  if (!(error instanceof AwsError)) return undefined;
  const { code, status } = error;
  const errorMessage = error.message === "" ? code : error.message;
  if (status === 429 || /Throttl|TooManyRequests|LimitExceeded/.test(code)) {
    return { errorCode: "THROTTLING", errorMessage, retriable: true };
  }
  if (status >= 500) return { errorCode: "ERROR_FROM_TARGET", errorMessage, retriable: true };
  if (code.startsWith("AccessDenied")) {
    return { errorCode: "NO_PERMISSIONS", errorMessage, retriable: false };
  }
  const errorCode =
    knownCodes[code] ?? (/^(Invalid|Validation)/.test(code) ? "INVALID_PARAMETER" : "SDK_CLIENT_ERROR");
  return { errorCode, errorMessage, retriable: false };
}
