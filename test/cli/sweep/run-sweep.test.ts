import { expect, it } from "vitest";
import { runSweep } from "../../../cli/sweep/run-sweep.ts";
import { sweepStateMachineArn } from "../../../stacks/definitions/deployment.ts";
import { accounts, createTestCloud, pageUrl, region } from "../../workflow/test-cloud.ts";

const stateMachineArn = sweepStateMachineArn({
  modelCardAccountId: accounts.owner,
  region,
  approvalPageUrl: pageUrl,
});

it("tells what a sweep has found before AWS was gone for good, however often that was tried", async () => {
  let pages = 0;
  const test: ReturnType<typeof createTestCloud> = createTestCloud({
    eventDelayMs: () => 1e12,
    async beforeCall(folder, operation) {
      if (folder !== "sweep" || operation !== "ListModelCards") return;
      // After the first page the function's time is up, and AWS is gone.
      if (pages > 0) throw Object.assign(new Error("Gone."), { name: "ServiceUnavailable" });
      pages += 1;
      await test.clock.advance(200_000);
    },
  });
  for (let card = 0; card < 101; card += 1) await test.createCard(`card-${card}`);

  const run = await runSweep(
    { stateMachineArn, dryRun: true },
    {
      region,
      endpoint: "http://aws.test",
      credentials: { accessKeyId: accounts.owner, secretAccessKey: "any" },
      requestHandler: test.cloud.requestHandler,
    },
    () => undefined,
    () => test.pass(1 / 60),
  );

  expect(run).toMatchObject({
    status: "FAILED",
    error: "AwsUnavailableError",
    progress: { scanned: 100, differing: 100, position: {} },
  });
});
