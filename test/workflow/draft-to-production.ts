import {
  DescribeModelCardCommand,
  type SageMakerClient,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import { expect } from "vitest";
import { type TestCloud, accounts } from "./test-cloud.ts";

/** `describe` and `update` of an account, as `works` or the name of the refusal. */
export async function may(client: SageMakerClient, modelCardArn: string): Promise<string[]> {
  const calls = [
    () => client.send(new DescribeModelCardCommand({ ModelCardName: modelCardArn })),
    () =>
      client.send(
        new UpdateModelCardCommand({
          ModelCardName: modelCardArn,
          ModelCardStatus: "Approved",
          Content: "{}",
        }),
      ),
  ];
  return Promise.all(
    calls.map(async (call) => {
      try {
        await call();
        return "works";
      } catch (error) {
        const name = error instanceof Error ? error.name : "";
        // Only who may update hears that this one is not valid.
        return name === "ValidationException" ? "works" : name;
      }
    }),
  );
}

export const denied = ["AccessDeniedException", "AccessDeniedException"];

/** Waits until a card's story tells of an effect so often, and no execution is at work any more. */
export async function settledWith(
  test: TestCloud,
  modelCardArn: string,
  effect: string,
  count = 1,
): Promise<void> {
  await test.until(`${count} x ${effect}`, async () => {
    const effects = await test.story(modelCardArn);
    const open = (await test.executions()).filter(({ status }) => status === "RUNNING");
    const counted = (kind: string) => effects.filter((entry) => entry.startsWith(kind)).length;
    const waiting = counted("ApprovalRequested") - counted("ApprovalDecided");
    return effects.filter((entry) => entry === effect).length >= count && open.length <= waiting
      ? true
      : undefined;
  });
}

/**
 * A card's whole way, and at each step what every account may do with it.
 *
 * @param post - Decides on the approval page, as {@link TestCloud.post} does.
 */
export async function draftToProduction(
  test: TestCloud,
  post: (link: string, decision: string, comment: string) => Promise<{ status: number }>,
): Promise<void> {
  const developer = test.sageMaker(accounts.dev);

  const modelCardArn = await test.createCard("churn", "Draft");
  await settledWith(test, modelCardArn, "PromotionCompleted AccessSettled");
  expect(await may(developer, modelCardArn)).toStrictEqual(["works", "works"]);
  expect(await may(test.sageMaker(accounts.test), modelCardArn)).toStrictEqual(denied);

  await test.edit(modelCardArn, { model_overview: { problem_type: "Churn" } }, developer);
  await test.setStatus(modelCardArn, "PendingReview", developer);
  await test.until("the mails", () => (test.links("churn").length === 2 ? true : undefined));
  expect(await may(test.sageMaker(accounts.test), modelCardArn)).toStrictEqual(["works", "works"]);
  expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual(denied);

  const answer = await post(test.links("churn")[0] ?? "", "approve", "Reviewed.");
  expect(answer.status).toBe(200);
  await settledWith(test, modelCardArn, "AccessGranted prod");
  expect(await test.status(modelCardArn)).toBe("Approved 2");
  expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual([
    "works",
    "AccessDeniedException",
  ]);
  expect(await may(test.sageMaker(accounts.prod), modelCardArn)).toStrictEqual(denied);
  expect(await may(test.sageMaker(accounts.stranger), modelCardArn)).toStrictEqual(denied);
}
