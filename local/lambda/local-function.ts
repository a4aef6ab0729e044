import type { Context } from "aws-lambda";

/** The second argument of a Lambda handler. */
export type LambdaContext = Context;

/** A Lambda function whose real handler runs in this process. */
export interface LocalFunction {
  functionName: string;
  description: string;
  /** Handler as Lambda writes it, for example `functions/grant-access/handler.handler`. */
  handlerPath: string;
  timeoutSeconds: number;
  memoryMb: number;
  /** How many run at once at most; whoever is too many is refused. Unlimited where it is left out. */
  reservedConcurrency?: number;
  roleArn: string;
  /** The function's own variables, as they were configured. Shown by `GetFunctionConfiguration`. */
  environment: Record<string, string>;
  /** The cold start. Called at the first invocation, and again at the next one while it fails. */
  load(): Promise<(event: unknown, context: LambdaContext) => Promise<unknown>>;
}

export interface FunctionLocation {
  accountId: string;
  region: string;
}

/**
 * How an invocation ended. `error` is the error type that a workflow matches on, `cause` AWS's JSON text
 * `{"errorType","errorMessage","trace"}`, or a sentence where Lambda itself refused the call.
 */
export type LambdaOutcome =
  | { kind: "returned"; payload: unknown; executedVersion: string }
  | { kind: "failed"; error: string; cause: string };
