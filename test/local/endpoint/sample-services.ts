import * as z from "zod";
import { AwsError } from "../../../local/wire/aws-error.ts";
import { awsJsonService } from "../../../local/wire/aws-json.ts";
import { awsQueryService } from "../../../local/wire/aws-query.ts";
import type { Call } from "../../../local/wire/caller.ts";
import type { WireRequest } from "../../../local/wire/http.ts";
import { operation } from "../../../local/wire/operation.ts";
import { restJsonService } from "../../../local/wire/rest-json.ts";
import { createEndpoint } from "../../../local/endpoint/endpoint.ts";
import { createIdentity } from "../../../local/identity/identity.ts";
import { testContext } from "../sdk-request-handler.ts";
import { requestOf } from "../wire/service-call.ts";

/** Small services of all protocols, with operations that real SDK clients have. */
function sampleServices(calls: Call[]) {
  const states = awsJsonService({
    signingName: "states",
    version: "1.0",
    targetPrefix: "AWSStepFunctions",
    operations: {
      StartExecution: operation({
        input: z.object({ stateMachineArn: z.string().max(60), input: z.string().optional() }),
        action: "states:StartExecution",
        resource: ({ stateMachineArn }) => stateMachineArn,
        run: ({ stateMachineArn }, call) => {
          calls.push(call);
          return { executionArn: `${stateMachineArn}:one`, startDate: new Date(1_767_225_600_000) };
        },
      }),
      StopExecution: operation({
        input: z.object({}),
        action: "states:StopExecution",
        run: () => {
          throw new RangeError("the content of a card:\n    at secret:1:1", {
            cause: new TypeError("another secret"),
          });
        },
      }),
      DescribeExecution: operation({
        input: z.object({ executionArn: z.string() }),
        action: "states:DescribeExecution",
        run: () => {
          throw new AwsError("ExecutionDoesNotExist", "Execution Does Not Exist: 'x'");
        },
      }),
    },
  });
  const ses = restJsonService({
    signingName: "ses",
    validationErrorCode: "BadRequestException",
    routes: [
      {
        method: "GET",
        path: "/v2/email/identities/{EmailIdentity}",
        operation: operation({
          input: z.object({ EmailIdentity: z.string() }),
          action: "ses:GetEmailIdentity",
          run: ({ EmailIdentity }, call) => {
            calls.push(call);
            if (EmailIdentity === "a/b c@example.com") return { IdentityType: "EMAIL_ADDRESS" };
            throw new AwsError("NotFoundException", `Email identity ${EmailIdentity} does not exist.`, 404);
          },
        }),
      },
    ],
  });
  const lambda = restJsonService({
    signingName: "lambda",
    validationErrorCode: "InvalidParameterValueException",
    routes: [
      {
        method: "GET",
        path: "/2015-03-31/functions",
        query: ["MaxItems"],
        operation: operation({
          input: z.object({ MaxItems: z.string().optional() }),
          action: "lambda:ListFunctions",
          run: ({ MaxItems }) => ({ NextMarker: `after ${MaxItems}`, Functions: [] }),
        }),
      },
    ],
  });
  const broken = awsQueryService({
    signingName: "cloudformation",
    version: "2010-05-15",
    operations: {
      ListStacks: operation({
        input: z.object({}),
        action: "cloudformation:ListStacks",
        run: () => {
          throw new RangeError("the secret content of a card");
        },
      }),
    },
  });
  return [states, ses, lambda, broken];
}

export function sampleEndpoint(
  options: Pick<Parameters<typeof createEndpoint>[0], "onRegion" | "extraRoutes"> = {},
) {
  const context = testContext();
  const calls: Call[] = [];
  const identity = createIdentity(context, {
    modelCardAccountId: "111111111111",
    resourcePolicyAllows: () => true,
  });
  const services = [...sampleServices(calls), identity.sts, identity.iam];
  const endpoint = createEndpoint({ context, services, identity, homeRegion: "eu-central-1", ...options });
  return { context, calls, identity, endpoint };
}

/** A request that is signed as far as the endpoint looks: with a credential scope, and no signature. */
export function signedRequest(
  signingName: string,
  given: Parameters<typeof requestOf>[0] & { region?: string; accessKeyId?: string },
): WireRequest {
  const { region = "eu-central-1", accessKeyId = "222222222222", headers, ...rest } = given;
  const scope = `${accessKeyId}/20260101/${region}/${signingName}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=0`;
  return requestOf({ ...rest, headers: { authorization, ...headers } });
}

/** A call of the sample Step Functions. */
export function statesRequest(
  operationName: string,
  body = "{}",
  given: { region?: string; accessKeyId?: string } = {},
): WireRequest {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `AWSStepFunctions.${operationName}`,
  };
  return signedRequest("states", { ...given, headers, body });
}

export const machine = "arn:aws:states:eu-central-1:222222222222:stateMachine:m";
export const startExecution = (given: { region?: string; accessKeyId?: string } = {}) =>
  statesRequest("StartExecution", JSON.stringify({ stateMachineArn: machine }), given);
