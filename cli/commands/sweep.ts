import * as z from "zod";
import { agreed, perform, yesOption } from "../acts.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { estimatedCards } from "../sweep/estimate.ts";
import { followSweep } from "../sweep/follow-sweep.ts";
import { exitCodeOf, reportJson, reportWords } from "../sweep/report.ts";

const OptionsSchema = z.object({ dryRun: z.boolean().default(false), yes: z.boolean().default(false) });

export const sweepCommand = defineCommand({
  syntax: "sweep",
  summary: "compare every card with what it should be, now, and start a promotion for each that differs",
  description: "It goes on where this is interrupted. --dry-run asks nothing, because it changes nothing.",
  exitsWith1: "a card differs in a dry run, one could not be compared, or the sweep did not come to its end",
  options: [["--dry-run", "only show which cards differ: start nothing, announce nothing"], yesOption],
  schema: OptionsSchema,
  run,
});

async function run({ dryRun, yes }: z.output<typeof OptionsSchema>, context: Context): Promise<ExitCode> {
  const { progress, pause, newId, json } = context;
  const connection = await context.connect();
  const { place, sources, access } = connection;
  const will = `Every card of account ${place.accountId} in ${place.region} is compared with what it should be, and a promotion is started for each that differs`;
  if (!dryRun && !(await agreed(will, yes, connection, context))) return 0;
  const total = progress.isShown ? await estimatedCards(sources) : 0;
  const { executionArn = "" } = await perform({ act: "sweep", actId: newId(), dryRun }, connection);
  const sweep = await followSweep(
    executionArn,
    access,
    ({ scanned }) => progress.show(scanned, total, "cards"),
    pause,
  );
  progress.end();
  context.write(json ? reportJson(sweep, place, dryRun) : reportWords(sweep, place, dryRun));
  return exitCodeOf(sweep, dryRun);
}
