import * as z from "zod";
import { manifestName, sha256Of } from "../../queries/evidence/manifest.ts";
import { verifyEvidence } from "../../queries/evidence/verify-evidence.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { readEvidence } from "../evidence-place.ts";
import { counted } from "../layout.ts";

const OptionsSchema = z.object({
  path: z.string().min(1),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be a SHA-256 in hexadecimal, as cardway evidence told it")
    .optional(),
});

export const evidenceVerifyCommand = defineCommand({
  syntax: "verify <path>",
  summary: "whether evidence is complete and unchanged; needs no network and no credentials",
  exitsWith1: "something was changed, removed or added",
  options: [["--sha256 <hash>", `what the ${manifestName} has to be, if that was kept apart`]],
  schema: OptionsSchema,
  run,
});

async function run({ path, sha256 }: z.output<typeof OptionsSchema>, context: Context): Promise<ExitCode> {
  const evidence = readEvidence(path);
  const { manifest, faults: found, files, entries } = verifyEvidence(evidence);
  const manifestSha256 = sha256Of(evidence.get(manifestName) ?? new Uint8Array());
  const isOther = sha256 !== undefined && sha256 !== manifestSha256;
  const faults = [...(isOther ? [`${manifestName} is not the one that was collected`] : []), ...found];
  context.answer({ path, manifestSha256, manifest, files, entries, faults }, () => {
    const about = manifest === undefined ? path : `${manifest.modelCardArn}, version ${manifest.version}`;
    const checked = `${about}: ${counted(files, "file")} and ${counted(entries, "entry", "entries")} of the audit checked`;
    if (faults.length === 0) return `${checked}. All is as it was collected at ${manifest?.collectedAt}.\n`;
    return `${checked}.\n${faults.map((fault) => `  ${context.screen.style("bad", fault)}\n`).join("")}`;
  });
  return faults.length === 0 ? 0 : 1;
}
