import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UsageError, parseFlags } from "../../cli/command-line.ts";
import { ConfigurationError } from "../../functions/errors.ts";
import { stageAccountOf } from "../../functions/lifecycle/stage-accounts.ts";
import { synthesise } from "./synthesise.ts";

const usage = `Usage: npm run synth -- [options]

Writes every resource that \`npx sst deploy --stage STAGE\` would make, with its inputs, as a JSON array of
{type, name, inputs}. Deploys nothing and needs no AWS account.

  --stage STAGE   production (default), or a stage account such as dev-account
  --out FILE      default: .sst/synth.json
  --help          this text
`;

async function main(): Promise<void> {
  const { stage, out, help } = parseFlags(
    process.argv.slice(2),
    {
      stage: { type: "string", default: "production" },
      out: { type: "string", default: ".sst/synth.json" },
      help: { type: "boolean", default: false },
    },
    usage,
  );
  if (help) {
    process.stdout.write(usage);
    return;
  }
  // A wrong name, or a fault in the settings, is told here in a sentence.
  const { default: settings } = await import("../../lifecycle.config.ts");
  stageAccountOf(stage, settings);
  const resources = await synthesise(stage);
  const path = resolve(out);
  await mkdir(dirname(path), { recursive: true });
  const written = resources.map(({ type, name, inputs }) => ({ type, name, inputs }));
  await writeFile(path, `${JSON.stringify(written, null, 2)}\n`);
  process.stdout.write(`${resources.length} resources of stage ${stage} written to ${out}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError || error instanceof ConfigurationError ? 2 : 1;
}
