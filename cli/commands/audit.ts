import * as z from "zod";
import { nameOf } from "../../functions/aws/sagemaker.ts";
import type { AuditEntry } from "../../functions/records/audit-chain.ts";
import { noCard } from "../../functions/records/effects.ts";
import { type AuditPage, readAudit, readCardAudit } from "../../queries/audit.ts";
import { cardArnOf } from "../../queries/card.ts";
import { effectWords } from "../../queries/effect-words.ts";
import type { QuerySources } from "../../queries/sources.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { table } from "../layout.ts";
import { CardSchema, SinceSchema, sinceMoment } from "../names.ts";
import { LimitSchema } from "../paging.ts";
import type { Screen } from "../screen.ts";
import { utc } from "../times.ts";
import { verifyCommand } from "./audit-verify.ts";

const OptionsSchema = z.object({
  card: CardSchema.optional(),
  since: SinceSchema.optional(),
  limit: LimitSchema.default(50),
});

export const auditCommand = defineCommand({
  syntax: "audit",
  summary: "what was done, newest first; audit verify finds what was changed, removed or reordered",
  description:
    "Who or what, when, to which card. Each card has a chain of entries, in which each holds the hash of the one before; cardway audit verify checks them.",
  exitsWith1: "it cannot be read",
  options: [
    ["--card <name>", "only entries about this card"],
    ["--since <moment>", "only entries since this date, time or age (7d; with --card all)"],
    ["--limit <n>", "at most so many (50)"],
  ],
  schema: OptionsSchema,
  commands: [verifyCommand],
  run,
});

async function run(
  { card, since = card === undefined ? "7d" : undefined, limit }: z.output<typeof OptionsSchema>,
  context: Context,
): Promise<ExitCode> {
  const { sources, place } = await context.connect();
  const oldest = since === undefined ? "" : sinceMoment(since, context.now());
  const { entries, goesOn } =
    card === undefined
      ? await entriesOfAll(oldest, limit, sources)
      : await entriesOfCard(cardArnOf(card, sources), oldest, limit, sources);
  context.answer({ ...place, entries, goesOn }, () => auditWords(entries, goesOn, context.screen));
  return 0;
}

interface Entries {
  entries: AuditEntry[];
  /** Whether there are more. */
  goesOn: boolean;
}

async function entriesOfAll(since: string, limit: number, sources: QuerySources): Promise<Entries> {
  const entries: AuditEntry[] = [];
  let before: AuditPage["before"];
  do {
    const page = await readAudit({ since, limit: Math.min(100, limit - entries.length), before }, sources);
    entries.push(...page.entries);
    ({ before } = page);
  } while (before !== undefined && entries.length < limit);
  return { entries, goesOn: before !== undefined };
}

async function entriesOfCard(
  modelCardArn: string,
  since: string,
  limit: number,
  sources: QuerySources,
): Promise<Entries> {
  const recent = (await readCardAudit(modelCardArn, sources)).filter(({ at }) => at >= since);
  return { entries: recent.slice(0, limit), goesOn: recent.length > limit };
}

/** A line for each entry. */
export function auditWords(entries: readonly AuditEntry[], goesOn: boolean, screen: Screen): string {
  if (entries.length === 0) return "There are no such entries.\n";
  const rows = entries.map((entry) => [
    utc(entry.at),
    entry.modelCardArn === noCard ? "" : nameOf(entry.modelCardArn),
    String(entry.sequence),
    effectWords(entry),
  ]);
  const columns = [
    { title: "when (UTC)" },
    { title: "card" },
    { title: "entry", align: "right" as const },
    { title: "what" },
  ];
  return `${table(columns, rows, screen)}${goesOn ? "\nThere are more: --limit and --since show them.\n" : ""}`;
}
