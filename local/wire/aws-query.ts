import { AwsError } from "./aws-error.ts";
import type { Call } from "./caller.ts";
import { errorResponse } from "./error-response.ts";
import type { WireRequest } from "./http.ts";
import type { Operation } from "./operation.ts";
import type { Authorize, Log, Service } from "./service.ts";
import type { QueryForm } from "./query-form.ts";
import { formToInput, plainForm } from "./query-form.ts";
import { describeInvalidInput } from "./validation.ts";
import { toXml } from "./xml.ts";

/**
 * A service that speaks AWS Query: a form with `Action`, answered in XML. `A.member.1=x` in the form becomes
 * `{"A": ["x"]}`; leaves are strings but where `form` says otherwise.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function awsQueryService(definition: {
  signingName: string;
  /** API version, which is also the last part of the XML namespace. */
  version: string;
  operations: Record<string, Operation>;
  /** Top-level members whose value no error repeats. */
  sensitive?: readonly string[];
  /** The differences between the operations' members and the form, for a service that also speaks JSON. */
  form?: QueryForm;
}): Service {
  const { form: queryForm = plainForm, signingName } = definition;
  const namespace = queryForm.namespace ?? `https://${signingName}.amazonaws.com/doc/${definition.version}/`;

  async function run(
    request: WireRequest,
    form: URLSearchParams,
    call: Call,
    { authorize, log }: { authorize: Authorize; log: Log },
  ): Promise<object> {
    const name = form.get("Action") ?? "";
    const operation = Object.hasOwn(definition.operations, name) ? definition.operations[name] : undefined;
    if (operation === undefined) {
      log(
        `${signingName}: ${name === "" ? "a call without an action" : name} is not built in the local endpoint`,
      );
      throw new AwsError(
        "InvalidAction",
        `Could not find operation ${name} for version ${form.get("Version") ?? definition.version}`,
      );
    }
    const outcome = operation.prepare(formToInput(form, queryForm, request));
    if ("invalid" in outcome) {
      const { message, notModelled } = describeInvalidInput(outcome.invalid, definition.sensitive);
      for (const member of notModelled) {
        log(`${signingName}: ${name} with ${member} is not built in the local endpoint`);
      }
      throw new AwsError("ValidationError", message);
    }
    const refusal = authorize(outcome.prepared.permissions(call), call);
    if (refusal !== undefined) throw new AwsError("AccessDenied", refusal, 403);
    return outcome.prepared.run(call);
  }

  return {
    signingName,
    async handle(request: WireRequest, call, environment) {
      const form =
        request.method === "GET"
          ? request.query
          : new URLSearchParams(new TextDecoder().decode(request.body));
      const { requestId } = call;
      try {
        const name = form.get("Action") ?? "";
        const result = await run(request, form, call, environment);
        const content = toXml(
          { [`${name}Result`]: result, ResponseMetadata: { RequestId: requestId } },
          queryForm.flattened,
        );
        return {
          status: 200,
          headers: { "content-type": "text/xml" },
          body: `<${name}Response xmlns="${namespace}">${content}</${name}Response>`,
        };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const { message, status, members } = error;
        const code = queryForm.errorCodes?.[error.code] ?? error.code;
        return errorResponse(new AwsError(code, message, status, members), {
          protocol: "aws-query",
          requestId,
        });
      }
    },
  };
}
