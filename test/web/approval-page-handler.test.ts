import { describe, expect, it } from "vitest";
import { createApprovalPageDependencies, handler } from "../../functions/approval-page/handler.ts";
import { linkMessage } from "../../functions/request-approval/approval-link.ts";
import type { Runtime } from "../../functions/runtime/runtime.ts";
import { logFaults } from "../logs/log-faults.ts";
import { recordedLogs } from "../logs/recorded-logs.ts";
import { approvalFixture } from "./approval-fixture.ts";
import { HttpApiAnswerSchema, lambdaContext, httpApiEvent } from "./http-api.ts";

const environment = {
  TABLE_NAME: "cardway",
  STATE_MACHINE_ARN: "arn:aws:states:eu-central-1:111111111111:stateMachine:cardway-promotion",
  AWS_REGION: "eu-central-1",
  AWS_ENDPOINT_URL: "http://aws.invalid",
  AWS_ACCESS_KEY_ID: "111111111111",
  AWS_SECRET_ACCESS_KEY: "test",
  LOG_LEVEL: recordedLogs.logLevel,
};

/** AWS as a list of answers by operation; what it was asked is kept. */
function runtimeOf(
  answers: Record<string, unknown>,
  variables: Record<string, string | undefined> = environment,
) {
  const asked: { operation: string; body: unknown }[] = [];
  const runtime: Runtime = {
    environment: variables,
    settings: approvalFixture().dependencies.settings,
    now: () => new Date("2026-11-21T14:05:00.000Z"),
    trace: (client) => client,
    ...recordedLogs,
    requestHandler: {
      metadata: { handlerProtocol: "h1" },
      async handle(request: { headers: Record<string, string>; body?: unknown }) {
        const operation = (request.headers["x-amz-target"] ?? "").split(".").at(-1) ?? "";
        asked.push({ operation, body: JSON.parse(textOfBody(request.body)) });
        const body = new Blob([JSON.stringify(answers[operation] ?? {})]).stream();
        return {
          response: { statusCode: 200, headers: { "content-type": "application/x-amz-json-1.0" }, body },
        };
      },
    },
  };
  return { runtime, asked };
}

function textOfBody(body: unknown): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
}

async function call(runtime: Runtime, event: unknown) {
  return HttpApiAnswerSchema.parse(
    await handler.start(runtime)(event, lambdaContext("cardway-approval-page")),
  );
}

describe("the approval page's handler", () => {
  const link = `/approvals/5f7c3a52-3c6f-5c8c-9a56-0f0f5a3f7e11/model-approver/${"A".repeat(43)}`;

  it("answers API Gateway with the page and its headers", async () => {
    const { runtime, asked } = runtimeOf({ GetItem: {} });

    const answer = await call(runtime, httpApiEvent("GET", link));

    expect(answer.statusCode).toBe(404);
    expect(answer.headers).toMatchObject({
      "content-type": "text/html; charset=UTF-8",
      "cache-control": "no-store",
      "x-frame-options": "DENY",
    });
    expect(answer.body).toContain("This link is not valid");
    expect(asked).toMatchObject([{ operation: "GetItem", body: { TableName: "cardway" } }]);
  });

  it("reads a form that API Gateway hands over in base64", async () => {
    const { runtime } = runtimeOf({});

    const answer = await call(runtime, httpApiEvent("POST", link, "comment=".padEnd(30_000, "x")));

    expect(answer.statusCode).toBe(413);
  });

  it("answers a GET that has a body, and a method that it does not take, like any other", async () => {
    const { runtime } = runtimeOf({ GetItem: {} });

    const withBody = await call(runtime, httpApiEvent("GET", link, "decision=approve"));
    const refused = await call(runtime, httpApiEvent("DELETE", link));

    expect(withBody.statusCode).toBe(404);
    expect(withBody.headers["content-security-policy"]).toContain("default-src 'none'");
    expect([refused.statusCode, refused.headers["allow"]]).toStrictEqual([405, "GET, HEAD, POST"]);
  });

  it("serves the stylesheet as text", async () => {
    const { runtime } = runtimeOf({});

    const answer = await call(runtime, httpApiEvent("GET", "/styles.css"));

    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain("prefers-color-scheme: dark");
  });

  it("refuses an event that is no HTTP API request, without repeating it", async () => {
    const { runtime } = runtimeOf({});

    const refused = handler.start(runtime)({ rawPath: link }, lambdaContext("cardway-approval-page"));

    await expect(refused).rejects.toMatchObject({
      name: "InvalidInputError",
      message: expect.not.stringContaining("approvals/"),
    });
  });

  it("logs that it failed, and neither the link nor what AWS had said", async () => {
    const { runtime } = runtimeOf({ GetItem: { Item: "not an item" } });
    const lines: string[] = [];
    const logging = { ...runtime, environment: { ...environment, LOG_LEVEL: "INFO" } };

    const answer = await call(
      { ...logging, writeLog: (line) => lines.push(line) },
      httpApiEvent("GET", link),
    );

    expect(answer.statusCode).toBe(500);
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { level: "ERROR", message: expect.stringMatching(/^The approval page failed: \w+( \(\w+\))?\.$/) },
      { level: "INFO", message: "done" },
    ]);
    expect(lines.flatMap((line) => logFaults(line))).toStrictEqual([]);
  });

  it("does not start without its environment, and names what is missing", () => {
    const { runtime } = runtimeOf({}, { ...environment, STATE_MACHINE_ARN: undefined });

    expect(() => handler.start(runtime)).toThrow(/STATE_MACHINE_ARN/);
  });
});

describe("createApprovalPageDependencies", () => {
  it("verifies links with the very key that signed them", async () => {
    const { runtime, asked } = runtimeOf({ VerifyMac: { MacValid: true } });
    const request = approvalFixture().request();
    const message = linkMessage(request, "model-approver");

    const genuine = await createApprovalPageDependencies(runtime).verifier.verify(
      message,
      new Uint8Array(32),
      request.keyArn,
    );

    expect(genuine).toBe(true);
    expect(asked).toMatchObject([{ operation: "VerifyMac", body: { KeyId: request.keyArn } }]);
  });

  it("starts the workflow that the environment names", async () => {
    const { runtime, asked } = runtimeOf({ StartExecution: {} });

    await createApprovalPageDependencies(runtime).starter.start({ reason: "test" });

    expect(asked).toMatchObject([
      { operation: "StartExecution", body: { stateMachineArn: environment.STATE_MACHINE_ARN } },
    ]);
  });
});
