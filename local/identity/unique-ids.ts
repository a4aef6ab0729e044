import { createHash } from "node:crypto";

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * An id in the form of IAM's, for example `AROA…` for a role: the same for the same name, so that it survives a restart.
 *
 * @param length - How many characters follow the prefix.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function uniqueId(prefix: "AIDA" | "ANPA" | "AROA" | "ASIA", name: string, length: number): string {
  const digest = createHash("sha256").update(name).digest();
  return prefix + Array.from(digest.subarray(0, length), (byte) => base32[byte % 32]).join("");
}
