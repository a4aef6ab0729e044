import { accessBy } from "./access.ts";
import { runCommand } from "./command-line.ts";
import { parseOptions, usage } from "./preflight/options.ts";
import { preflight } from "./preflight/preflight.ts";
import { exitCodeOf, reportJson, reportWords } from "./preflight/report.ts";
import { stageProfiles } from "./preflight/stage-accounts.ts";

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  // Loaded here, so that a fault in the settings is told like any other wrong usage.
  const { default: settings } = await import("../lifecycle.config.ts");
  const region = options.region ?? settings.deployment.region;
  const profiles = stageProfiles(options["stage-profile"], settings);
  const findings = await preflight(settings, {
    modelCardAccount: accessBy(region, options.profile),
    ...(options["management-profile"] !== undefined && {
      managementAccount: accessBy(region, options["management-profile"]),
    }),
    stageAccounts: new Map(
      [...profiles].map(([accountId, profile]) => [accountId, accessBy(region, profile)]),
    ),
  });
  const place = { accountId: settings.modelCardAccountId, region };
  process.stdout.write(options.json ? reportJson(findings, place) : reportWords(findings, place));
  return exitCodeOf(findings);
}

await runCommand(main);
