import { mailAttempts } from "../../functions/records/notice.ts";
import { type Deployment, functionArn } from "./deployment.ts";
import { functionNameOf } from "./functions.ts";

/**
 * An Amazon States Language definition with JSONata, as plain data.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
export interface StateMachineDefinition {
  Comment: string;
  QueryLanguage: "JSONata";
  StartAt: string;
  States: Record<string, Record<string, unknown>>;
}

/** Failures of Lambda itself, which AWS recommends to retry in every workflow. */
export const lambdaRetry = {
  ErrorEquals: [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Sandbox.Timedout",
  ],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 6,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};

/**
 * More executions at once than a function's reserved concurrency takes wait their turn, for about half an hour: of a thousand
 * cards that change in one moment, six tries as for other failures would let most fail.
 */
export const busyRetry = {
  ErrorEquals: ["Lambda.TooManyRequestsException"],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 60,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};

/**
 * AWS throttles, and tells nobody at which rate: a thousand cards that change in one moment keep coming for about a quarter of an
 * hour, each at a moment of its own.
 */
export const unavailableRetry = {
  ErrorEquals: ["AwsUnavailableError"],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 35,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
};

/** RAM takes minutes. After about eight the promotion goes on, and what is waited for stays on the card's record. */
const notReadyRetry = {
  ErrorEquals: ["ResourceNotReadyError"],
  IntervalSeconds: 1,
  BackoffRate: 1.5,
  MaxAttempts: 40,
  MaxDelaySeconds: 30,
  JitterStrategy: "FULL",
};

/** An invitation waits for a person, or for a role to be deployed: it is looked at for about a minute. */
const invitationRetry = {
  ErrorEquals: ["InvitationPendingError"],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 24,
  MaxDelaySeconds: 6,
  JitterStrategy: "FULL",
};

const retry = [busyRetry, lambdaRetry, unavailableRetry, notReadyRetry, invitationRetry];

/** The card has moved on since it was read: start over with it as it is now. */
const readAgain = { ErrorEquals: ["CardMovedError"], Next: "ReadCard" };

const recordFailure = {
  ErrorEquals: ["States.ALL"],
  Next: "RecordFailure",
  Assign: {
    failure: "{% $states.errorOutput %}",
    failedAtRedrive: "{% $states.context.Execution.RedriveCount %}",
  },
};

/** The same where something may have failed before: the first failure is the one that counts. */
const recordFirstFailure = {
  ...recordFailure,
  Assign: {
    ...recordFailure.Assign,
    failure: "{% $failure != null ? $failure : $states.errorOutput %}",
  },
};

/** A mail is tried again; after the last time the function announces it and goes on. */
const mailRetry = {
  ErrorEquals: ["NotificationFailedError"],
  IntervalSeconds: 5,
  BackoffRate: 4,
  MaxAttempts: mailAttempts - 1,
  JitterStrategy: "FULL",
};

/** From when the state was entered, or taken up again by a redrive, until there is something to do on the request. */
const secondsUntilDeadline = [
  "{% (",
  "$redriven := $states.context.Execution.RedriveTime;",
  "$entered := $toMillis($states.context.State.EnteredTime);",
  "$from := $redriven ? $max([$entered, $toMillis($redriven)]) : $entered;",
  "$max([1, $ceil(($toMillis($nextDeadline) - $from) / 1000)])",
  ") %}",
].join(" ");

/**
 * The promotion workflow. State name = folder of the function = name of its main export.
 *
 * It acts on what the card is now, never on what an event said: `$promotion` holds what ReadCard found out, and every change
 * of access is followed by another reading. There is no Fail state, because a redrive would only fail there again:
 * RecordFailure itself fails, and on a redrive hands over to ReadCard.
 */
export function promotionWorkflow(deployment: Deployment): StateMachineDefinition {
  const callOf = (folder: string, payload: unknown) => ({
    FunctionName: functionArn(functionNameOf(folder), deployment),
    Payload: payload,
  });

  const invoke = (folder: string, payload: unknown) => ({
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: callOf(folder, payload),
    TimeoutSeconds: 60,
    Retry: retry,
    Catch: [readAgain, recordFailure],
  });

  // Whoever is to hear of an outcome hears it also where access cannot be settled. What RAM has not finished, or somebody has to do
  // in another account, is noted and holds nobody up.
  const settleAccess = (folder: string, afterFailure = "AnybodyToTell") => ({
    ...invoke(folder, "{% $promotion %}"),
    Catch: [
      readAgain,
      {
        ErrorEquals: ["ResourceNotReadyError", "InvitationPendingError", "AwsUnavailableError"],
        Next: "RecordWaiting",
        Assign: { waited: { step: folder, failure: "{% $states.errorOutput %}" } },
      },
      { ...recordFirstFailure, Next: afterFailure },
    ],
  });

  return {
    Comment:
      "Gives a model card the access that its status calls for, and asks approvers where it waits for review.",
    QueryLanguage: "JSONata",
    StartAt: "ReadCard",
    States: {
      ReadCard: {
        ...invoke("read-card", {
          trigger: "{% $states.context.Execution.Input %}",
          executionArn: "{% $states.context.Execution.Id %}",
          readBefore: "{% $exists($promotion) or $states.context.Execution.RedriveCount > 0 %}",
        }),
        Assign: {
          promotion: "{% $states.result.Payload.kind = 'promotion' ? $states.result.Payload : null %}",
          nextDeadline:
            "{% $states.result.Payload.kind = 'promotion' ? $states.result.Payload.nextDeadline : null %}",
          failure: null,
        },
        Output: "{% $states.result.Payload %}",
        Next: "AnythingToDo",
      },
      AnythingToDo: {
        Type: "Choice",
        Choices: [
          { Condition: "{% $states.input.kind = 'nothing-to-do' %}", Next: "NothingToDo" },
          { Condition: "{% $states.input.revertFirst %}", Next: "RevertUpdate" },
          { Condition: "{% $states.input.requestToClose != null %}", Next: "CloseRequest" },
        ],
        Default: "AccessToSettle",
      },
      NothingToDo: { Type: "Succeed" },
      RevertUpdate: {
        ...invoke("revert-update", "{% $promotion %}"),
        // A stage that could write loses its access also where what it wrote cannot be set back.
        Catch: [readAgain, { ...recordFailure, Next: "AccessToSettle" }],
        Next: "ReadCard",
      },
      CloseRequest: { ...invoke("close-request", "{% $promotion %}"), Next: "AccessToSettle" },
      AccessToSettle: {
        Type: "Choice",
        Choices: [{ Condition: "{% $promotion.accessToSettle %}", Next: "RevokeAccess" }],
        Default: "AnybodyToTell",
      },
      RevokeAccess: { ...settleAccess("revoke-access"), Next: "GrantAccess" },
      // What keeps one stage out keeps no other's access from being confirmed and announced.
      GrantAccess: { ...settleAccess("grant-access", "ConfirmAccess"), Next: "ConfirmAccess" },
      ConfirmAccess: {
        ...settleAccess("confirm-access"),
        Arguments: callOf("confirm-access", "{% $merge([$promotion, {'refused': $failure != null}]) %}"),
        Next: "AnybodyToTell",
      },
      RecordWaiting: {
        ...invoke("record-waiting", {
          promotion: "{% $promotion %}",
          step: "{% $waited.step %}",
          failure: "{% $waited.failure %}",
        }),
        Next: "AnybodyToTell",
      },
      AnybodyToTell: {
        Type: "Choice",
        // A request that was closed just now is not among those that ReadCard saw.
        Choices: [
          {
            Condition: "{% $count($promotion.outcomesToTell) > 0 or $promotion.requestToClose != null %}",
            Next: "NotifyOutcome",
          },
        ],
        Default: "AccessSettled",
      },
      NotifyOutcome: {
        ...invoke("notify-outcome", "{% $promotion %}"),
        Retry: [...retry, mailRetry],
        // Why access could not be settled counts more than why nobody could be told.
        Catch: [readAgain, recordFirstFailure],
        Next: "AccessSettled",
      },
      AccessSettled: {
        Type: "Choice",
        Choices: [{ Condition: "{% $failure != null %}", Next: "RecordFailure" }],
        Default: "ReviewNeeded",
      },
      ReviewNeeded: {
        Type: "Choice",
        Choices: [
          { Condition: "{% $promotion.revert != null %}", Next: "RevertUpdate" },
          { Condition: "{% $promotion.returnToReview %}", Next: "ReturnToReview" },
          { Condition: "{% $promotion.approvalNeeded %}", Next: "RequestApproval" },
        ],
        Default: "RecordOutcome",
      },
      ReturnToReview: { ...invoke("return-to-review", "{% $promotion %}"), Next: "ReadCard" },
      RequestApproval: {
        ...invoke("request-approval", {
          promotion: "{% $promotion %}",
          taskToken: "{% $states.context.Task.Token %}",
        }),
        Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
        TimeoutSeconds: secondsUntilDeadline,
        Retry: [...retry, mailRetry],
        Catch: [{ ErrorEquals: ["States.Timeout"], Next: "RemindApprovers" }, readAgain, recordFailure],
        // Whoever ends the wait can say that votes have decided; the functions see whether that is so.
        Output: { kind: "{% $states.result.kind = 'decided' ? 'decided' : 'due' %}" },
        Next: "WaitOver",
      },
      RemindApprovers: {
        ...invoke("remind-approvers", "{% $promotion %}"),
        Assign: {
          nextDeadline:
            "{% $exists($states.result.Payload.nextDeadline) ? $states.result.Payload.nextDeadline : $nextDeadline %}",
        },
        Output: "{% $states.result.Payload %}",
        Next: "WaitOver",
      },
      WaitOver: {
        Type: "Choice",
        Choices: [
          { Condition: "{% $states.input.kind = 'decided' %}", Next: "ApplyDecision" },
          { Condition: "{% $states.input.kind = 'waiting' %}", Next: "RequestApproval" },
          { Condition: "{% $states.input.kind = 'over' %}", Next: "RecordOutcome" },
        ],
        Default: "RemindApprovers",
      },
      ApplyDecision: { ...invoke("apply-decision", "{% $promotion %}"), Next: "ReadCard" },
      RecordOutcome: {
        ...invoke("record-outcome", "{% $promotion %}"),
        Output: "{% $states.result.Payload %}",
        Next: "Settled",
      },
      Settled: {
        Type: "Choice",
        Choices: [{ Condition: "{% $states.input.settled %}", Next: "Done" }],
        Default: "ReadCard",
      },
      Done: {
        Type: "Succeed",
        Output: {
          modelCardArn: "{% $promotion.card.modelCardArn %}",
          version: "{% $promotion.card.version ? $promotion.card.version : null %}",
          status: "{% $promotion.card.status %}",
          lifecycle: "{% $promotion.lifecycle %}",
          access: "{% $promotion.wanted %}",
          waiting: "{% $states.input.waiting %}",
        },
      },
      RecordFailure: {
        ...invoke("record-failure", {
          executionArn: "{% $states.context.Execution.Id %}",
          failure: "{% $failure %}",
          failedAtRedrive: "{% $failedAtRedrive %}",
          redriveCount: "{% $states.context.Execution.RedriveCount %}",
          promotion: "{% $exists($promotion) ? $promotion : null %}",
          trigger: "{% $states.context.Execution.Input %}",
        }),
        Catch: [],
        Next: "ReadCard",
      },
    },
  };
}
