import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CreateModelCardCommand, DescribeModelCardCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalProgram } from "../local/local-program.ts";
import type { Ended } from "../program.ts";
import { accounts } from "../workflow/test-cloud.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Types `npx cardway` with these words where no terminal is, and no variables but these. */
function npxCardway(words: string[], variables: Record<string, string> = {}): Promise<Ended> {
  const { PATH = "", HOME = "" } = process.env;
  const program = spawn("npx", ["cardway", ...words], { cwd: root, env: { PATH, HOME, ...variables } });
  const said = { stdout: "", stderr: "" };
  program.stdin.end();
  program.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  program.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    program.on("error", reject);
    program.on("close", (code) => resolve({ code, ...said }));
  });
}

describe("npx cardway, as a user types it", () => {
  let local: Awaited<ReturnType<typeof startLocalProgram>>;
  let folder: string;
  const ModelCardName = "churn";

  const client = (accountId: string) =>
    new SageMakerClient({
      endpoint: local.aws,
      region: "us-east-1",
      credentials: { accessKeyId: accountId, secretAccessKey: "any" },
    });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cardway-user-"));
    local = await startLocalProgram();
    const { ModelCardArn } = await client(accounts.owner).send(
      new CreateModelCardCommand({ ModelCardName, Content: "{}", ModelCardStatus: "Draft" }),
    );
    for (;;) {
      const { executions } = JSON.parse(
        (await npxCardway(["executions", "--local", local.aws, "--json"])).stdout,
      );
      const isRunning = executions.some(({ status }: { status: string }) => status === "RUNNING");
      if (executions.length > 0 && !isRunning) break;
    }
    await client(accounts.dev).send(new DescribeModelCardCommand({ ModelCardName: ModelCardArn }));
  }, 120_000);

  afterAll(async () => {
    await local.stop();
    rmSync(folder, { recursive: true });
  });

  it("says how cards stand, with the flag for this machine as with AWS's own variables, without colours", async () => {
    const flagged = await npxCardway(["status", "--local", local.aws]);
    const byVariables = await npxCardway(["status"], {
      AWS_ENDPOINT_URL: local.aws,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: accounts.owner,
      AWS_SECRET_ACCESS_KEY: "any",
    });

    for (const told of [flagged, byVariables]) {
      expect(told).toMatchObject({ code: 0, stderr: "" });
      expect(told.stdout).toContain("by status   1 Draft, 0 PendingReview, 0 Approved, 0 Archived");
      expect(told.stdout).not.toContain("\u001b");
    }
  }, 60_000);

  it("asks before it changes anything, and where nobody can answer does nothing", async () => {
    const unasked = await npxCardway(["look", ModelCardName, "--local", local.aws]);
    const asked = await npxCardway(["look", ModelCardName, "--yes", "--local", local.aws]);
    const { stdout } = await npxCardway(["audit", "--card", ModelCardName, "--json", "--local", local.aws]);

    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
    expect(asked).toMatchObject({ code: 0, stderr: "" });
    expect(stdout.split('"OperatorActed"')).toHaveLength(2);
  }, 60_000);

  it("collects evidence that verifies, offline", async () => {
    const path = join(folder, "churn.zip");
    const collected = await npxCardway([
      "evidence",
      `${ModelCardName}@1`,
      "--out",
      path,
      "--local",
      local.aws,
    ]);
    const verified = await npxCardway(["evidence", "verify", path]);

    expect(collected).toMatchObject({ code: 0, stderr: "" });
    expect(verified).toMatchObject({ code: 0, stderr: "" });
  }, 60_000);

  it.each([
    [["stauts"], 2, "Did you mean status?"],
    [["card"], 2, "Missing required argument"],
    [["status", "--region", "nowhere"], 2, "--region"],
    [["status", "--local", "http://127.0.0.1:1"], 1, "could not be reached"],
  ])(
    "answers %j with code %i and a sentence that helps",
    async (words, code, sentence) => {
      const told = await npxCardway(words);

      expect(told).toMatchObject({ code, stdout: "" });
      expect(told.stderr).toContain(sentence);
      expect(told.stderr).not.toContain("    at ");
    },
    60_000,
  );
});
