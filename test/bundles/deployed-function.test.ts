import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { functionNameOf, functions } from "../../stacks/definitions/functions.ts";
import { startLocalProgram } from "../local/local-program.ts";
import { httpApiEvent } from "../web/http-api.ts";
import { buildFunctions } from "./built-functions.ts";
import { startXRayDaemon } from "./x-ray-daemon.ts";

const deployment = {
  modelCardAccountId: "111111111111",
  region: "us-east-1",
  approvalPageUrl: "https://approvals.example.com",
};
const runtime = fileURLToPath(new URL("lambda-runtime.mjs", import.meta.url));
const tried = ["read-card", "approval-page"].map(functionNameOf);
const definitions = functions.filter(({ functionName }) => tried.includes(functionName));

const neverSeen = {
  "cardway-read-card": {
    trigger: {
      modelCardArn: "arn:aws:sagemaker:us-east-1:111111111111:model-card/never-seen",
      reason: "asked",
    },
    executionArn: "arn:aws:states:us-east-1:111111111111:execution:cardway-promotion:asked",
    readBefore: false,
  },
  "cardway-approval-page": httpApiEvent(
    "GET",
    `/approvals/5f7c3a52-3c6f-5c8c-9a56-0f0f5a3f7e11/model-approver/${"A".repeat(43)}`,
  ),
};

let bundles: Awaited<ReturnType<typeof buildFunctions>>;
let program: Awaited<ReturnType<typeof startLocalProgram>>;
let daemon: Awaited<ReturnType<typeof startXRayDaemon>>;
beforeAll(async () => {
  bundles = await buildFunctions(definitions);
  program = await startLocalProgram();
  daemon = await startXRayDaemon();
}, 120_000);
afterAll(async () => {
  daemon.stop();
  await program.stop();
  await bundles.remove();
});

/** Runs a function's bundle once, with what Lambda sets and nothing else; answers what it returns. */
async function invoke(functionName: keyof typeof neverSeen, environment: object = {}): Promise<unknown> {
  const definition = definitions.find((each) => each.functionName === functionName);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [runtime, bundles.built.get(functionName)?.bundle ?? "", JSON.stringify(neverSeen[functionName])],
    {
      env: {
        ...definition?.environment(deployment),
        AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
        AWS_LAMBDA_FUNCTION_NAME: functionName,
        LAMBDA_TASK_ROOT: "/var/task",
        _HANDLER: "bundle.handler",
        AWS_REGION: deployment.region,
        AWS_ACCESS_KEY_ID: deployment.modelCardAccountId,
        AWS_SECRET_ACCESS_KEY: "any",
        AWS_ENDPOINT_URL: program.aws,
        AWS_XRAY_DAEMON_ADDRESS: daemon.address,
        _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        ...environment,
      },
    },
  );
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

const gone = { kind: "nothing-to-do", reason: "card-is-gone" };

describe("a function as Lambda starts its bundle", () => {
  it("calls AWS with the credentials of its environment, and shows each call in X-Ray", async () => {
    expect(await invoke("cardway-read-card")).toMatchObject(gone);

    const segments = await daemon.received();
    const calls = segments.filter(({ namespace }) => namespace === "aws");
    expect(calls.map(({ name, aws }) => `${name} ${aws?.operation}`)).toContain(
      "SageMaker DescribeModelCard",
    );
    expect(segments.map(({ name }) => name)).toContain("## bundle.handler");
  });

  it("works the same where tracing is switched off", async () => {
    expect(await invoke("cardway-read-card", { POWERTOOLS_TRACE_ENABLED: "false" })).toMatchObject(gone);

    expect(await daemon.received()).toStrictEqual([]);
  });

  it("serves the approval page", async () => {
    expect(await invoke("cardway-approval-page")).toMatchObject({
      statusCode: 404,
      headers: { "content-type": "text/html; charset=UTF-8" },
    });

    expect((await daemon.received()).map(({ name }) => name)).toContain("DynamoDB");
  });
});
