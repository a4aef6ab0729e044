import type * as errors from "../functions/errors.ts";

export interface Explanation {
  meaning: string;
  advice: string;
  /** Why a redrive is of no use; absent where it is worth trying. */
  noUse?: string;
}

/** Of who operates and who signs in: no execution ends with one. */
type OutsideWorkflows =
  | "OperatorNotProvedError"
  | "ActNotPossibleError"
  | "IssuerUnreachableError"
  | "SignInDeniedError"
  | "IdTokenExpiredError"
  | "IdTokenRefusedError";

type ErrorClass = (typeof errors)[Exclude<keyof typeof errors, "CardwayError" | OutsideWorkflows>];

export type CardwayErrorName = InstanceType<ErrorClass>["name"];

const sameInput =
  "A redrive goes on with the same input. Once it is mended, npx cardway sweep starts another execution where the card is not as it should be.";

const sameDefinition =
  "A redrive runs the workflow as it was when the execution started. Once it is mended and deployed, npx cardway sweep starts another execution where the card is not as it should be.";

/** Every class of functions/errors.ts that an execution can end with. What exactly is wrong, and where, stands in each error's own message. */
const cardwayErrors: Record<CardwayErrorName, Explanation> = {
  InvalidInputError: {
    meaning: "A function was given something that does not have the promised shape.",
    advice:
      "Where the message names the trigger, correct who started the execution; otherwise deploy the model card account again, so that workflow and functions are of one version.",
    noUse: sameInput,
  },
  ConfigurationError: {
    meaning: "The settings, or a function's environment, are wrong.",
    advice: "Correct what the message names, and deploy the model card account again.",
  },
  RecordUnreadableError: {
    meaning: "What Cardway keeps of the card or its request was changed by somebody else and cannot be read.",
    advice: "Restore that record from the table's point-in-time backup.",
  },
  ResourceNotReadyError: {
    meaning: "AWS accepted a call, and its effect was not there after all tries.",
    advice: "Wait some minutes; if it comes again, look at AWS's health page.",
  },
  InvitationPendingError: {
    meaning: "A stage's account outside the organisation has not accepted its invitation.",
    advice: "Accept it in AWS RAM of that account, or deploy the stage account's roles, which do so.",
  },
  AwsUnavailableError: {
    meaning: "AWS throttled or failed for longer than it was tried again.",
    advice: "See on AWS's health page that the service is well again in this Region.",
  },
  AwsCallFailedError: {
    meaning: "AWS refused a call.",
    advice:
      "The message names the call and AWS's reason. Where a permission is missing, npx cardway doctor says which, and a deployment restores it.",
  },
  AssociationFailedError: {
    meaning: "RAM accepted an association and ended it as failed, so a stage has no access.",
    advice: "Mend what RAM says in the message.",
  },
  QuotaReachedError: {
    meaning: "A quota of RAM is used up.",
    advice: "Make room, or ask AWS for a higher quota in Service Quotas.",
  },
  OutsideOrganizationRefusedError: {
    meaning: "RAM keeps a share inside the organisation, and a stage's account lies outside.",
    advice:
      "Set shareOutsideOrganization where that is meant, and deploy; otherwise take the account into the organisation.",
  },
  CardMovedError: {
    meaning: "The card changed, or another execution took it over, while this one was at work.",
    advice: "There is nothing to mend.",
  },
  ReadOnlyBrokenError: {
    meaning: "A principal of a read-only stage could update the card.",
    advice: "The event ReadOnlyBroken says who and where: take that permission or share away.",
  },
  ReaderRoleMissingError: {
    meaning: "A read-only stage has no reader role that can be used.",
    advice: "Deploy that stage's account, as docs/deploy.md says.",
  },
  TooFewApproversError: {
    meaning: "Those who may decide about the card are too few for its approval policy.",
    advice:
      "Name another approver in the settings, or change who answers for such cards, and deploy the model card account.",
  },
  LinkKeyGoneError: {
    meaning: "The key that signs the links of an open request cannot be used any more.",
    advice: "Enable the key in AWS KMS, or give it its alias back.",
  },
  NotificationFailedError: {
    meaning: "Somebody who has to decide or to hear was not told, after all tries.",
    advice: "Check their address in the settings, and the sender in SES; npx cardway doctor looks at both.",
  },
  PromotionFailedError: {
    meaning: "The promotion failed, and that is on record.",
    advice: "Mend what the message names.",
  },
};

const lambdaUnwell: Explanation = {
  meaning: "Lambda could not run a function, for all the times it was tried again.",
  advice:
    "Where the message says not authorized, deploy the model card account again; otherwise see on AWS's health page that Lambda is well again.",
};

const processEnded: Explanation = {
  meaning: "A function's process ended before the function had: its time or its memory was used up.",
  advice: "The function's log says at what it was.",
};

const notLoaded: Explanation = {
  meaning: "A function's code cannot be loaded, or the function is not there.",
  advice: "Deploy the model card account again.",
};

/**
 * What else the workflows can end with.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
const otherErrors: Record<string, Explanation> = {
  "States.Timeout": {
    meaning: "A task, or the execution, took longer than it may.",
    advice: "The function's log says what it waited for.",
  },
  "States.TaskFailed": {
    meaning: "A task failed without a name for why.",
    advice: "The function's log says more.",
  },
  "States.Permissions": {
    meaning: "The workflow's role may not call a function.",
    advice: "Deploy the model card account again, which restores the role.",
  },
  "States.Runtime": {
    meaning:
      "The workflow itself could not go on: a state got what it cannot use, or the execution has as many events as AWS keeps.",
    advice: "The last state's input says which; report it.",
    noUse: sameDefinition,
  },
  "States.QueryEvaluationError": {
    meaning: "An expression of the workflow could not be evaluated.",
    advice: "The message names the state and the field; report it.",
    noUse: sameDefinition,
  },
  "States.DataLimitExceeded": {
    meaning: "A state got or gave more data than Step Functions takes.",
    advice: "The message names the state; report it.",
    noUse: sameDefinition,
  },
  "Lambda.TooManyRequestsException": {
    meaning: "More executions waited for a function than it took on within half an hour.",
    advice: "Wait until fewer cards change at once. If it comes often, raise the function's concurrency.",
  },
  "Lambda.ServiceException": lambdaUnwell,
  "Lambda.AWSLambdaException": lambdaUnwell,
  "Lambda.SdkClientException": lambdaUnwell,
  "Lambda.ClientExecutionTimeoutException": lambdaUnwell,
  "Lambda.Unknown": lambdaUnwell,
  "Lambda.ResourceNotFoundException": notLoaded,
  "Runtime.ImportModuleError": notLoaded,
  "Runtime.UserCodeSyntaxError": notLoaded,
  "Runtime.ExitError": processEnded,
  "Sandbox.Timedout": processEnded,
  SweepIncompleteError: {
    meaning: "Some cards could not be compared. All others were, and those that differ are being repaired.",
    advice: "The log of cardway-sweep says which cards, and why.",
  },
};

export const stopped: Explanation = {
  meaning: "Somebody stopped the execution.",
  advice: "CloudTrail's StopExecution says who. The next look at the card goes on where it stands.",
};

const bug: Explanation = {
  meaning: "An error that is not foreseen, so most likely a bug.",
  advice: "The function's log says where it was raised; report it, and deploy what mends it.",
};

/** What an error means, and what to do. */
export function explanationOf(error: string): Explanation {
  const all: Record<string, Explanation> = { ...cardwayErrors, ...otherErrors };
  return (Object.hasOwn(all, error) ? all[error] : undefined) ?? bug;
}
