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
  client.middlewareStack.add(
    () => async (args) => {
      const { headers } = HttpRequestSchema.parse(args.request);
      proof = IdentityProofSchema.parse(onlyProof(headers));
      return { output: { $metadata: {} }, response: undefined };
    },
    { step: "finalizeRequest", name: "keepInsteadOfSending", priority: "low" },
  );
  await client.send(new GetCallerIdentityCommand({}));
  if (proof === undefined) throw new TypeError("the request for the caller's identity was not signed");
  return proof;
}

function onlyProof(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]): [string, string] => [name.toLowerCase(), value])
      .filter(([name]) => proofHeaders.some((one) => one === name)),
  );
}

/** Asks AWS who signed a proof. */
export interface CallerIdentities {
  /**
   * @param purpose - What the proof has to have been made for.
   * @returns the ARN of who signed it.
   * @throws {OperatorNotProvedError} it was made for something else, has run out, or nobody's credentials signed it.
   */
  prove(proof: IdentityProof, purpose: string): Promise<string>;
}

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export function createCallerIdentities(runtime: Runtime): CallerIdentities {
  return {
    async prove(proof, purpose) {
      const signed = /SignedHeaders=([^,\s]+)/.exec(proof.authorization ?? "")?.[1]?.split(";") ?? [];
      if (proof[purposeHeader] !== purpose || !signed.includes(purposeHeader)) {
        throw new OperatorNotProvedError("The proof of who asks was made for something else. Ask again.");
      }
      // The endpoint is the function's own: nobody can name another that would vouch for them.
      const client = runtime.trace(new STSClient(clientConfig(runtime)));
      client.middlewareStack.add(
        (next) => (args) => {
          const { headers } = HttpRequestSchema.parse(args.request);
          const { authorization: _own, ...rest } = headers;
          const others = Object.fromEntries(
            Object.entries(rest).filter(([name]) => !proofHeaders.some((one) => one === name.toLowerCase())),
          );
          return next({
            ...args,
            request: Object.assign(Object(args.request), { headers: { ...others, ...proof } }),
          });
        },
        { step: "finalizeRequest", name: "signAsProof", priority: "low" },
      );
      try {
        const { Arn } = await client.send(new GetCallerIdentityCommand({}));
        if (Arn !== undefined) return Arn;
      } catch (error) {
        throw new OperatorNotProvedError(
          `AWS STS does not know who asks: ${error instanceof Error ? error.name : "it gave no reason"}. Check your credentials and the clock, and ask again.`,
          { cause: error },
        );
      }
      throw new OperatorNotProvedError("AWS STS does not say who asks. Ask again.");
    },
  };
}
