import type { ExecutionStatus } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { modelCardStatuses } from "../../events/model-card.ts";

/** What a form leaves empty was not asked for; what has no such value is as good as not asked for. */
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

const TokenSchema = optional(z.string().min(1).max(8_192));
const PageSchema = z.coerce.number().int().min(1).max(100_000).catch(1);
const DaySchema = optional(z.iso.date());

/** Part of a name, as SageMaker takes it. */
const NameSchema = z
  .string()
  .trim()
  .max(63, "A name has at most 63 characters.")
  .regex(/^[a-zA-Z0-9-]*$/, "A name has letters of a to z, digits and hyphens only.");

const statuses = [
  "RUNNING",
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "ABORTED",
  "PENDING_REDRIVE",
] as const satisfies readonly ExecutionStatus[];

export const executionStatuses: readonly ExecutionStatus[] = statuses;

export const CardsQuerySchema = z.object({
  status: optional(z.enum(modelCardStatuses)),
  name: z.string().default(""),
  order: z.enum(["newest", "name"]).catch("newest"),
  next: TokenSchema,
});

export const ExecutionsQuerySchema = z.object({
  workflow: z.enum(["promotion", "sweep"]).catch("promotion"),
  status: optional(z.enum(statuses)),
  card: z.string().trim().max(256).default(""),
  since: DaySchema,
  next: TokenSchema,
});

export const PageQuerySchema = z.object({ page: PageSchema });

export const AuditQuerySchema = z.object({
  card: z.string().trim().max(256).default(""),
  since: DaySchema,
  /** Where older entries go on. */
  date: DaySchema,
  place: TokenSchema,
  page: PageSchema,
  verify: optional(z.literal("card")),
});

export const VerificationQuerySchema = z.object({
  next: TokenSchema,
  /** Whether only the chains of cards that are gone are still to be checked. */
  gone: optional(z.literal("true")),
  chains: z.coerce.number().int().min(0).catch(0),
  entries: z.coerce.number().int().min(0).catch(0),
  /** Names of the cards whose chains were found broken so far. */
  broken: z
    .string()
    .max(4_000)
    .default("")
    .transform((names) => names.split(",").filter((name) => /^[a-zA-Z0-9-]{1,63}$/.test(name))),
});

export const TokenQuerySchema = z.object({ next: TokenSchema });

/** The part of a name that is asked for, or why there can be no such name. */
export function namePart(text: string): { name?: string | undefined; fault?: string | undefined } {
  const parsed = NameSchema.safeParse(text);
  if (!parsed.success) return { fault: parsed.error.issues[0]?.message };
  return { name: parsed.data === "" ? undefined : parsed.data };
}
