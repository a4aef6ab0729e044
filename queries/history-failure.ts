import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { causeMessage } from "../functions/failure.ts";
import type { HiddenTokens } from "./hidden-tokens.ts";
import type { TaskAttempt } from "./state-visit.ts";

/** What failed, as it is shown. */
export type Failure = Pick<TaskAttempt, "error" | "cause">;

/** Error and cause that an event of a failure carries, whatever failed. */
export function failureOf(event: HistoryEvent, hide: HiddenTokens): Failure {
  const details =
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskStartFailedEventDetails ??
    event.taskSubmitFailedEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails ??
    event.lambdaFunctionScheduleFailedEventDetails ??
    event.lambdaFunctionStartFailedEventDetails ??
    event.activityFailedEventDetails ??
    event.activityTimedOutEventDetails ??
    event.activityScheduleFailedEventDetails ??
    event.evaluationFailedEventDetails ??
    event.executionFailedEventDetails ??
    event.executionAbortedEventDetails ??
    event.executionTimedOutEventDetails;
  return shownFailure(details, hide);
}

/** Without the stack that Lambda gives along. */
export function shownFailure(
  { error, cause }: { error?: string | undefined; cause?: string | undefined } = {},
  hide: HiddenTokens,
): Failure {
  return {
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause: hide.inText(causeMessage(cause)) }),
  };
}
