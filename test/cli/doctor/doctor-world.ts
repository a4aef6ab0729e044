import * as z from "zod";
import type { Access } from "../../../cli/access.ts";
import settings from "../../../lifecycle.config.ts";
import { createTestCloud } from "../../workflow/test-cloud.ts";

/** What AWS says instead of what `local/` would: the response of one operation, or its error. */
export type Answer = object | z.input<typeof RefusalSchema>;

const RefusalSchema = z.object({ error: z.string(), status: z.int().default(400) });

type Request = Parameters<ReturnType<typeof createTestCloud>["cloud"]["requestHandler"]["handle"]>[0];

/** The organisation and quotas of a well prepared account, in the form of AWS's own answers. */
const prepared: Record<string, Answer> = {
  DescribeOrganization: {
    Organization: {
      Id: "o-exampleorgid",
      Arn: "arn:aws:organizations::999999999999:organization/o-exampleorgid",
      FeatureSet: "ALL",
      MasterAccountId: "999999999999",
    },
  },
  ListAWSServiceAccessForOrganization: {
    EnabledServicePrincipals: [{ ServicePrincipal: "ram.amazonaws.com", DateEnabled: 1704067200 }],
  },
  DescribeAccount: { Account: { Status: "ACTIVE", JoinedMethod: "CREATED" } },
  GetServiceQuota: { Quota: { Value: 10_000, Adjustable: true } },
  ListServiceQuotas: {
    Quotas: [
      { ServiceCode: "ram", QuotaName: "Resource associations per resource share", Value: 5_000 },
      { ServiceCode: "ram", QuotaName: "Resource shares", Value: 25_000 },
    ],
  },
};

export const managementAccountId = "999999999999";

/** The test cloud with an organisation and quotas in front of it, and a record of every call that reaches it. */
export function createDoctorWorld(answers: Record<string, Answer> = {}) {
  const { cloud, iam, events, sqs, pass } = createTestCloud({ settings });
  const calls: string[] = [];
  const answerOf = (operation: string): Answer | undefined => answers[operation] ?? prepared[operation];

  const requestHandler = {
    ...cloud.requestHandler,
    async handle(request: Request) {
      const operation = operationOf(request);
      calls.push(operation);
      const answer = answerOf(operation);
      return answer === undefined ? cloud.requestHandler.handle(request) : responseOf(answer);
    },
  };
  const accessOf = (accountId: string, changes: Partial<Access> = {}): Access => ({
    region: "us-east-1",
    endpoint: "http://aws.test",
    credentials: { accessKeyId: accountId, secretAccessKey: "any" },
    requestHandler,
    maxAttempts: 1,
    ...changes,
  });
  return { cloud, iam, events, sqs, pass, calls, accessOf };
}

/** The operation by its name where the protocol says it, else the method and path. */
function operationOf({ method, path, headers, body }: Request): string {
  const target = Object.entries(headers).find(([name]) => name.toLowerCase() === "x-amz-target")?.[1];
  const action = typeof body === "string" ? new URLSearchParams(body).get("Action") : null;
  return target?.split(".").at(-1) ?? action ?? `${method} ${path}`;
}

/** An answer of a JSON protocol. */
function responseOf(answer: Answer) {
  const refusal = RefusalSchema.safeParse(answer).data;
  const body =
    refusal === undefined ? answer : { __type: refusal.error, Message: "not for people: secret@example.com" };
  return {
    response: {
      statusCode: refusal === undefined ? 200 : refusal.status,
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode(JSON.stringify(body)),
    },
  };
}
