import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { operation } from "../wire/operation.ts";
import { RawAnswer } from "../wire/raw-answer.ts";
import type { Route } from "../wire/rest-json.ts";
import { lambdaError, parseFunctionName, qualifiedArn } from "./function-name.ts";
import type { FunctionRegistry } from "./function-registry.ts";
import { FunctionNameSchema, locationOf, QualifierSchema } from "./function-routes.ts";
import type { createAsynchronousInvocations } from "./invocation.ts";
import { invokeSynchronously, requirePayloadSize } from "./invocation.ts";
import { parseBoundedJson } from "../wire/bounded-json.ts";

/** `Invoke`: synchronous, asynchronous, or only a check. */
export function invokeRoute(
  context: LocalContext,
  registry: FunctionRegistry,
  asynchronous: ReturnType<typeof createAsynchronousInvocations>,
): Route {
  return {
    method: "POST",
    path: "/2015-03-31/functions/{FunctionName}/invocations",
    query: ["Qualifier"],
    headers: {
      "x-amz-invocation-type": "InvocationType",
      "x-amz-log-type": "LogType",
      "x-amz-client-context": "ClientContext",
      "x-amz-durable-execution-name": "DurableExecutionName",
      "x-amz-tenant-id": "TenantId",
    },
    payload: "Payload",
    operation: operation({
      // Strict, so that the headers that no local function can honour are refused.
      input: z.strictObject({
        FunctionName: FunctionNameSchema,
        Qualifier: QualifierSchema,
        InvocationType: z.enum(["Event", "RequestResponse", "DryRun"]).default("RequestResponse"),
        LogType: z.enum(["None", "Tail"]).default("None"),
        Payload: z.string(),
      }),
      action: "lambda:InvokeFunction",
      resource: (input, call) =>
        qualifiedArn(parseFunctionName(input.FunctionName, locationOf(call), input.Qualifier)),
      async run(input, call) {
        const sandbox = registry.find(input.FunctionName, locationOf(call), input.Qualifier);
        const payload = input.Payload === "" ? "{}" : input.Payload;
        requirePayloadSize(payload, input.InvocationType);
        requireJson(payload);
        const headers = { "x-amz-executed-version": "$LATEST" };
        if (input.InvocationType === "DryRun") return new RawAnswer({ status: 204, headers, body: "" });
        if (input.InvocationType === "Event") {
          asynchronous.start(sandbox, payload);
          return new RawAnswer({ status: 202, headers: {}, body: "" });
        }
        const run = await invokeSynchronously(context, sandbox, payload);
        return new RawAnswer({
          status: 200,
          headers: {
            "content-type": "application/json",
            ...headers,
            ...("functionError" in run ? { "x-amz-function-error": "Unhandled" } : {}),
            ...(input.LogType === "Tail" ? { "x-amz-log-result": logTail(run.requestId) } : {}),
          },
          body: "payload" in run ? run.payload : JSON.stringify(run.functionError),
        });
      },
    }),
  };
}

function requireJson(payload: string): void {
  try {
    parseBoundedJson(payload);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw lambdaError(
      "InvalidRequestContentException",
      "Could not parse request body into json: Could not parse payload into json",
      400,
    );
  }
}

/** Only the platform's own lines: what a handler prints goes to this process's output. */
function logTail(requestId: string): string {
  const lines = [`START RequestId: ${requestId} Version: $LATEST`, `END RequestId: ${requestId}`, ""];
  return Buffer.from(lines.join("\n")).toString("base64");
}
