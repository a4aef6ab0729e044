import * as z from "zod";
import { IssuerUnreachableError } from "../errors.ts";

const EndpointSchema = z.url({ protocol: /^https$/ });

/** What an issuer says about itself. @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
const IssuerMetadataSchema = z
  .object({
    issuer: z.string(),
    authorization_endpoint: EndpointSchema,
    token_endpoint: EndpointSchema,
    jwks_uri: EndpointSchema,
  })
  .catchall(z.json());

export type IssuerMetadata = z.output<typeof IssuerMetadataSchema>;

/** `fetch`, as far as it is used. */
export type Fetch = (address: string, init?: RequestInit) => Promise<Response>;

export interface Issuer {
  /** Its discovery document, read once. @throws {IssuerUnreachableError} */
  metadata(): Promise<IssuerMetadata>;
  /** Carries requests to it. @throws {IssuerUnreachableError} no answer, or a server error. */
  fetch: Fetch;
}

/** How long the discovery document is waited for, in milliseconds: a person waits with it. */
const longestMs = 5_000;

/**
 * An OIDC issuer.
 *
 * @param address - As the discovery document names it.
 * @param carry - `fetch`, or what stands in its place.
 */
export function createIssuer(address: string, carry: Fetch): Issuer {
  const reach: Fetch = async (requested, init) => {
    let answer: Response;
    try {
      answer = await carry(requested, init);
    } catch (cause) {
      throw unreachable(address, "does not answer", cause);
    }
    if (answer.status >= 500) throw unreachable(address, `answers with status ${answer.status}`);
    return answer;
  };

  const discover = async (): Promise<IssuerMetadata> => {
    const answer = await reach(`${address.replace(/\/$/, "")}/.well-known/openid-configuration`, {
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(longestMs),
    });
    const document: unknown = await answer.json().catch(() => undefined);
    const metadata = IssuerMetadataSchema.safeParse(document);
    if (answer.status !== 200 || !metadata.success) {
      throw unreachable(address, "has no discovery document there");
    }
    if (metadata.data.issuer !== address) {
      throw unreachable(address, "names itself otherwise in its discovery document");
    }
    return metadata.data;
  };

  let known: Promise<IssuerMetadata> | undefined;
  return {
    fetch: reach,
    metadata() {
      known ??= discover().catch((error: unknown) => {
        // The next one asks again.
        known = undefined;
        throw error;
      });
      return known;
    },
  };
}

function unreachable(address: string, what: string, cause?: unknown): IssuerUnreachableError {
  return new IssuerUnreachableError(
    `The issuer ${address} ${what}. Nobody can sign in until it does; see deployment.console.issuer.`,
    { cause },
  );
}
