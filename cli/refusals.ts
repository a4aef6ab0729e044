import { AwsCallFailedError, AwsUnavailableError, CardwayError } from "../functions/errors.ts";
import { UsageError } from "./command-line.ts";
import type { Place } from "./place.ts";
import { unseenBy, unseenFinding } from "./reading.ts";

/** The credentials cannot do what a command is for; the message says why, and what to do. */
export class NotConnectedError extends Error {
  override readonly name = "NotConnectedError";
}

/** AWS's names for parts of Cardway that are not there. */
const absent = /^(ResourceNotFoundException|StateMachineDoesNotExist|QueueDoesNotExist|.*NonExistentQueue)$/;

/** How IAM calls services that `awsCall` names for people. */
const prefixes: Record<string, string> = {
  DynamoDB: "dynamodb",
  EventBridge: "events",
  KMS: "kms",
  RAM: "ram",
  SageMaker: "sagemaker",
  "Step Functions": "states",
  STS: "sts",
};

/**
 * What became of a call to AWS, in one sentence each for what it is and what to do.
 *
 * @param place - Where Cardway was looked for; `undefined` where that is not known yet.
 * @returns `undefined` for what is neither an error of AWS nor one of Cardway's own: a mistake in this program.
 */
export function sentenceOf(error: Error, place: Place | undefined): string | undefined {
  if (error instanceof NotConnectedError || error instanceof UsageError) return error.message;
  const isCall = error instanceof AwsCallFailedError || error instanceof AwsUnavailableError;
  const cause = isCall && error.cause instanceof Error ? error.cause : error;
  if (absent.test(cause.name) && place !== undefined) {
    return `Cardway is not deployed in account ${place.accountId} in ${place.region} (${cause.name}). Deploy it there, or name another Region (--region) or endpoint.`;
  }
  const action = isCall ? actionOf(error.operation) : "what this needs";
  const unseen = unseenBy(cause, action);
  if (unseen === undefined || unseen.why === "refused") {
    return error instanceof CardwayError ? error.message : refusedWords(error, unseen !== undefined);
  }
  const { saw, advice } = unseenFinding("", unseen);
  return `${saw} ${advice}`;
}

/** AWS's own text can repeat what it was sent, so its name alone is told. */
function refusedWords(error: Error, isFromAws: boolean): string | undefined {
  return isFromAws ? `AWS refused what this needs with ${error.name}.` : undefined;
}

/** `SageMaker ListModelCards` as IAM calls it. */
function actionOf(operation = "what this needs"): string {
  const [, service = "", name = ""] = /^(.+) (\w+)$/.exec(operation) ?? [];
  const prefix = prefixes[service];
  return prefix === undefined ? operation : `${prefix}:${name}`;
}
