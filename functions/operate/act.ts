import { createHash } from "node:crypto";
import * as z from "zod";
import { ModelCardArnSchema } from "../../events/model-card.ts";
import { canonicalJson } from "../records/canonical-json.ts";

/** ARN of an execution of one of Cardway's workflows. */
const ExecutionArnSchema = z
  .string()
  .regex(/^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:execution:cardway-(promotion|sweep):[^:]+$/);

/** What an operator asks for. `actId` is chosen by who asks, and makes the same request of theirs one act, however often it comes. */
export const ActSchema = z
  .discriminatedUnion("act", [
    z.object({ act: z.literal("redrive"), executionArn: ExecutionArnSchema }),
    z.object({ act: z.literal("stop"), executionArn: ExecutionArnSchema }),
    z.object({ act: z.literal("look"), modelCardArn: ModelCardArnSchema }),
    z.object({ act: z.literal("sweep"), dryRun: z.boolean() }),
    z.object({
      act: z.literal("redrive-dead-letters"),
      messages: z.int().positive(),
      /** The card that they are about; absent for those of the sweep. */
      modelCardArn: ModelCardArnSchema.optional(),
    }),
    z.object({ act: z.literal("discard-dead-letters"), messages: z.int().positive() }),
    z.object({ act: z.literal("remind"), requestId: z.uuid() }),
    z.object({ act: z.literal("withdraw"), requestId: z.uuid() }),
    z.object({
      act: z.literal("collect-evidence"),
      modelCardArn: ModelCardArnSchema,
      version: z.coerce.number().pipe(z.int().positive()),
    }),
  ])
  .and(z.object({ actId: z.uuid() }));

export type Act = z.output<typeof ActSchema>;

/** Who acts, as far as is proved. */
export interface Operator {
  /** ARN of the caller, or whom the console's issuer signed in. */
  identity: string;
  through: "command-line" | "console";
}

/** What came of an act. */
export const ActOutcomeSchema = z.object({
  /** The execution that was started, redriven, stopped or woken. */
  executionArn: z.string().optional(),
  /** Ids of those who get a reminder. */
  approverIds: z.array(z.string()).optional(),
  /** What the act is on record as, where that is all that comes of it for now. */
  effectId: z.string().optional(),
});

export type ActOutcome = z.output<typeof ActOutcomeSchema>;

/** Binds a proof of identity to one act: SHA-256 of its canonical JSON, in hexadecimal. */
export function hashOfAct(act: Act): string {
  return createHash("sha256").update(canonicalJson(act)).digest("hex");
}
