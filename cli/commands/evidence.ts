import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { createEvidenceBucket } from "../../functions/aws/evidence-bucket.ts";
import { createModelCardExports } from "../../functions/aws/model-card-exports.ts";
import { evidenceBucket } from "../../stacks/definitions/evidence-bucket.ts";
import { collectEvidence } from "../../queries/evidence/collect-evidence.ts";
import { ManifestSchema, manifestName, sha256Of } from "../../queries/evidence/manifest.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { writeEvidence } from "../evidence-place.ts";
import { counted } from "../layout.ts";
import { CardVersionSchema } from "../names.ts";
import { evidenceVerifyCommand } from "./evidence-verify.ts";

const OptionsSchema = z.object({ card: CardVersionSchema, out: z.string().min(1).optional() });

export const evidenceCommand = defineCommand({
  syntax: "evidence <card>",
  summary:
    "all that proves how a version of a card came to be approved and shared, in one folder or zip archive",
  description:
    "CARD is NAME or NAME@VERSION. It holds the card's content, so who collects it needs to be allowed to read and export the card.",
  exitsWith1: "there is no such card or version, or it could not be read, exported or written",
  options: [
    [
      "--out <path>",
      "folder that is not there yet, or a file that ends in .zip (else NAME-vVERSION.zip here)",
    ],
  ],
  schema: OptionsSchema,
  run,
  commands: [evidenceVerifyCommand],
});

async function run({ card, out }: z.output<typeof OptionsSchema>, context: Context): Promise<ExitCode> {
  const { sources, runtime, identity, place } = await context.connect();
  const { bucketName } = evidenceBucket({ modelCardAccountId: place.accountId, region: place.region });
  const wait = (ms: number): Promise<void> => setTimeout(ms);
  const bucket = createEvidenceBucket(runtime, bucketName);
  const exports = createModelCardExports({ ...runtime, wait }, { bucketName, bucket });
  const files = await collectEvidence(card, {
    ...sources,
    // A name is taken once for each card, and at most 63 letters long.
    pdfOf: (modelCardArn, version) =>
      exports.pdfOf({ modelCardArn, version, jobName: `evidence-${randomUUID()}` }),
    collectedBy: identity,
  });
  const manifestBytes = files.get(manifestName) ?? new Uint8Array();
  const manifest = ManifestSchema.parse(JSON.parse(new TextDecoder().decode(manifestBytes)));
  const name = manifest.modelCardArn.slice(manifest.modelCardArn.lastIndexOf("/") + 1);
  const path = out ?? `${name}-v${manifest.version}.zip`;
  writeEvidence(path, files);
  const manifestSha256 = sha256Of(manifestBytes);
  context.answer({ ...place, path, manifestSha256, ...manifest }, () =>
    [
      `${path}: ${counted(files.size, "file")} about ${name}, version ${manifest.version}.`,
      `SHA-256 of its ${manifestName}: ${manifestSha256}`,
      `Keep that apart. cardway evidence verify ${path} checks the files, offline.\n`,
    ].join("\n"),
  );
  return 0;
}
