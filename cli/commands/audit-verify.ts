import * as z from "zod";
import { type Verification, auditedCards, verifyAudit } from "../../queries/audit.ts";
import { cardArnOf } from "../../queries/card.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { counted, paragraph, table } from "../layout.ts";
import { CardSchema } from "../names.ts";
import type { Screen } from "../screen.ts";
import { estimatedCards } from "../sweep/estimate.ts";

const advice =
  "CloudTrail's data events of the table, where they are on, say who wrote to it; its point-in-time backup has the entry as it was.";

const OptionsSchema = z.object({ card: CardSchema.optional() });

export const verifyCommand = defineCommand({
  syntax: "verify",
  summary: "find every entry of the audit that was changed, removed, put elsewhere or slipped in",
  exitsWith1: "there is such an entry",
  options: [["--card <name>", "only the chain of this card"]],
  schema: OptionsSchema,
  run,
});

async function run({ card }: z.output<typeof OptionsSchema>, context: Context): Promise<ExitCode> {
  const { progress } = context;
  const { sources, place } = await context.connect();
  const cards = card === undefined ? auditedCards(sources) : [cardArnOf(card, sources)];
  const total = progress.isShown && card === undefined ? await estimatedCards(sources) : 0;
  const verification = await verifyAudit(cards, sources, (done) => progress.show(done, total, "cards"));
  progress.end();
  context.answer({ ...place, ...verification }, () => verificationWords(verification, context.screen));
  return verification.broken.length > 0 ? 1 : 0;
}

/** Each fault with its card and entry. */
export function verificationWords({ chains, entries, broken }: Verification, screen: Screen): string {
  const checked = `${counted(entries, "entry", "entries")} in ${counted(chains, "chain")} checked`;
  if (broken.length === 0) return `${checked}: each is as it was written.\n`;
  const rows = broken.flatMap(({ modelCardName, faults }) =>
    faults.map(({ kind, sequence, message }) => [
      modelCardName ?? "(about no card)",
      String(sequence),
      { text: kind, emphasis: "bad" as const },
      message,
    ]),
  );
  const columns = [
    { title: "card" },
    { title: "entry", align: "right" as const },
    { title: "fault" },
    { title: "" },
  ];
  const found = `${checked}: ${counted(rows.length, "fault")} in ${counted(broken.length, "chain")}.\n`;
  return `${table(columns, rows, screen)}\n${found}${paragraph(advice, screen, 2, "→ ")}`;
}
