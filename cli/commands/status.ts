import * as z from "zod";
import type { Matter } from "../../queries/attention.ts";
import { type Status, readStatus } from "../../queries/status.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { counted, table } from "../layout.ts";
import { matterWords, needsPerson } from "../matters.ts";
import type { Place } from "../place.ts";
import type { Screen } from "../screen.ts";
import { estimatedCards } from "../sweep/estimate.ts";
import { moment } from "../times.ts";

export const statusCommand = defineCommand({
  syntax: "status",
  summary: "how all cards stand: by status, stage and health, and what needs a person",
  exitsWith1: "something needs a person",
  schema: z.object({}),
  run,
});

async function run(_input: object, context: Context): Promise<ExitCode> {
  const { progress, screen, now } = context;
  const { sources, place } = await context.connect();
  const total = progress.isShown ? await estimatedCards(sources) : 0;
  const status = await readStatus(sources, (cards) => progress.show(cards, total, "cards"));
  progress.end();
  context.answer({ ...place, ...status }, () => statusWords(status, place, screen, now()));
  return status.matters.some(needsPerson) ? 1 : 0;
}

/** How all cards stand, in words. */
export function statusWords(status: Status, { accountId, region }: Place, screen: Screen, now: Date): string {
  const { cards, byStatus, byHealth, unseen: unseenNames, byStage, lastSweep, nextSweepAt } = status;
  const counts = (named: Record<string, number>): string =>
    Object.entries(named)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ");
  const stages = Object.entries(byStage).map(([stage, { readWrite, readOnly }]) => {
    const given = [
      ...(readWrite > 0 ? [`${readWrite} read-write`] : []),
      ...(readOnly > 0 ? [`${readOnly} read-only`] : []),
    ];
    return `${stage} ${given.length === 0 ? "none" : given.join(" and ")}`;
  });
  const { attention, unseen, ...health } = byHealth;
  return [
    `${counted(cards, "card")} of account ${accountId} in ${region}.\n\n`,
    table(
      [{ title: "" }, { title: "" }],
      [
        ["by status", counts(byStatus)],
        ["by health", counts({ ...health, "with something to do": attention, "not dealt with yet": unseen })],
        ...(unseen === 0 ? [] : [["not dealt with", unseenWords(unseenNames, unseen)]]),
        ["by stage", stages.join(", ")],
        ["last sweep", lastSweep === undefined ? "none on record" : sweepWords(lastSweep, now)],
        ...(nextSweepAt === undefined ? [] : [["next sweep", moment(nextSweepAt, now)]]),
      ],
      screen,
    ),
    "\n",
    mattersWords(status.matters, screen, now),
  ].join("");
}

/** Where that lasts, an event was lost. */
function unseenWords(names: readonly string[], count: number): string {
  const others = count > names.length ? ` and ${count - names.length} more` : "";
  return `${names.join(", ")}${others}; what lasts, npx cardway sweep finds`;
}

function sweepWords(sweep: NonNullable<Status["lastSweep"]>, now: Date): string {
  const { status, dryRun, findings, startedAt } = sweep;
  const found =
    findings === undefined
      ? ""
      : `, ${counted(findings.scanned, "card")} compared, ${findings.differing} differed`;
  return `${moment(startedAt, now)}${dryRun ? ", dry run" : ""}, ${status}${found}`;
}

function mattersWords(matters: readonly Matter[], screen: Screen, now: Date): string {
  if (matters.length === 0) return "Nothing needs a person.\n";
  const title = `${counted(matters.length, "matter")}, the most urgent first:`;
  return `${screen.style("strong", title)}\n\n${matterWords(matters, screen, now)}`;
}
