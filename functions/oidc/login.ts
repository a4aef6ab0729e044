import {
  AuthorizationResponseError,
  ClientError,
  Configuration,
  None,
  ResponseBodyError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  clockTolerance,
  customFetch,
} from "openid-client";
import {
  IdTokenExpiredError,
  IdTokenRefusedError,
  IssuerUnreachableError,
  SignInDeniedError,
} from "../errors.ts";
import type { ConsoleSettings } from "../lifecycle/console-settings.ts";
import { clockToleranceSeconds } from "./id-token.ts";
import type { Issuer } from "./issuer.ts";

/** What ties the end of a sign-in to its begin, and both to one browser: unguessable texts of 43 characters at least. */
export interface LoginSecrets {
  state: string;
  nonce: string;
  /** PKCE's code verifier. */
  codeVerifier: string;
}

export interface Login {
  /** The issuer's page to send a browser to. @throws {IssuerUnreachableError} */
  begin(secrets: LoginSecrets): Promise<URL>;
  /**
   * Exchanges the code that a browser came back with for an ID token.
   *
   * @param answer - The query that the browser came back with.
   * @throws {SignInDeniedError} the issuer does not let this person in, or does not take the code.
   * @throws {IdTokenExpiredError} the ID token's times are not of now.
   * @throws {IdTokenRefusedError} the answer or the ID token does not belong to this sign-in.
   * @throws {IssuerUnreachableError}
   */
  finish(answer: URLSearchParams, secrets: LoginSecrets): Promise<string>;
}

/** How long the issuer is waited for, in seconds. */
const longestSeconds = 10;

/**
 * OpenID Connect's authorization code flow with PKCE, for a public client.
 *
 * @param redirectUri - The console's address that browsers come back to, as it is registered at the issuer.
 */
export function createLogin(
  issuer: Issuer,
  { clientId, scopes }: ConsoleSettings,
  redirectUri: string,
): Login {
  const configure = async (): Promise<Configuration> => {
    const metadata = { [clockTolerance]: clockToleranceSeconds };
    const configuration = new Configuration(await issuer.metadata(), clientId, metadata, None());
    configuration[customFetch] = issuer.fetch;
    configuration.timeout = longestSeconds;
    return configuration;
  };
  return {
    async begin({ state, nonce, codeVerifier }) {
      return buildAuthorizationUrl(await configure(), {
        redirect_uri: redirectUri,
        scope: [...new Set(["openid", ...scopes])].join(" "),
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: "S256",
      });
    },

    async finish(answer, { state, nonce, codeVerifier }) {
      const configuration = await configure();
      try {
        const tokens = await authorizationCodeGrant(
          configuration,
          new URL(`${redirectUri}?${answer.toString()}`),
          {
            expectedState: state,
            expectedNonce: nonce,
            pkceCodeVerifier: codeVerifier,
            idTokenExpected: true,
          },
        );
        return tokens.id_token ?? "";
      } catch (error) {
        throw signInError(error);
      }
    },
  };
}

/** Codes of the library's that speak of the issuer, and not of this sign-in. */
const aboutIssuer = [
  "OAUTH_TIMEOUT",
  "OAUTH_ABORT",
  "OAUTH_RESPONSE_IS_NOT_CONFORM",
  "OAUTH_RESPONSE_IS_NOT_JSON",
  "OAUTH_PARSE_ERROR",
];

/** An error of ours in the place of the library's, whose causes carry tokens. */
function signInError(error: unknown): unknown {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    // Everybody can write the address that a browser comes back to.
    const code = /^[a-z_]{1,40}$/.test(error.error) ? error.error : "unknown";
    return new SignInDeniedError(`The issuer answers a sign-in with the error ${code}.`);
  }
  if (!(error instanceof ClientError)) return error;
  if (error.cause instanceof IssuerUnreachableError) return error.cause;
  const { code = "unknown" } = error;
  if (aboutIssuer.includes(code)) {
    return new IssuerUnreachableError(`The issuer does not answer a sign-in as an issuer does (${code}).`);
  }
  return code === "OAUTH_JWT_TIMESTAMP_CHECK_FAILED"
    ? new IdTokenExpiredError("A new ID token is not valid now: the issuer's clock and ours differ.")
    : new IdTokenRefusedError(`What the issuer answered does not belong to this sign-in (${code}).`);
}
