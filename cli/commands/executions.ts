import * as z from "zod";
import { nameOf } from "../../functions/aws/sagemaker.ts";
import type { DescribedExecution, ListedExecution } from "../../functions/aws/execution-pages.ts";
import { TriggerSchema } from "../../functions/read-card/trigger.ts";
import { cardArnOf } from "../../queries/card.ts";
import { readExecutions, readExecutionsOfCard } from "../../queries/executions.ts";
import type { QuerySources } from "../../queries/sources.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { table } from "../layout.ts";
import { CardSchema, SinceSchema, sinceMoment } from "../names.ts";
import { emphasisOf, shortNames } from "../execution-words.ts";
import { LimitSchema } from "../paging.ts";
import type { Screen } from "../screen.ts";
import { durationOf, utc } from "../times.ts";

const statuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"] as const;

const OptionsSchema = z.object({
  card: CardSchema.optional(),
  status: z
    .string()
    .transform((text) => text.toUpperCase().replace("-", "_"))
    .pipe(z.enum(statuses, `must be one of ${statuses.join(", ")}`))
    .optional(),
  since: SinceSchema.optional(),
  workflow: z.enum(["promotion", "sweep"], "must be promotion or sweep").default("promotion"),
  limit: LimitSchema.default(20),
});

export const executionsCommand = defineCommand({
  syntax: "executions",
  summary: "executions, newest first",
  description:
    "With --card those that have done something about the card, or are at work on it: one that found nothing to do leaves no trace.",
  exitsWith1: "they cannot be listed",
  options: [
    ["--card <name>", "only those about this card"],
    ["--status <status>", `only those that are ${statuses.join(", ")}`],
    ["--since <moment>", "only those that started since this date, time or age, for example 7d"],
    ["--workflow <name>", "promotion (if left out) or sweep"],
    ["--limit <n>", "at most so many (20)"],
  ],
  schema: OptionsSchema,
  run,
});

/** An execution, and the card that its input names. */
export interface ListedWithCard extends ListedExecution {
  modelCardName?: string | undefined;
}

async function run(options: z.output<typeof OptionsSchema>, context: Context): Promise<ExitCode> {
  const { sources, place } = await context.connect();
  const since = options.since === undefined ? undefined : sinceMoment(options.since, context.now());
  const { executions, nextToken } = await found({ ...options, since }, sources);
  context.answer({ ...place, executions, nextToken }, () =>
    executionsWords(executions, nextToken !== undefined, context.screen),
  );
  return 0;
}

async function found(
  { card, workflow, ...filter }: z.output<typeof OptionsSchema>,
  sources: QuerySources,
): Promise<{ executions: ListedWithCard[]; nextToken?: string | undefined }> {
  if (card !== undefined) {
    const modelCardArn = cardArnOf(card, sources);
    const described = await readExecutionsOfCard(modelCardArn, filter, sources);
    return { executions: described.map((one) => withCard(one, one)) };
  }
  const page = await readExecutions({ ...filter, workflow }, sources);
  const described = await Promise.all(
    page.executions.map(({ executionArn }) => sources.executionPages.describe(executionArn)),
  );
  return {
    executions: page.executions.map((listed, index) => withCard(listed, described[index])),
    nextToken: page.nextToken,
  };
}

function withCard(
  { executionArn, name, status, startedAt, stoppedAt, redriveCount }: ListedExecution,
  described: DescribedExecution | undefined,
): ListedWithCard {
  const trigger = TriggerSchema.safeParse(JSON.parse(described?.input ?? "null"));
  return {
    executionArn,
    name,
    status,
    startedAt,
    stoppedAt,
    redriveCount,
    modelCardName: trigger.success ? nameOf(trigger.data.modelCardArn) : undefined,
  };
}

/** A line for each execution, with as much of its name as it takes to tell it from the others. */
export function executionsWords(
  executions: readonly ListedWithCard[],
  goesOn: boolean,
  screen: Screen,
): string {
  if (executions.length === 0) return "There are no such executions.\n";
  const names = shortNames(executions.map(({ name }) => name));
  const isAnyRedriven = executions.some(({ redriveCount }) => redriveCount > 0);
  const rows = executions.map(({ modelCardName, status, startedAt, stoppedAt, redriveCount }, index) => [
    names[index] ?? "",
    modelCardName ?? "",
    { text: status, emphasis: emphasisOf(status) },
    utc(startedAt).slice(0, -":00".length),
    stoppedAt === undefined ? "" : durationOf(Date.parse(stoppedAt) - Date.parse(startedAt)),
    redriveCount === 0 ? "" : String(redriveCount),
  ]);
  const columns = [
    { title: "execution" },
    { title: "card" },
    { title: "status" },
    { title: "started (UTC)" },
    { title: "took", align: "right" as const },
    ...(isAnyRedriven ? [{ title: "redriven", align: "right" as const }] : []),
  ];
  const more = goesOn ? "\nThere are more: --limit shows them.\n" : "";
  return `${table(columns, rows, screen)}${more}`;
}
