import type { Call } from "./caller.ts";
import type { WireRequest, WireResponse } from "./http.ts";
import type { Permission } from "./operation.ts";

/**
 * Decides whether the caller may do what a call needs.
 *
 * @returns nothing where all is allowed, else AWS's sentence that says who may not do what to which resource and why.
 */
export type Authorize = (permissions: Permission[], call: Call) => string | undefined;

/** One line for the operator of the local endpoint. Never card content, links, tokens, addresses or credentials. */
export type Log = (line: string) => void;

/** An AWS service of the local endpoint. */
export interface Service {
  /** The name in a request's SigV4 credential scope, for example `states`. */
  signingName: string;
  /** What `X-Amz-Target` starts with, for the services that use it, for example `AWSStepFunctions`. */
  targetPrefix?: string;
  /** Set for a service that is the same in every region, such as IAM. */
  global?: true;
  handle(
    request: WireRequest,
    call: Call,
    environment: { authorize: Authorize; log: Log },
  ): Promise<WireResponse>;
}
