import { AwsError } from "../wire/aws-error.ts";
import { awsJsonService } from "../wire/aws-json.ts";
import { awsQueryService } from "../wire/aws-query.ts";
import type { WireRequest, WireResponse } from "../wire/http.ts";
import type { Operation } from "../wire/operation.ts";
import type { Log, Service } from "../wire/service.ts";
import { queryErrorCodes, sqsQueryForm } from "./query-form.ts";

/** SQS's operations as a service that speaks AWS JSON 1.0 and, for older clients, AWS Query. */
export function sqsService(operations: Record<string, Operation>, log: Log): Service {
  const definition = {
    signingName: "sqs",
    sensitive: ["MessageBody", "MessageAttributes"],
    operations: Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [name, logUnsupported(name, operation, log)]),
    ),
  };
  const json = awsJsonService({ ...definition, version: "1.0", targetPrefix: "AmazonSQS" });
  const query = awsQueryService({ ...definition, version: "2012-11-05", form: sqsQueryForm });
  return {
    ...json,
    async handle(request, call, environment) {
      if (speaksQuery(request)) return query.handle(request, call, environment);
      return withQueryError(await json.handle(request, call, environment));
    },
  };
}

function speaksQuery({ headers, query }: WireRequest): boolean {
  if (headers["x-amz-target"] !== undefined) return false;
  const contentType = headers["content-type"] ?? "";
  return contentType.startsWith("application/x-www-form-urlencoded") || query.has("Action");
}

/**
 * Adds the header by which SDKs keep the error codes of the XML protocol: boto3 shows them as the code, SDK v3 as
 * `error.Code` next to the modelled name.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
 */
function withQueryError(response: WireResponse): WireResponse {
  const code = response.headers["x-amzn-errortype"];
  if (code === undefined) return response;
  const fault = response.status >= 500 ? "Receiver" : "Sender";
  const queryError = `${queryErrorCodes[code] ?? code};${fault}`;
  return { ...response, headers: { ...response.headers, "x-amzn-query-error": queryError } };
}

function logUnsupported(name: string, operation: Operation, log: Log): Operation {
  return {
    prepare(input) {
      const outcome = operation.prepare(input);
      if ("invalid" in outcome) return outcome;
      const { prepared } = outcome;
      return {
        prepared: {
          permissions: (call) => prepared.permissions(call),
          async run(call) {
            try {
              return await prepared.run(call);
            } catch (error) {
              if (error instanceof AwsError && error.code === "UnsupportedOperation") {
                log(`sqs: ${name} asks for what is not built in the local endpoint`);
              }
              throw error;
            }
          },
        },
      };
    },
  };
}
