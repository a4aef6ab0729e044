import { AwsError } from "../wire/aws-error.ts";

const withDisplayName = /^(?:"(?:[^"\\]|\\.)*"|[^<>"@,;:]*)\s*<([^<>]*)>$/;
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/;
const domainPart = /^[A-Za-z0-9.-]+$/;

/**
 * The bare address of `approver@example.com` or `An Approver <approver@example.com>`.
 *
 * @throws {AwsError} `BadRequestException` in the words of Amazon SES, which never repeat the address.
 */
export function bareAddress(text: string): string {
  const address = (withDisplayName.exec(text.trim())?.[1] ?? text).trim();
  const at = address.lastIndexOf("@");
  if (at === -1) throw refusal("Missing final '@domain'");
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  if (local === "") throw refusal("Missing local name");
  if (/[\s\p{Cc}]/u.test(local)) throw refusal("Local address contains control or whitespace");
  if (local.includes("@")) throw refusal("Illegal address");
  if (!localPart.test(local)) throw refusal("Local address contains illegal character");
  if (domain === "") throw refusal("Missing final '@domain'");
  if (!domainPart.test(domain)) throw refusal("Domain contains illegal character");
  if (domain.startsWith(".")) throw refusal("Domain starts with dot");
  if (domain.includes("..")) throw refusal("Domain contains dot-dot");
  if (domain.endsWith(".")) throw refusal("Domain ends with dot");
  return address;
}

function refusal(message: string): AwsError {
  return new AwsError("BadRequestException", message);
}
