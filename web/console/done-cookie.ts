import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import * as z from "zod";
import type { ConsoleAct } from "./acts.ts";
import { consolePath } from "./console-paths.ts";

const name = "cardway-done";

const acts = [
  "redrive",
  "stop",
  "look",
  "sweep",
  "remind",
  "withdraw",
  "collect-evidence",
] as const satisfies readonly ConsoleAct["act"][];

/** What was done last, until the next page has said so. */
const DoneSchema = z.object({
  act: z.enum(acts),
  /** How many approvers get a reminder. */
  reminded: z.int().min(0).optional(),
});

export type Done = z.output<typeof DoneSchema>;

/** Leaves word for the next page. An address could be made up by anybody, and said something that never happened. */
export function rememberDone(context: Context, done: Done): void {
  setCookie(context, name, Buffer.from(JSON.stringify(done)).toString("base64url"), {
    path: consolePath,
    httpOnly: true,
    sameSite: "Strict",
    secure: new URL(context.req.url).protocol === "https:",
    maxAge: 60,
  });
}

/** What was done last, once; `undefined` where that was said already. */
export function takeDone(context: Context): Done | undefined {
  const cookie = getCookie(context, name);
  if (cookie === undefined) return undefined;
  deleteCookie(context, name, { path: consolePath });
  return doneIn(cookie);
}

function doneIn(cookie: string): Done | undefined {
  try {
    return DoneSchema.safeParse(JSON.parse(Buffer.from(cookie, "base64url").toString())).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What came of an act, in a sentence. */
export function doneWords({ act, reminded = 0 }: Done): string {
  const words: Record<Done["act"], string> = {
    redrive: "The execution goes on.",
    stop: "The execution was told to stop.",
    look: "The card is being looked at, by this execution.",
    sweep: "The sweep has begun.",
    remind:
      reminded === 0
        ? "There was nobody to remind."
        : `${reminded === 1 ? "1 approver gets" : `${reminded} approvers get`} a reminder.`,
    withdraw: "The request is withdrawn. Everybody who was asked is told.",
    "collect-evidence": "It is on record that you collect this.",
  };
  return words[act];
}
