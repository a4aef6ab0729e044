import { AwsError } from "./aws-error.ts";
import type { Call } from "./caller.ts";
import type { WireRequest, WireResponse } from "./http.ts";
import type { Operation } from "./operation.ts";
import type { Authorize, Log, Service } from "./service.ts";
import { describeInvalidInput } from "./validation.ts";

/**
 * A service that speaks AWS JSON 1.0 or 1.1: `POST /` with `X-Amz-Target: <prefix>.<Operation>`, timestamps as epoch
 * seconds, errors as `{"__type": code, "message": text}`.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function awsJsonService(definition: {
  signingName: string;
  version: "1.0" | "1.1";
  targetPrefix: string;
  /** Top-level members whose value no error repeats. */
  sensitive?: readonly string[];
  operations: Record<string, Operation>;
}): Service {
  const { signingName, targetPrefix, operations } = definition;
  const answer = (status: number, body: object, errorType?: string): WireResponse => ({
    status,
    headers: {
      "content-type": `application/x-amz-json-${definition.version}`,
      ...(errorType === undefined ? {} : { "x-amzn-errortype": errorType }),
    },
    body: toWireJson(body),
  });

  async function run(request: WireRequest, call: Call, authorize: Authorize, log: Log): Promise<object> {
    const name = (request.headers["x-amz-target"] ?? "").slice(targetPrefix.length + 1);
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (request.method !== "POST" || operation === undefined) {
      log(
        `${signingName}: ${request.method} ${name === "" ? "without an operation" : name} is not built in the local endpoint`,
      );
      throw new AwsError("UnknownOperationException", "", request.method === "POST" ? 400 : 404);
    }
    const outcome = operation.prepare(parseJson(request.body));
    if ("invalid" in outcome) {
      const { kind, message } = describeInvalidInput(outcome.invalid, definition.sensitive);
      throw new AwsError(
        kind === "serialization" ? "SerializationException" : "ValidationException",
        message,
      );
    }
    const refusal = authorize(outcome.prepared.permissions(call), call);
    if (refusal !== undefined) throw new AwsError("AccessDeniedException", refusal);
    return outcome.prepared.run(call);
  }

  return {
    signingName,
    targetPrefix,
    async handle(request, call, { authorize, log }) {
      try {
        return answer(200, await run(request, call, authorize, log));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return answer(
          error.status,
          { __type: error.code, message: error.message, ...error.members },
          error.code,
        );
      }
    },
  };
}

/** JSON text with every `Date` as epoch seconds, the way AWS's JSON protocols carry timestamps. */
export function toWireJson(value: object): string {
  return JSON.stringify(value, function replace(this: Record<string, unknown>, key, encoded: unknown) {
    // `JSON.stringify` hands over dates already as strings; the holder still has the Date.
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : encoded;
  });
}

/** @throws {AwsError} `SerializationException` where the body is not a JSON object. An empty body counts as `{}`. */
export function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw new AwsError("SerializationException", "The request body is not a JSON object");
}
