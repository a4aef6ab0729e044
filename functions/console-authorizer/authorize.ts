import { IdTokenExpiredError, IdTokenRefusedError, IssuerUnreachableError } from "../errors.ts";
import { isLook, roleMay } from "../lifecycle/console-role.ts";
import type { IdTokenVerifier } from "../oidc/id-token.ts";
import type { Person } from "../oidc/person.ts";

/** What is asked about one request. */
export interface AuthorizerRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** The session: an ID token, or whatever stands in its place. */
  session: string | undefined;
  /** Whether a person opens a page, rather than a page fetching something. */
  isNavigation: boolean;
}

/**
 * What API Gateway is answered; `context` reaches the function as `requestContext.authorizer.lambda`.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export type AuthorizerAnswer =
  | { isAuthorized: false }
  | { isAuthorized: true; context: { role: "operator" | "auditor"; identity: string; name: string } }
  | { isAuthorized: true; context: { role: "nobody" } };

/**
 * Whether a request may reach the console, and as whom. API Gateway can only refuse, and a refusal is no way to the sign-in: who
 * opens a page without a session goes through as `nobody`, whom the console sends there.
 *
 * @param dependencies.log - Hears why nobody gets in.
 */
export async function authorize(
  { method, path, session, isNavigation }: AuthorizerRequest,
  { verifier, log }: { verifier: IdTokenVerifier; log: (message: string) => void },
): Promise<AuthorizerAnswer> {
  const person = session === undefined ? undefined : await verified(session, verifier, log);
  if (person?.role === undefined) {
    return isNavigation && isLook(method)
      ? { isAuthorized: true, context: { role: "nobody" } }
      : { isAuthorized: false };
  }
  const { role, identity, name } = person;
  return roleMay(role, { method, path })
    ? { isAuthorized: true, context: { role, identity, name } }
    : { isAuthorized: false };
}

/** Whose session it is; `undefined` where it is no good, for whatever reason. */
async function verified(
  session: string,
  verifier: IdTokenVerifier,
  log: (message: string) => void,
): Promise<Person | undefined> {
  try {
    return await verifier.verify(session);
  } catch (error) {
    const isNoSession = error instanceof IdTokenExpiredError || error instanceof IdTokenRefusedError;
    if (!isNoSession && !(error instanceof IssuerUnreachableError)) throw error;
    if (!isNoSession) log(error.message);
    return undefined;
  }
}
