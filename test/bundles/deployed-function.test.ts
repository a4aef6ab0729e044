import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CreateModelCardCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { functionNameOf, functions } from "../../stacks/definitions/functions.ts";
import { startLocalProgram } from "../local/local-program.ts";
import { recordLogsOf } from "../logs/recorded-logs.ts";
import { httpApiEvent } from "../web/http-api.ts";
import { buildFunctions } from "./built-functions.ts";
import { startXRayDaemon } from "./x-ray-daemon.ts";

const deployment = {
  modelCardAccountId: "111111111111",
  region: "us-east-1",
  approvalPageUrl: "https://approvals.example.com",
};
const runtime = fileURLToPath(new URL("lambda-runtime.mjs", import.meta.url));
const tried = ["read-card", "grant-access", "approval-page"].map(functionNameOf);
const definitions = functions.filter(({ functionName }) => tried.includes(functionName));

const executionArn = "arn:aws:states:us-east-1:111111111111:execution:cardway-promotion:asked";

const readingOf = (cardName: string) => ({
  trigger: {
    modelCardArn: `arn:aws:sagemaker:us-east-1:111111111111:model-card/${cardName}`,
    reason: "asked",
  },
  executionArn,
  readBefore: false,
});
const neverSeen = readingOf("never-seen");
const pageRequest = httpApiEvent(
  "GET",
  `/approvals/5f7c3a52-3c6f-5c8c-9a56-0f0f5a3f7e11/model-approver/${"A".repeat(43)}`,
);

/** The trace that Step Functions hands to the functions of one execution, and what it has begun for this one. */
const trace = { id: "1-5759e988-bd862e3fe1be46a994272793", parent: "53995c3f42cd8ad8" };

let bundles: Awaited<ReturnType<typeof buildFunctions>>;
let program: Awaited<ReturnType<typeof startLocalProgram>>;
let daemon: Awaited<ReturnType<typeof startXRayDaemon>>;
beforeAll(async () => {
  bundles = await buildFunctions(definitions);
  // A day, so that nothing but the tests runs a function.
  program = await startLocalProgram(["--event-delay-ms", "86400000"]);
  daemon = await startXRayDaemon();
}, 120_000);
afterAll(async () => {
  daemon.stop();
  await program.stop();
  await bundles.remove();
});

/** Runs a function's bundle once, with what Lambda sets and nothing else: what it returns, and the lines that it logs. */
async function invoke(functionName: string, event: unknown, environment: object = {}) {
  const definition = definitions.find((each) => each.functionName === functionName);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [runtime, bundles.built.get(functionName)?.bundle ?? "", JSON.stringify(event)],
    {
      env: {
        ...definition?.environment(deployment),
        AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
        AWS_LAMBDA_FUNCTION_NAME: functionName,
        AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
        LAMBDA_TASK_ROOT: "/var/task",
        _HANDLER: "bundle.handler",
        AWS_REGION: deployment.region,
        AWS_ACCESS_KEY_ID: deployment.modelCardAccountId,
        AWS_SECRET_ACCESS_KEY: "any",
        AWS_ENDPOINT_URL: program.aws,
        AWS_XRAY_DAEMON_ADDRESS: daemon.address,
        _X_AMZN_TRACE_ID: `Root=${trace.id};Parent=${trace.parent};Sampled=1`,
        ...environment,
      },
    },
  );
  recordLogsOf(stdout);
  const lines = stdout
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
  return { answer: lines.at(-1), logged: lines.slice(0, -1) };
}

const gone = { kind: "nothing-to-do", reason: "card-is-gone" };

describe("a function as Lambda starts its bundle", () => {
  it("calls AWS with the credentials of its environment, and shows each call in X-Ray", async () => {
    expect(await invoke("cardway-read-card", neverSeen)).toMatchObject({ answer: gone });

    const segments = await daemon.received();
    const calls = segments.filter(({ namespace }) => namespace === "aws");
    expect(calls.map(({ name, aws }) => `${name} ${aws?.operation}`)).toContain(
      "SageMaker DescribeModelCard",
    );
    expect(segments.map(({ name }) => name)).toContain("## bundle.handler");
  });

  it("shows an error of AWS by its name, without the message, which repeats what AWS was sent", async () => {
    await invoke("cardway-read-card", neverSeen);

    const segments = await daemon.received();
    const messages = segments.flatMap(({ cause }) => cause?.exceptions.map(({ message }) => message) ?? []);
    expect(messages).toStrictEqual(["ResourceNotFound"]);
    expect(segments.filter(({ cause }) => cause)).toMatchObject([
      { error: true, http: { response: { status: 400 } } },
    ]);
  });

  it("goes on with the trace of its execution, in which the card's share then stands", async () => {
    const { modelCardAccountId, region } = deployment;
    const owner = new SageMakerClient({
      endpoint: program.aws,
      region,
      credentials: { accessKeyId: modelCardAccountId, secretAccessKey: "any" },
    });
    await owner.send(
      new CreateModelCardCommand({ ModelCardName: "churn", Content: "{}", ModelCardStatus: "Draft" }),
    );

    const { answer: promotion, logged } = await invoke("cardway-read-card", readingOf("churn"));
    expect(promotion).toMatchObject({ kind: "promotion", plan: { grant: [{ stage: "dev" }] } });
    await invoke("cardway-grant-access", promotion);

    expect(logged).toMatchObject([
      {
        message: "done",
        cold_start: true,
        status: "Draft",
        correlation_id: "asked",
        xray_trace_id: trace.id,
      },
    ]);
    const segments = await daemon.received();
    const runs = segments.filter(({ name }) => name === "## bundle.handler");
    expect(new Set(segments.map(({ trace_id }) => trace_id))).toStrictEqual(new Set([trace.id]));
    expect(runs).toHaveLength(2);
    for (const run of runs) {
      expect(run).toMatchObject({
        parent_id: trace.parent,
        annotations: { modelCardName: "churn", executionArn },
      });
    }
    const calls = segments
      .filter(({ parent_id }) => parent_id === runs[1]?.id)
      .map(({ name, aws }) => `${name} ${aws?.operation}`);
    expect(calls).toContain("RAM AssociateResourceShare");
    expect(calls).toContain("SageMaker DescribeModelCard");
  });

  it("works the same where tracing is switched off", async () => {
    const untraced = await invoke("cardway-read-card", neverSeen, { POWERTOOLS_TRACE_ENABLED: "false" });
    expect(untraced).toMatchObject({ answer: gone });

    expect(await daemon.received()).toStrictEqual([]);
  });

  it("serves the approval page", async () => {
    expect(await invoke("cardway-approval-page", pageRequest)).toMatchObject({
      answer: { statusCode: 404, headers: { "content-type": "text/html; charset=UTF-8" } },
    });

    expect((await daemon.received()).map(({ name }) => name)).toContain("DynamoDB");
  });
});
