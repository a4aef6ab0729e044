import type { QuerySources } from "../../queries/sources.ts";
import { evidenceBucket } from "../../stacks/definitions/evidence-bucket.ts";
import { createEvidenceBucket } from "../aws/evidence-bucket.ts";
import { createModelCardExports } from "../aws/model-card-exports.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { type EvidenceArchives, createEvidenceArchives } from "./evidence-archives.ts";

/** The console's way to exported cards and kept evidence. */
export function createEvidenceDependencies(runtime: Runtime, sources: QuerySources): EvidenceArchives {
  const { region, settings } = sources;
  const { bucketName } = evidenceBucket({ modelCardAccountId: settings.modelCardAccountId, region });
  const bucket = createEvidenceBucket(runtime, bucketName);
  const exports = createModelCardExports(runtime, { bucketName, bucket });
  return createEvidenceArchives({ sources, exports, bucket, bucketName });
}
