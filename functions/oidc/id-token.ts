import { createRemoteJWKSet, customFetch, errors, jwtVerify } from "jose";
import { IdTokenExpiredError, IdTokenRefusedError, IssuerUnreachableError } from "../errors.ts";
import type { ConsoleSettings } from "../lifecycle/console-settings.ts";
import type { Issuer } from "./issuer.ts";
import { type Person, personOf } from "./person.ts";

export interface IdTokenVerifier {
  /**
   * Whom an ID token is about, once it is proved to be genuine, ours and valid now.
   *
   * @throws {IdTokenExpiredError} its time is over or has not come.
   * @throws {IdTokenRefusedError} anything else is wrong with it.
   * @throws {IssuerUnreachableError} the issuer's keys cannot be read.
   */
  verify(idToken: string): Promise<Person>;
}

/** How far the issuer's clock and ours may differ, in seconds. */
export const clockToleranceSeconds = 30;

/** What jose says where it is the issuer's keys that are amiss, and not the token. */
const aboutKeys: string[] = [
  errors.JOSEError.code,
  errors.JWKSTimeout.code,
  errors.JWKSInvalid.code,
  errors.JWKInvalid.code,
];

/**
 * Verifies ID tokens as OpenID Connect asks for, signature included: of the issuer's keys jose takes only public ones, and so no
 * signature that others could make. Keys are kept for ten minutes, and read again where a token names an unknown one, at most
 * twice a minute.
 *
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */
export function createIdTokenVerifier(
  issuer: Issuer,
  settings: ConsoleSettings,
  now: () => Date,
): IdTokenVerifier {
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  return {
    async verify(idToken) {
      const { jwks_uri: keysAddress } = await issuer.metadata();
      keys ??= createRemoteJWKSet(new URL(keysAddress), { [customFetch]: issuer.fetch });
      const claims = await verifiedClaims(idToken, keys, settings, now());
      const person = personOf(claims, settings);
      const { azp } = claims;
      if (person === undefined || (azp !== undefined && azp !== settings.clientId)) {
        throw refused("its claims are of another client or of nobody");
      }
      return person;
    },
  };
}

async function verifiedClaims(
  idToken: string,
  keys: ReturnType<typeof createRemoteJWKSet>,
  { issuer, clientId }: ConsoleSettings,
  currentDate: Date,
) {
  try {
    const { payload } = await jwtVerify(idToken, keys, {
      issuer,
      audience: clientId,
      currentDate,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ["sub", "iat", "exp"],
    });
    return payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    // jose's errors carry the token's claims, so none of them is passed on as a cause.
    if (aboutKeys.includes(error.code)) {
      throw new IssuerUnreachableError(`The issuer's keys cannot be read (${error.code}).`);
    }
    const isOfTime =
      error instanceof errors.JWTExpired ||
      (error instanceof errors.JWTClaimValidationFailed && error.claim === "nbf");
    if (isOfTime) {
      throw new IdTokenExpiredError("An ID token has expired, or the issuer's clock and ours differ.");
    }
    throw refused(error.code);
  }
}

function refused(why: string): IdTokenRefusedError {
  return new IdTokenRefusedError(
    `An ID token is not one of the issuer's for this console (${why}); see deployment.console.`,
  );
}
