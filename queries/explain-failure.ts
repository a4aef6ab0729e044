import { causeMessage, failureThatEnded } from "../functions/failure.ts";
import type { ExecutionSummary } from "./execution-history.ts";
import { type CardwayErrorName, explanationOf, stopped } from "./failure-explanations.ts";

/** Why an execution ended as it did, and what to do. */
export interface FailureExplanation {
  /** The error that counts: where a promotion recorded its failure, what it failed of. */
  error: string;
  /** The error's own words, which name what it is about; empty where it has none. */
  message: string;
  /** One sentence of what happened. */
  meaning: string;
  /** What to do before anything is started again. */
  advice: string;
  /** Whether a redrive is worth trying. */
  redrive: "when-mended" | "no-use";
  /** What a redrive does, or why it is of no use and what to do instead. */
  redriveReason: string;
}

const redriven: Record<Workflow, string> = {
  promotion: "A redrive starts over with the card as it is then.",
  sweep: "The next sweep compares every card from the beginning; npx cardway sweep starts one at once.",
};

type Workflow = "promotion" | "sweep";

/**
 * Explains how an execution ended.
 *
 * @param execution - Its status, error and cause; the cause as Step Functions has it, or its message alone.
 * @returns `undefined` where it has not failed.
 */
export function explainFailure(
  { status, error, cause = "" }: Pick<ExecutionSummary, "status" | "error" | "cause">,
  workflow: Workflow,
): FailureExplanation | undefined {
  if (status !== "FAILED" && status !== "ABORTED" && status !== "TIMED_OUT") return undefined;
  const name = error ?? (status === "TIMED_OUT" ? "States.Timeout" : "");
  const end = { error: name, message: causeMessage(cause) };
  const isRecorded = name === ("PromotionFailedError" satisfies CardwayErrorName);
  const failure = (isRecorded ? failureThatEnded(end.message) : undefined) ?? end;
  const { noUse, ...explanation } = status === "ABORTED" ? stopped : explanationOf(failure.error);
  const isOfUse = workflow === "promotion" && noUse === undefined;
  return {
    ...failure,
    ...explanation,
    redrive: isOfUse ? "when-mended" : "no-use",
    redriveReason: (workflow === "promotion" ? noUse : undefined) ?? redriven[workflow],
  };
}
