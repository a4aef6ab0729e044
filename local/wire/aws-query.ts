import { AwsError } from "./aws-error.ts";
import type { Call } from "./caller.ts";
import { errorResponse } from "./error-response.ts";
import type { WireRequest } from "./http.ts";
import type { Operation } from "./operation.ts";
import type { Authorize, Log, Service } from "./service.ts";
import { describeInvalidInput } from "./validation.ts";
import { toXml } from "./xml.ts";

/**
 * A service that speaks AWS Query: a form with `Action`, answered in XML. `A.member.1=x` in the form becomes
 * `{"A": ["x"]}`; all leaves are strings.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function awsQueryService(definition: {
  signingName: string;
  /** API version, which is also the last part of the XML namespace. */
  version: string;
  operations: Record<string, Operation>;
}): Service {
  const namespace = `https://${definition.signingName}.amazonaws.com/doc/${definition.version}/`;

  async function run(form: URLSearchParams, call: Call, authorize: Authorize, log: Log): Promise<object> {
    const name = form.get("Action") ?? "";
    const operation = Object.hasOwn(definition.operations, name) ? definition.operations[name] : undefined;
    if (operation === undefined) {
      log(
        `${definition.signingName}: ${name === "" ? "a call without an action" : name} is not built in the local endpoint`,
      );
      throw new AwsError(
        "InvalidAction",
        `Could not find operation ${name} for version ${form.get("Version") ?? definition.version}`,
      );
    }
    const outcome = operation.prepare(formToInput(form));
    if ("invalid" in outcome) {
      const { message, notModelled } = describeInvalidInput(outcome.invalid);
      for (const member of notModelled) {
        log(`${definition.signingName}: ${name} with ${member} is not built in the local endpoint`);
      }
      throw new AwsError("ValidationError", message);
    }
    const refusal = authorize(outcome.prepared.permissions(call), call);
    if (refusal !== undefined) throw new AwsError("AccessDenied", refusal, 403);
    return outcome.prepared.run(call);
  }

  return {
    signingName: definition.signingName,
    async handle(request: WireRequest, call, { authorize, log }) {
      const form =
        request.method === "GET"
          ? request.query
          : new URLSearchParams(new TextDecoder().decode(request.body));
      const { requestId } = call;
      try {
        const name = form.get("Action") ?? "";
        const result = await run(form, call, authorize, log);
        const content = toXml({ [`${name}Result`]: result, ResponseMetadata: { RequestId: requestId } });
        return {
          status: 200,
          headers: { "content-type": "text/xml" },
          body: `<${name}Response xmlns="${namespace}">${content}</${name}Response>`,
        };
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return errorResponse(error, { protocol: "aws-query", requestId });
      }
    },
  };
}

/**
 * `ActionNames.member.1=a` and `Tags.member.1.Key=k` as nested objects and lists; the signature of a presigned URL is
 * left out.
 */
function formToInput(form: URLSearchParams): object {
  const root: FormNode = { value: undefined, children: new Map() };
  for (const [name, value] of form) {
    if (name === "Action" || name === "Version" || name.startsWith("X-Amz-")) continue;
    let node = root;
    for (const part of name.split(".")) {
      const child: FormNode = node.children.get(part) ?? { value: undefined, children: new Map() };
      node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  return Object.fromEntries([...root.children].map(([name, node]) => [name, formValue(node)]));
}

interface FormNode {
  value: string | undefined;
  children: Map<string, FormNode>;
}

function formValue(node: FormNode): unknown {
  const members = node.children.get("member");
  if (members !== undefined) {
    return [...members.children]
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, member]) => formValue(member));
  }
  if (node.children.size === 0) return node.value;
  return Object.fromEntries([...node.children].map(([name, child]) => [name, formValue(child)]));
}
