import { describe, expect, it } from "vitest";
import * as z from "zod";
import * as errors from "../../functions/errors.ts";
import { endingMessage } from "../../functions/failure.ts";
import { explainFailure } from "../../queries/explain-failure.ts";
import { sweepWorkflow } from "../../stacks/definitions/sweep-workflow.ts";
import { promotionWorkflow } from "../../stacks/definitions/workflow.ts";
import { accounts, pageUrl, region } from "../workflow/test-cloud.ts";

const deployment = { modelCardAccountId: accounts.owner, region, approvalPageUrl: pageUrl };

const StatesSchema = z.record(
  z.string(),
  z.object({
    Error: z.string().optional(),
    Retry: z.array(z.object({ ErrorEquals: z.array(z.string()) })).default([]),
    Catch: z.array(z.object({ ErrorEquals: z.array(z.string()) })).default([]),
  }),
);

/** All names of errors that a workflow retries, catches or ends with. */
function errorsOf({ States }: { States: object }): string[] {
  const states = Object.values(StatesSchema.parse(States));
  const names = states.flatMap(({ Error: error, Retry, Catch }) => [
    ...(error === undefined ? [] : [error]),
    ...[...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals),
  ]);
  return [...new Set(names)].filter((name) => name !== "States.ALL");
}

/** What an unforeseen error is explained as. */
const unforeseen = explainFailure({ status: "FAILED", error: "TypeError" }, "promotion")?.meaning;

function meaningOf(error: string, workflow: "promotion" | "sweep" = "promotion"): string | undefined {
  return explainFailure({ status: "FAILED", error, cause: "Something." }, workflow)?.meaning;
}

describe("explainFailure", () => {
  // Of who operates and who signs in: no execution ends with one.
  const outsideWorkflows =
    /^(OperatorNotProved|ActNotPossible|IssuerUnreachable|SignInDenied|IdTokenExpired|IdTokenRefused)Error$/;
  const classes = Object.keys(errors).filter(
    (name) => name !== "CardwayError" && !outsideWorkflows.test(name),
  );

  it.each(classes)("explains %s", (name) => {
    const explained = explainFailure({ status: "FAILED", error: name, cause: "Something." }, "promotion");

    expect(explained?.meaning).not.toBe(unforeseen);
    expect(explained).toMatchObject({ error: name, message: "Something." });
  });

  it("explains every error that the workflows retry, catch or end with", () => {
    const names = [...errorsOf(promotionWorkflow(deployment)), ...errorsOf(sweepWorkflow(deployment))];

    expect(names).toContain("SweepIncompleteError");
    expect(names.length).toBeGreaterThan(12);
    expect(names.filter((name) => meaningOf(name) === unforeseen)).toStrictEqual([]);
  });

  it("explains what a promotion failed of, out of the failure that it recorded", () => {
    const errorMessage = endingMessage({
      error: "ReaderRoleMissingError",
      message: "Account 444444444444 has no role.",
    });
    const cause = JSON.stringify({
      errorType: "PromotionFailedError",
      errorMessage,
      trace: ["at /var/task"],
    });

    expect(
      explainFailure({ status: "FAILED", error: "PromotionFailedError", cause }, "promotion"),
    ).toStrictEqual({
      error: "ReaderRoleMissingError",
      message: "Account 444444444444 has no role.",
      meaning: meaningOf("ReaderRoleMissingError"),
      advice: "Deploy that stage's account, as docs/deploy.md says.",
      redrive: "when-mended",
      redriveReason: "A redrive starts over with the card as it is then.",
    });
  });

  it("keeps the message of a recorded failure that AWS has cut off", () => {
    const cause = JSON.stringify({ errorMessage: "QuotaReachedError: A quota of RAM keeps" });

    expect(
      explainFailure({ status: "FAILED", error: "PromotionFailedError", cause }, "promotion"),
    ).toMatchObject({ error: "QuotaReachedError", message: "A quota of RAM keeps" });
  });

  it.each(["InvalidInputError", "States.Runtime", "States.QueryEvaluationError", "States.DataLimitExceeded"])(
    "advises against redriving %s, and says what to do instead",
    (error) => {
      const explained = explainFailure({ status: "FAILED", error }, "promotion");

      expect(explained?.redrive).toBe("no-use");
      expect(explained?.redriveReason).toContain("npx cardway sweep");
    },
  );

  it.each(["SweepIncompleteError", "States.Timeout", "AwsUnavailableError", "TypeError"])(
    "advises to sweep again instead of redriving a sweep that ended with %s",
    (error) => {
      expect(explainFailure({ status: "FAILED", error }, "sweep")).toMatchObject({
        redrive: "no-use",
        redriveReason: expect.stringContaining("npx cardway sweep starts one at once"),
      });
    },
  );

  it("counts an error that nobody foresaw as a bug, which a redrive is worth trying for once it is mended", () => {
    expect(explainFailure({ status: "FAILED", error: "constructor" }, "promotion")).toMatchObject({
      meaning: unforeseen,
      redrive: "when-mended",
    });
  });

  it("knows that an execution was stopped, and that one without an error timed out", () => {
    expect(explainFailure({ status: "ABORTED" }, "promotion")?.meaning).toBe(
      "Somebody stopped the execution.",
    );
    expect(explainFailure({ status: "TIMED_OUT" }, "promotion")?.error).toBe("States.Timeout");
  });

  it.each(["RUNNING", "SUCCEEDED", "PENDING_REDRIVE"] as const)("has nothing to explain of %s", (status) => {
    expect(explainFailure({ status }, "promotion")).toBeUndefined();
  });
});
