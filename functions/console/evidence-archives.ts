import { collectEvidence } from "../../queries/evidence/collect-evidence.ts";
import { zipOf } from "../../queries/evidence/archive.ts";
import type { QuerySources } from "../../queries/sources.ts";
import type { EvidenceBucket } from "../aws/evidence-bucket.ts";
import type { ModelCardExports } from "../aws/model-card-exports.ts";
import { nameOf } from "../aws/sagemaker.ts";

/** What evidence somebody has asked for. */
export interface EvidenceWanted {
  /** What the act is on record as: no two acts have the same, whoever asks. */
  effectId: string;
  modelCardArn: string;
  version: number;
  /** Whom the console's issuer signed in. */
  collectedBy: string;
}

/** Evidence as zip archives, which are kept. */
export interface EvidenceArchives {
  /**
   * The archive of an act. It is collected once: whoever asks again gets the same bytes.
   *
   * @param jobArn - Of the export job, if it was told before.
   * @returns The archive, and where it is kept; the export job while SageMaker still makes the PDF.
   */
  archiveOf(
    wanted: EvidenceWanted,
    jobArn?: string,
  ): Promise<{ archive: Uint8Array; address: string } | { jobArn: string }>;
}

export function createEvidenceArchives({
  sources,
  exports,
  bucket,
  bucketName,
}: {
  sources: QuerySources;
  exports: ModelCardExports;
  bucket: EvidenceBucket;
  bucketName: string;
}): EvidenceArchives {
  return {
    async archiveOf({ effectId, modelCardArn, version, collectedBy }, jobArn) {
      const name = nameOf(modelCardArn);
      const key = `evidence/${name}-v${version}-${effectId}.zip`;
      const address = `s3://${bucketName}/${key}`;
      const kept = await bucket.read(key);
      if (kept !== undefined) return { archive: kept, address };

      const wanted = { modelCardArn, version, jobName: `evidence-${effectId}` };
      const job = jobArn ?? (await exports.start(wanted));
      const pdf = await exports.finished(job, wanted);
      if (pdf === undefined) return { jobArn: job };
      const files = await collectEvidence(`${name}@${version}`, {
        ...sources,
        pdfOf: () => Promise.resolve(pdf),
        collectedBy,
      });
      const collected = zipOf(files);
      const archive = (await bucket.keep(key, collected)) ? collected : await bucket.read(key);
      return archive === undefined ? { jobArn: job } : { archive, address };
    },
  };
}
