import { GetQueueUrlCommand, SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import { startLocalProgram } from "../../local/local-program.ts";
import type { Ended } from "../../program.ts";
import { accounts, region } from "../../workflow/test-cloud.ts";
import { runCommand, variablesOf } from "../command.ts";
import { stateChangeOf, withoutChance } from "./dead-letter-world.ts";

let local: Awaited<ReturnType<typeof startLocalProgram>>;
let sqs: SQSClient;

beforeAll(async () => {
  local = await startLocalProgram();
  sqs = new SQSClient({
    endpoint: local.aws,
    region,
    credentials: { accessKeyId: accounts.owner, secretAccessKey: "any" },
  });
}, 60_000);

afterAll(async () => {
  await local.stop();
});

function runDeadLetters(args: string[], answer = ""): Promise<Ended> {
  const variables = variablesOf({ accessKeyId: accounts.owner, secretAccessKey: "hush" });
  return runCommand(["cli/dead-letters.ts", ...args], { aws: local.aws, variables, answer });
}

async function bury(body: string, ERROR_CODE: string): Promise<string> {
  const QueueName = "cardway-model-card-state-change-dead-letters";
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { MessageId } = await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: body,
      MessageAttributes: { ERROR_CODE: { DataType: "String", StringValue: ERROR_CODE } },
    }),
  );
  return MessageId ?? "";
}

describe("npm run dead-letters", () => {
  it("is this program", () => {
    expect(packageJson.scripts["dead-letters"]).toBe("node scripts/run.mjs --import tsx cli/dead-letters.ts");
  });

  it("lists, asks, re-drives, and names what is left until it is discarded", async () => {
    const modelCardArn = `arn:aws:sagemaker:${region}:${accounts.owner}:model-card/churn`;
    await bury(JSON.stringify(stateChangeOf(modelCardArn)), "NO_PERMISSIONS");
    const poison = await bury("{", "THROTTLING");

    const listed = await runDeadLetters([]);
    const declined = await runDeadLetters(["--redrive"]);
    const redriven = await runDeadLetters(["--redrive"], "y\n");
    const discarded = await runDeadLetters(["--discard", poison, "--yes"]);

    const steps = { listed, declined, redriven, discarded };
    await expect(
      Object.values(steps)
        .map(({ code, stdout, stderr }) => `${withoutChance(stdout)}${stderr}exit code ${code}\n`)
        .join("\n----\n\n"),
    ).toMatchFileSnapshot("dead-letters-output.txt");
    expect(JSON.stringify(steps)).not.toContain("hush");
  }, 60_000);

  it("exits 2 for wrong usage, with a sentence, and 0 for help", async () => {
    const [unknown, unasked, help] = await Promise.all([
      runDeadLetters(["--everything"]),
      runDeadLetters(["--redrive", "--json"]),
      runDeadLetters(["--help"]),
    ]);

    expect(unknown).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("--everything") });
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining("--json: add --yes") });
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining("Usage: npm run dead-letters") });
  }, 60_000);
});
