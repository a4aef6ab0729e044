import { AwsError } from "./aws-error.ts";
import type { Call } from "./caller.ts";
import { errorResponse } from "./error-response.ts";
import type { WireRequest } from "./http.ts";
import type { Operation } from "./operation.ts";
import { RawAnswer } from "./raw-answer.ts";
import type { Authorize, Log, Service } from "./service.ts";
import { describeInvalidInput } from "./validation.ts";
import { parseJson, toWireJson } from "./wire-json.ts";

/** One operation of a REST service and where it is found. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** For example `/2015-03-31/functions/{FunctionName}/invocations`; a label becomes a member of the input. */
  path: string;
  operation: Operation;
  /** Query parameters that become members of the input, as strings. A repeated parameter is not used here. */
  query?: readonly string[];
  /** Headers, in lower case, that become members of the input: `{ "x-amz-invocation-type": "InvocationType" }`. */
  headers?: Record<string, string>;
  /** Where the body is one raw payload instead of a JSON object: the member that takes it, as text. */
  payload?: string;
}

/**
 * A service that speaks AWS REST-JSON: an operation is a method and a path, errors carry `x-amzn-errortype`.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export function restJsonService(definition: {
  signingName: string;
  /** The error code of a failed constraint, for example `InvalidParameterException` for RAM. */
  validationErrorCode: string;
  routes: readonly Route[];
}): Service {
  const compiled = definition.routes.map((route) => ({ route, pattern: pathPattern(route.path) }));

  async function run(request: WireRequest, call: Call, authorize: Authorize, log: Log): Promise<object> {
    const found = compiled
      .map(({ route, pattern }) => ({ route, match: pattern.exec(request.path) }))
      .find(({ route, match }) => match !== null && route.method === request.method);
    if (found === undefined) {
      log(
        `${definition.signingName}: ${request.method} ${pathStart(request.path)} is not built in the local endpoint`,
      );
      throw new AwsError(
        "UnknownOperationException",
        "The requested operation is not built in the local endpoint.",
        404,
      );
    }
    const { route, match } = found;
    const labels = Object.entries(match?.groups ?? {}).map(([name, value]) => [name, decodeLabel(value)]);
    const query = (route.query ?? []).flatMap((name) =>
      request.query.has(name) ? [[name, request.query.get(name)]] : [],
    );
    const headers = Object.entries(route.headers ?? {}).flatMap(([header, member]) =>
      request.headers[header] === undefined ? [] : [[member, request.headers[header]]],
    );
    const body =
      route.payload === undefined
        ? parseJson(request.body)
        : { [route.payload]: new TextDecoder().decode(request.body) };
    const outcome = route.operation.prepare({
      ...body,
      ...Object.fromEntries([...labels, ...query, ...headers]),
    });
    if ("invalid" in outcome) {
      const { kind, message, notModelled } = describeInvalidInput(outcome.invalid);
      for (const member of notModelled) {
        log(`${definition.signingName}: ${route.path} with ${member} is not built in the local endpoint`);
      }
      throw new AwsError(
        kind === "serialization" ? "SerializationException" : definition.validationErrorCode,
        message,
      );
    }
    const refusal = authorize(outcome.prepared.permissions(call), call);
    if (refusal !== undefined) throw new AwsError("AccessDeniedException", refusal, 403);
    return outcome.prepared.run(call);
  }

  return {
    signingName: definition.signingName,
    async handle(request, call, { authorize, log }) {
      try {
        const result = await run(request, call, authorize, log);
        if (result instanceof RawAnswer) return result.response;
        return { status: 200, headers: { "content-type": "application/json" }, body: toWireJson(result) };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return errorResponse(error, { protocol: "rest-json", requestId: call.requestId });
      }
    },
  };
}

/** Enough of a path to know the operation. Later parts are labels, which can hold a mail address. */
function pathStart(path: string): string {
  const parts = path.split("/");
  return parts.length <= 4 ? path : [...parts.slice(0, 4), "…"].join("/");
}

function decodeLabel(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    throw new AwsError("SerializationException", "The request's path is not valid percent-encoding.");
  }
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}/?$`);
}
