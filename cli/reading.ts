import { type Open, cannotTell } from "./finding.ts";

/** What a call to AWS showed, or why it showed nothing. */
export type Reading<Value> = { seen: Value } | { unseen: Unseen };

export interface Unseen {
  /** IAM action of the call, for example `ses:GetAccount`. */
  action: string;
  why: "not allowed" | "no credentials" | "throttled" | "unreachable" | "not offered" | "refused";
  /** AWS's or the SDK's name for it. Its message is left out: it can repeat addresses. */
  errorName: string;
}

/**
 * Makes one call that reads, and never fails by it.
 *
 * @param action - IAM action that the call needs.
 * @param expected - What AWS errors mean that are ordinary answers here, by error name.
 */
export async function read<Value>(
  action: string,
  call: () => Promise<Value>,
  expected: Record<string, Value> = {},
): Promise<Reading<Value>> {
  try {
    return { seen: await call() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const answer = Object.hasOwn(expected, error.name) ? expected[error.name] : undefined;
    if (answer !== undefined) return { seen: answer };
    const unseen = unseenBy(error, action);
    if (unseen === undefined) throw error;
    return { unseen };
  }
}

/** Why a call came to nothing; `undefined` where the error is not one of AWS or of the way there. */
export function unseenBy(error: Error, action: string): Unseen | undefined {
  return isFromAws(error) ? { action, why: whyOf(error), errorName: nameOf(error) } : undefined;
}

/** What follows from a reading, and `undefined` or another value where there is none. */
export function seenIn<Value>(reading: Reading<Value>): Value | undefined {
  return "seen" in reading ? reading.seen : undefined;
}

/** The finding of a check that could not look. */
export function unseenFinding(check: string, unseen: Unseen): Open {
  const [saw, advice] = sentences[unseen.why](unseen);
  return cannotTell(check, saw, advice);
}

/** By why nothing was seen: that, and what to do. */
const sentences: Record<Unseen["why"], (unseen: Unseen) => [saw: string, advice: string]> = {
  "not allowed": ({ action, errorName }) => [
    `These credentials may not call ${action} (${errorName}).`,
    `Allow them ${action}, or run this with credentials that may.`,
  ],
  "no credentials": ({ action, errorName }) => [
    `There were no valid credentials to call ${action} with (${errorName}).`,
    "Sign in again, or name another profile, then run this again.",
  ],
  throttled: ({ action, errorName }) => [
    `AWS throttled ${action}, also after the SDK's own retries (${errorName}).`,
    "Run this again in a minute.",
  ],
  unreachable: ({ action, errorName }) => [
    `${action} could not be reached or did not answer (${errorName}).`,
    "Check the network, a proxy, AWS_ENDPOINT_URL and the Region's name, and with --local that npm start runs there; then run this again.",
  ],
  "not offered": ({ action, errorName }) => [
    `Not offered here: what answered does not know ${action} (${errorName}).`,
    "Run this against AWS itself: without --local, and with AWS_ENDPOINT_URL unset if it names another endpoint.",
  ],
  refused: ({ action, errorName }) => [
    `AWS refused ${action} with ${errorName}.`,
    `Look up that error for ${action}.`,
  ],
};

type SdkError = Error & { $metadata?: { httpStatusCode?: number }; code?: string };

const denied = /^(AccessDenied|UnauthorizedOperation|NotAuthorized|AuthorizationError)/;
const credentials =
  /CredentialsProviderError|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|TokenRefreshRequired|InvalidGrant/;
const notOffered = /^(UnknownOperation|InvalidAction)/;
const throttled = /Throttl|TooManyRequests|RequestLimitExceeded/;
const unreachable = /TimeoutError|ServiceUnavailable|Internal|ServiceException$/;
const network =
  /^(ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UNABLE_TO|CERT_|SELF_SIGNED|DEPTH_ZERO)/;

/** Anything else is a mistake in this program, which must not look like an answer. */
function isFromAws(error: SdkError): boolean {
  return (
    error.$metadata !== undefined ||
    credentials.test(error.name) ||
    unreachable.test(error.name) ||
    network.test(error.code ?? "")
  );
}

/** Node.js names what went wrong on the network by a code. */
function nameOf({ name, code = "" }: SdkError): string {
  return network.test(code) ? code : name;
}

function whyOf({ name, code = "", $metadata }: SdkError): Unseen["why"] {
  const status = $metadata?.httpStatusCode;
  if (credentials.test(name)) return "no credentials";
  if (denied.test(name)) return "not allowed";
  if (notOffered.test(name)) return "not offered";
  if (throttled.test(name) || status === 429) return "throttled";
  if (unreachable.test(name) || network.test(code) || (status ?? 0) >= 500) return "unreachable";
  return "refused";
}
