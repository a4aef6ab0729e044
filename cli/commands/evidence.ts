import * as z from "zod";
import { createEvidenceBucket } from "../../functions/aws/evidence-bucket.ts";
import {
  type Export,
  type ModelCardExports,
  createModelCardExports,
} from "../../functions/aws/model-card-exports.ts";
import { AwsUnavailableError } from "../../functions/errors.ts";
import { evidenceBucket } from "../../stacks/definitions/evidence-bucket.ts";
import { collectEvidence } from "../../queries/evidence/collect-evidence.ts";
import { ManifestSchema, manifestName, sha256Of } from "../../queries/evidence/manifest.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { writeEvidence } from "../evidence-place.ts";
import { counted } from "../layout.ts";
import { CardVersionSchema } from "../names.ts";
import { evidenceVerifyCommand } from "./evidence-verify.ts";

/** How often is looked whether the PDF is made, once a second. */
const mostLooks = 300;

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
  const bucket = createEvidenceBucket(runtime, bucketName);
  const exports = createModelCardExports(runtime, { bucketName, bucket });
  const files = await collectEvidence(card, {
    ...sources,
    pdfOf: (modelCardArn, version) => exported({ modelCardArn, version }, exports, context),
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

/** SageMaker's PDF of a version, once it is made. */
async function exported(
  version: Omit<Export, "jobName">,
  { start, finished }: ModelCardExports,
  { newId, pause, progress }: Context,
): Promise<Uint8Array> {
  // A name is taken once for each card.
  const wanted = { ...version, jobName: `evidence-${newId()}` };
  const jobArn = await start(wanted);
  for (let look = 1; look <= mostLooks; look += 1) {
    const pdf = await finished(jobArn, wanted);
    if (pdf !== undefined) {
      progress.end();
      return pdf;
    }
    progress.show(look, 0, look === 1 ? "second for the PDF" : "seconds for the PDF");
    await pause();
  }
  throw new AwsUnavailableError("SageMaker's export job was not done within five minutes. Try again.");
}
