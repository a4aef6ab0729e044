import { setTimeout } from "node:timers/promises";
import { deploymentOf, sweepStateMachineArn } from "../stacks/definitions/deployment.ts";
import { accessBy } from "./access.ts";
import { runCommand } from "./command-line.ts";
import { parseOptions, usage } from "./sweep/options.ts";
import { exitCodeOf, progressLine, reportJson, reportWords } from "./sweep/report.ts";
import { SweepNotRunError, runSweep } from "./sweep/run-sweep.ts";

/** How long it takes from one look at the sweep to the next, in milliseconds. */
const lookEveryMs = 1_000;

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  // Loaded here, so that a fault in the settings is told like any other wrong usage.
  const { default: settings } = await import("../lifecycle.config.ts");
  const { profile, json, "dry-run": dryRun } = options;
  const region = options.region ?? settings.deployment.region;
  // The approval page is none of the sweep's business.
  const stateMachineArn = sweepStateMachineArn(deploymentOf(settings, "", region));
  const run = await runSweep(
    { stateMachineArn, dryRun },
    accessBy(region, profile),
    (progress) => process.stderr.write(progressLine(progress)),
    () => setTimeout(lookEveryMs),
  );
  const place = { accountId: settings.modelCardAccountId, region };
  process.stdout.write(json ? reportJson(run, place, dryRun) : reportWords(run, place, dryRun));
  return exitCodeOf(run, dryRun);
}

await runCommand(main, (error) => error instanceof SweepNotRunError);
