import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { proveIdentity } from "../functions/aws/caller-identity.ts";
import { ActNotPossibleError, CardwayError } from "../functions/errors.ts";
import { type Act, type ActOutcome, ActOutcomeSchema, hashOfAct } from "../functions/operate/act.ts";
import { clientConfig } from "../functions/runtime/runtime.ts";
import { functionNameOf } from "../stacks/definitions/functions.ts";
import type { Context } from "./command.ts";
import { UsageError } from "./command-line.ts";
import type { Connection } from "./connection.ts";
import { counted, paragraph } from "./layout.ts";

/** The flag by which nobody is asked. */
export const yesOption = ["--yes", "do not ask"] as const;

/** Cardway's function did not do what was asked for; the message is its own. */
class ActFailedError extends CardwayError {
  override readonly name = "ActFailedError";
}

const FailureSchema = z.object({ errorType: z.string(), errorMessage: z.string() });

/**
 * Has Cardway do something, which is on record with who asks before it is done.
 *
 * @throws {ActNotPossibleError} it cannot be done, or not any more; the message says why.
 */
export async function perform(act: Act, { runtime }: Pick<Connection, "runtime">): Promise<ActOutcome> {
  const config = clientConfig(runtime);
  const proof = await proveIdentity(config, hashOfAct(act));
  const { FunctionError, Payload } = await new LambdaClient(config).send(
    new InvokeCommand({
      FunctionName: functionNameOf("operate"),
      Payload: JSON.stringify({ act, proof }),
    }),
  );
  const answer: unknown = JSON.parse(Payload?.transformToString() ?? "null");
  if (FunctionError === undefined) return ActOutcomeSchema.parse(answer);
  const { errorType, errorMessage } = FailureSchema.parse(answer);
  throw errorType === "ActNotPossibleError"
    ? new ActNotPossibleError(errorMessage)
    : new ActFailedError(`${errorMessage} (${errorType})`);
}

/** @throws {UsageError} nobody can be asked whether to go on, and nobody has said yes beforehand. */
export function assertAskable(yes: boolean, { json, ask }: Pick<Context, "json" | "ask">): void {
  if (yes || (ask !== undefined && !json)) return;
  throw new UsageError(
    "This changes something, so it asks first, and nobody can be asked here: add --yes to go on without.",
  );
}

/**
 * Says what is about to be done and by whom, and asks.
 *
 * @param will - What is about to be done, one sentence without a full stop.
 * @throws {UsageError} nobody can be asked, and nobody has said yes beforehand.
 */
export async function agreed(
  will: string,
  yes: boolean,
  { identity }: Pick<Connection, "identity">,
  { json, ask, write, screen }: Pick<Context, "json" | "ask" | "write" | "screen">,
): Promise<boolean> {
  assertAskable(yes, { json, ask });
  if (!json) write(paragraph(`${will}. It goes on record with who asked: ${identity}.`, screen));
  if (yes || ask === undefined) return true;
  const isAgreed = await ask("Go on? [y/N] ");
  if (!isAgreed) write("Nothing was changed.\n");
  return isAgreed;
}

/**
 * Says what is about to be done and by whom, asks, does it, and says what came of it.
 *
 * @param words.will - What is about to be done, one sentence without a full stop.
 * @param words.done - That it was done, in a word.
 */
export async function carryOut(
  act: Act,
  words: { will: string; done: string },
  { yes }: { yes: boolean },
  connection: Connection,
  context: Context,
): Promise<0> {
  if (!(await agreed(words.will, yes, connection, context))) return 0;
  const outcome = await perform(act, connection);
  context.answer({ ...connection.place, ...act, ...outcome }, () => doneWords(words.done, outcome));
  return 0;
}

/** What was done, and where to look on, in words. */
function doneWords(done: string, { executionArn, approverIds }: ActOutcome): string {
  const mails =
    approverIds === undefined
      ? ""
      : approverIds.length === 0
        ? "Everybody has answered or was reminded a moment ago: nobody gets a mail.\n"
        : `${counted(approverIds.length, "person", "people")} to be mailed: ${approverIds.join(", ")}.\n`;
  const follow =
    executionArn === undefined ? "" : `npx cardway execution ${nameOfExecution(executionArn)} follows it.\n`;
  return `${done}\n${mails}${follow}`;
}

export function nameOfExecution(executionArn: string): string {
  return executionArn.slice(executionArn.lastIndexOf(":") + 1);
}
