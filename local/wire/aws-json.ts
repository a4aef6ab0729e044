import { AwsError } from "./aws-error.ts";
import type { Call } from "./caller.ts";
import { errorResponse } from "./error-response.ts";
import type { WireRequest } from "./http.ts";
import type { Operation } from "./operation.ts";
import type { Authorize, Log, Service } from "./service.ts";
import { describeInvalidInput } from "./validation.ts";
import { parseJson, toWireJson } from "./wire-json.ts";

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
      const { kind, message, notModelled } = describeInvalidInput(outcome.invalid, definition.sensitive);
      for (const member of notModelled)
        log(`${signingName}: ${name} with ${member} is not built in the local endpoint`);
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
        return {
          status: 200,
          headers: { "content-type": `application/x-amz-json-${definition.version}` },
          body: toWireJson(await run(request, call, authorize, log)),
        };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return errorResponse(error, {
          protocol: `aws-json-${definition.version}`,
          requestId: call.requestId,
        });
      }
    },
  };
}
