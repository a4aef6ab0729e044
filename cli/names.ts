import * as z from "zod";
import { ModelCardArnSchema } from "../events/model-card.ts";
import type { ListedExecution } from "../functions/aws/execution-pages.ts";
import { ActNotPossibleError } from "../functions/errors.ts";
import type { QuerySources } from "../queries/sources.ts";
import { cardArnOf } from "../queries/card.ts";
import { UsageError } from "./command-line.ts";

const cardName = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** A card as a person names it. */
export const CardSchema = z
  .string()
  .refine(
    (text) => cardName.test(text) || ModelCardArnSchema.safeParse(text).success,
    "must be the name of a model card, or its ARN",
  );

/** A version of a card as a person names it: `NAME` for the newest, or `NAME@2`. */
export const CardVersionSchema = z.string().refine((text) => {
  const [name = "", version, ...more] = text.split("@");
  return CardSchema.safeParse(name).success && /^([1-9]\d*)?$/.test(version ?? "") && more.length === 0;
}, "must be the name of a model card, or NAME@VERSION");

/** An approval request as a person names it. */
export const RequestSchema = z.union([z.uuid(), CardSchema], {
  error: "must be the id of an approval request, or the name of its card",
});

/** An execution as a person names it: its ARN, its name, or how that begins. */
export const ExecutionSchema = z
  .string()
  .regex(
    /^(arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:execution:cardway-(promotion|sweep):[^:\s]+|[^:\s]{4,80})$/,
    "must be the ARN of an execution, its name, or at least the first 4 letters of that",
  );

/** A moment as a person names it: a date, a time, or how long ago. */
export const SinceSchema = z
  .string()
  .regex(
    /^(\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z)?|\d+(min|h|d))$/,
    "must be a date such as 2026-01-31, a time such as 2026-01-31T08:00Z, or an age such as 30min, 12h or 7d",
  );

const ages: Record<string, number> = { min: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns ISO 8601 UTC. */
export function sinceMoment(since: string, now: Date): string {
  const [, count = "", unit = ""] = /^(\d+)(min|h|d)$/.exec(since) ?? [];
  const ms = unit === "" ? Date.parse(since) : now.getTime() - Number(count) * (ages[unit] ?? 0);
  if (Number.isNaN(new Date(ms).getTime())) throw new UsageError(`--since: there is no ${since}`);
  return new Date(ms).toISOString();
}

/** How many executions of each workflow are looked through for one that is named by how it begins. */
const lookedThrough = 1_000;

/**
 * ARN of an execution from what a person calls it.
 *
 * @throws {UsageError} none of the newest is called so, or several are.
 */
export async function executionNamed(
  named: string,
  {
    executionPages,
    promotionArn,
    sweepArn,
  }: Pick<QuerySources, "executionPages" | "promotionArn" | "sweepArn">,
): Promise<string> {
  if (named.startsWith("arn:")) return named;
  const workflows = [promotionArn, sweepArn];
  for (const workflow of workflows) {
    const executionArn = `${workflow.replace(":stateMachine:", ":execution:")}:${named}`;
    if ((await executionPages.describe(executionArn)) !== undefined) return executionArn;
  }
  const found: ListedExecution[] = [];
  for (const stateMachineArn of workflows) {
    let nextToken: string | undefined;
    let seen = 0;
    do {
      const page = await executionPages.page({ stateMachineArn, nextToken, limit: 1_000 });
      found.push(...page.executions.filter(({ name }) => name.startsWith(named)));
      seen += page.executions.length;
      ({ nextToken } = page);
    } while (nextToken !== undefined && seen < lookedThrough);
  }
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first.executionArn;
  throw new UsageError(
    first === undefined
      ? `No execution begins with ${named} among the newest ${lookedThrough} of each workflow: cardway executions lists them, and an ARN finds older ones.`
      : `${found.length} executions begin with ${named}: write more of the name.`,
  );
}

/**
 * Id of an approval request from that or from its card.
 *
 * @throws {ActNotPossibleError} nobody is asked about the card.
 */
export async function requestNamed(
  named: string,
  sources: Pick<QuerySources, "records" | "settings" | "region">,
): Promise<string> {
  if (z.uuid().safeParse(named).success) return named;
  const { currentRequest } = await sources.records.readCard(cardArnOf(named, sources));
  if (currentRequest === undefined)
    throw new ActNotPossibleError(`No approval request is open about ${named}.`);
  return currentRequest.requestId;
}
