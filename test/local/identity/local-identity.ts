import { createEndpoint } from "../../../local/endpoint/endpoint.ts";
import { createDirectRequestHandler } from "../../../local/endpoint/direct-request-handler.ts";
import { createIdentity } from "../../../local/identity/identity.ts";
import type { Role } from "../../../local/identity/roles.ts";
import type { PolicyDocument, PolicyStatement } from "../../../stacks/definitions/policy.ts";
import { testContext } from "../sdk-request-handler.ts";

export const cardAccount = "111111111111";
export const prodAccount = "333333333333";
export const readerArn = `arn:aws:iam::${prodAccount}:role/cardway-card-reader`;
export const promoterArn = `arn:aws:iam::${cardAccount}:role/cardway-promoter`;

export const documentOf = (...Statement: PolicyStatement[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement,
});

export const allow = (Action: string, Resource = "*"): PolicyStatement => ({
  Effect: "Allow",
  Action,
  Resource,
});
export const deny = (Action: string, Resource = "*"): PolicyStatement => ({
  Effect: "Deny",
  Action,
  Resource,
});

export const trusting = (...AWS: string[]): PolicyDocument =>
  documentOf({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" });

export const trustingLambda = documentOf({
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: "sts:AssumeRole",
});

/** A role with one policy. */
export const roleOf = (roleArn: string, trust: PolicyDocument, ...statements: PolicyStatement[]): Role => ({
  roleArn,
  trust,
  policies: statements.length === 0 ? [] : [{ name: "main", document: documentOf(...statements) }],
});

/** An identity with STS and IAM behind an endpoint, as SDK clients reach it. */
export function localIdentity(options: Partial<Parameters<typeof createIdentity>[1]> = {}) {
  const context = testContext();
  const identity = createIdentity(context, {
    modelCardAccountId: cardAccount,
    resourcePolicyAllows: () => false,
    ...options,
  });
  const endpoint = createEndpoint({
    context,
    services: [identity.sts, identity.iam],
    identity,
    homeRegion: "eu-central-1",
  });
  const clientOf = (credentials: {
    accessKeyId: string;
    secretAccessKey?: string;
    sessionToken?: string;
  }) => ({
    region: "eu-central-1",
    endpoint: "http://localhost:4566",
    maxAttempts: 1,
    credentials: { secretAccessKey: "any", ...credentials },
    requestHandler: createDirectRequestHandler(endpoint),
  });
  return { context, identity, endpoint, clientOf };
}

/** What a call was refused with. */
export async function errorOf(
  call: Promise<unknown>,
): Promise<{ name: string; message: string; status: unknown }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && "$metadata" in error) {
      const { name, message, $metadata } = error;
      return { name, message, status: Object($metadata).httpStatusCode };
    }
    throw error;
  }
  throw new Error("The call was not refused");
}

/** Every page of a paginator. */
export async function collect<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const collected: Page[] = [];
  for await (const page of pages) collected.push(page);
  return collected;
}
