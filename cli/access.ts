import { fromIni } from "@aws-sdk/credential-providers";
import type { Access } from "./preflight/access.ts";

/**
 * With what the calls of a command are made.
 *
 * @param profile - Profile of the AWS configuration; the SDK's own chain of credentials where it is left out.
 */
export function accessBy(region: string, profile: string | undefined): Access {
  return { region, ...(profile !== undefined && { profile, credentials: fromIni({ profile }) }) };
}
