import { createInterface } from "node:readline/promises";
import { deploymentOf } from "../stacks/definitions/deployment.ts";
import { accessBy } from "./access.ts";
import { runCommand } from "./command-line.ts";
import { deadLetters } from "./dead-letters/dead-letters.ts";
import { parseOptions, usage } from "./dead-letters/options.ts";

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  // Loaded here, so that a fault in the settings is told like any other wrong usage.
  const { default: settings } = await import("../lifecycle.config.ts");
  const { profile, region = settings.deployment.region } = options;
  return deadLetters(options, {
    access: accessBy(region, profile),
    deployment: deploymentOf(settings, "", region),
    write: (text) => void process.stdout.write(text),
    ask,
    waitSeconds: 1,
  });
}

/** Whoever answers nothing, as where nobody sits at the other end, says no. */
async function ask(question: string): Promise<boolean> {
  process.stdout.write(question);
  for await (const line of createInterface({ input: process.stdin })) return /^y(es)?$/i.test(line.trim());
  process.stdout.write("\n");
  return false;
}

await runCommand(main);
