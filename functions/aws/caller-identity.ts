import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import * as z from "zod";
import { OperatorNotProvedError } from "../errors.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";

/** The header that says what a signed request for one's identity was made for. */
const purposeHeader = "x-cardway-act";

const proofHeaders = [
  "authorization",
  "x-amz-date",
  "x-amz-security-token",
  "x-amz-content-sha256",
  purposeHeader,
] as const;

/**
 * A signed request for the caller's identity: whoever holds it can ask AWS who signed it, and nothing else. The signature covers
 * what it was made for, and AWS takes it for 15 minutes.
 */
export const IdentityProofSchema = z.partialRecord(z.enum(proofHeaders), z.string());

export type IdentityProof = z.output<typeof IdentityProofSchema>;

/** What the signature covers besides, which is the same whoever sends the request. */
const commonHeaders: readonly string[] = ["host", "content-type", "content-length"];

const HttpRequestSchema = z.object({ headers: z.record(z.string(), z.string()) });

/** Signs a request for the caller's own identity, and does not send it. */
export async function proveIdentity(config: STSClientConfig, purpose: string): Promise<IdentityProof> {
  const client = new STSClient(config);
  let proof: IdentityProof | undefined;
  client.middlewareStack.add(
    (next) => (args) => {
      const { headers } = HttpRequestSchema.parse(args.request);
      Object.assign(headers, { [purposeHeader]: purpose });
      return next({ ...args, request: Object.assign(Object(args.request), { headers }) });
    },
    { step: "build", name: "addPurpose" },
  );
  // The SDK signs whatever headers there are, and who sends the request later has other ids of attempts and another version.
  client.middlewareStack.addRelativeTo(
    <Args extends { request: unknown }, Answer>(next: (args: Args) => Answer) =>
      (args: Args) =>
        next({ ...args, request: withHeaders(args.request, isOfProof) }),
    { relation: "before", toMiddleware: "httpSigningMiddleware", name: "signNothingElse" },
  );
  client.middlewareStack.add(
    () => async (args) => {
      const { headers } = HttpRequestSchema.parse(args.request);
      proof = IdentityProofSchema.parse(
        Object.fromEntries(
          Object.entries(headers)
            .map(([name, value]): [string, string] => [name.toLowerCase(), value])
            .filter(([name]) => proofHeaders.some((one) => one === name)),
        ),
      );
      return { output: { $metadata: {} }, response: undefined };
    },
    { step: "finalizeRequest", name: "keepInsteadOfSending", priority: "low" },
  );
  await client.send(new GetCallerIdentityCommand({}));
  if (proof === undefined) throw new TypeError("the request for the caller's identity was not signed");
  return proof;
}

function isOfProof(name: string): boolean {
  return commonHeaders.includes(name) || proofHeaders.some((one) => one === name);
}

/** A request without those headers that are not wanted. */
function withHeaders(request: unknown, isWanted: (name: string) => boolean, more: object = {}): object {
  const { headers } = HttpRequestSchema.parse(request);
  const wanted = Object.entries(headers).filter(([name]) => isWanted(name.toLowerCase()));
  return Object.assign(Object(request), { headers: { ...Object.fromEntries(wanted), ...more } });
}

/** Names of the headers that a signature covers; none where it is not one of AWS's usual kind, read in one way only. */
function signedHeaders({ authorization = "" }: IdentityProof): string[] {
  const [, names = ""] =
    /^AWS4-HMAC-SHA256 Credential=[^\s,;=]+, ?SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}$/.exec(
      authorization,
    ) ?? [];
  return names.split(";");
}

/** Asks AWS who signed a proof. */
export interface CallerIdentities {
  /**
   * @param purpose - What the proof has to have been made for.
   * @returns the ARN of who signed it.
   * @throws {OperatorNotProvedError} it was made for something else, has run out, or nobody's credentials of the model card account
   *   signed it: who may call the function has some there, and those of another account would hide who it was.
   */
  prove(proof: IdentityProof, purpose: string): Promise<string>;
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export function createCallerIdentities(runtime: Runtime): CallerIdentities {
  return {
    async prove(proof, purpose) {
      const signed = signedHeaders(proof);
      if (proof[purposeHeader] !== purpose || !signed.includes(purposeHeader)) {
        throw new OperatorNotProvedError("The proof of who asks was made for something else. Ask again.");
      }
      // The endpoint is the function's own: nobody can name another that would vouch for them.
      const client = runtime.trace(new STSClient(clientConfig(runtime)));
      client.middlewareStack.add(
        (next) => (args) =>
          next({
            ...args,
            // Nothing is sent that the proof's signature does not cover: AWS refuses some of that.
            request: withHeaders(args.request, (name) => commonHeaders.includes(name), proof),
          }),
        { step: "finalizeRequest", name: "signAsProof", priority: "low" },
      );
      const { Arn, Account } = await client.send(new GetCallerIdentityCommand({})).catch((error: unknown) => {
        throw new OperatorNotProvedError(
          `AWS STS does not know who asks: ${error instanceof Error ? error.name : "it gave no reason"}. Check your credentials and the clock, and ask again.`,
          { cause: error },
        );
      });
      if (Arn === undefined) throw new OperatorNotProvedError("AWS STS does not say who asks. Ask again.");
      if (Account !== runtime.settings.modelCardAccountId) {
        throw new OperatorNotProvedError(
          "The proof of who asks is of another account. Ask with the credentials that you call the function with.",
        );
      }
      return Arn;
    },
  };
}
