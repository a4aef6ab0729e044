import { createHash } from "node:crypto";
import * as z from "zod";
import { AuditHeadSchema } from "../../functions/records/audit-chain.ts";

/** Name of the file that says what else there has to be. */
export const manifestName = "manifest.json";

/** What a collection of evidence is about, and the hash of each of its files. */
export const ManifestSchema = z.object({
  format: z.literal("cardway-evidence-1"),
  modelCardArn: z.string(),
  /** Tells the card from another that was made under the same name; ISO 8601 UTC. */
  creationTime: z.string(),
  version: z.int().positive(),
  /** ISO 8601 UTC. */
  collectedAt: z.iso.datetime(),
  /** Who collected it: their ARN, or whom the console's issuer signed in. */
  collectedBy: z.string(),
  /** Version of the settings at that moment; each decision names its own. */
  policyVersion: z.string(),
  /** Where the card's audit chain ended at that moment. */
  auditHead: AuditHeadSchema,
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
});

export type Manifest = z.output<typeof ManifestSchema>;

/** Evidence as files, by path: a folder, or a zip archive. */
export type EvidenceFiles = ReadonlyMap<string, Uint8Array>;

/** SHA-256 in hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What a file is listed as. */
export function listedFile(path: string, bytes: Uint8Array): Manifest["files"][number] {
  return { path, bytes: bytes.byteLength, sha256: sha256Of(bytes) };
}

/** Any value as a file that people can read. */
export function jsonFile(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}
