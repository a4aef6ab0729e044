import type { SESv2ClientConfig } from "@aws-sdk/client-sesv2";
import { fromIni } from "@aws-sdk/credential-providers";

/** With what the calls into one account are made. */
export interface Access {
  region: string;
  /** Profile of the AWS configuration that the credentials come from; the SDK's own chain where it is left out. */
  profile?: string;
  credentials?: SESv2ClientConfig["credentials"];
  endpoint?: string;
  /** Carries the requests, where it is not the network. */
  requestHandler?: SESv2ClientConfig["requestHandler"];
  /** Tries of a call in all; the SDK's 3, if left out. */
  maxAttempts?: number;
}

/**
 * With what the calls of a command are made.
 *
 * @param profile - Profile of the AWS configuration; the SDK's own chain of credentials where it is left out.
 */
export function accessBy(region: string, profile: string | undefined): Access {
  return { region, ...(profile !== undefined && { profile, credentials: fromIni({ profile }) }) };
}

/** What listens at the local endpoint, where no other address is given. */
export const localEndpoint = "http://127.0.0.1:4566";

/** With what the calls into an account of the local endpoint are made: there the access key id is the account. */
export function localAccess(region: string, endpoint: string, accountId: string): Access {
  return { region, endpoint, credentials: { accessKeyId: accountId, secretAccessKey: "any" } };
}

/** A command to paste that runs in the same account and Region. */
export function awsCommand({ region, profile }: Access, words: string): string {
  return `aws ${words} --region ${region}${profile === undefined ? "" : ` --profile ${quoted(profile)}`}`;
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
