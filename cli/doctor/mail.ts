import {
  GetAccountCommand,
  GetEmailIdentityCommand,
  GetSuppressedDestinationCommand,
} from "@aws-sdk/client-sesv2";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { Clients } from "./clients.ts";
import { type Reading, read } from "../reading.ts";

export interface MailFacts {
  account: Reading<MailAccount>;
  sender: Reading<IdentityState>;
  /** Of the sender's address by itself, whatever its domain is. */
  senderAddress: Reading<IdentityState>;
  recipients: RecipientFacts[];
}

export interface MailAccount {
  /** In the sandbox, mail goes to verified addresses only. */
  inSandbox: boolean;
  /** Of a request to leave the sandbox: `PENDING`, `DENIED` and so on. */
  reviewStatus?: string;
  sendingEnabled: boolean;
  /** `HEALTHY`, `PROBATION` or `SHUTDOWN`. */
  enforcementStatus: string;
  /** -1: without limit. */
  mailsPerDay: number;
  sentInLastDay: number;
}

/** How far the verification of an address, or of its domain, has got; `missing`: SES knows neither. */
export type IdentityState = "verified" | "unverified" | "missing";

/** Somebody who gets mails. Named by id, never by address. */
export interface RecipientFacts {
  id: string;
  /** Whether SES counts the address as verified, which it asks for in the sandbox. */
  identity: Reading<IdentityState>;
  /** Whether SES has put the address on the account's suppression list, after a bounce or a complaint. */
  suppressed: Reading<boolean>;
}

/** Everybody whom Cardway mails, once for each address. */
export function recipientsOf({ approvers, authors }: Settings): { id: string; address: string }[] {
  const byAddress = new Map<string, { id: string; address: string }>();
  for (const { id, address } of [...approvers, ...authors]) {
    if (!byAddress.has(address)) byAddress.set(address, { id, address });
  }
  return [...byAddress.values()];
}

/** @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetAccount.html */
export async function readMail({ ses }: Pick<Clients, "ses">, settings: Settings): Promise<MailFacts> {
  const states = new Map<string, Promise<Reading<IdentityState>>>();
  const stateOf = (name: string): Promise<Reading<IdentityState>> => {
    const asked = states.get(name) ?? identityState(ses, name);
    states.set(name, asked);
    return asked;
  };
  const account = await read("ses:GetAccount", async () => {
    const answer = await ses.send(new GetAccountCommand({}));
    const reviewStatus = answer.Details?.ReviewDetails?.Status;
    return {
      inSandbox: answer.ProductionAccessEnabled !== true,
      ...(reviewStatus !== undefined && { reviewStatus }),
      sendingEnabled: answer.SendingEnabled === true,
      enforcementStatus: answer.EnforcementStatus ?? "",
      mailsPerDay: answer.SendQuota?.Max24HourSend ?? 0,
      sentInLastDay: answer.SendQuota?.SentLast24Hours ?? 0,
    };
  });
  const sender = await addressState(settings.approval.sender, stateOf);
  const senderAddress = await stateOf(settings.approval.sender);
  const recipients: RecipientFacts[] = [];
  // One after the other: SES takes one such call a second and more only for a moment.
  for (const { id, address } of recipientsOf(settings)) {
    recipients.push({
      id,
      identity: await addressState(address, stateOf),
      suppressed: await read(
        "ses:GetSuppressedDestination",
        async () => {
          await ses.send(new GetSuppressedDestinationCommand({ EmailAddress: address }));
          return true;
        },
        { NotFoundException: false },
      ),
    });
  }
  return { account, sender, senderAddress, recipients };
}

function identityState(ses: Clients["ses"], name: string): Promise<Reading<IdentityState>> {
  return read<IdentityState>(
    "ses:GetEmailIdentity",
    async () => {
      const answer = await ses.send(new GetEmailIdentityCommand({ EmailIdentity: name }));
      return answer.VerifiedForSendingStatus === true ? "verified" : "unverified";
    },
    { NotFoundException: "missing" },
  );
}

/** A verified domain counts for all its addresses and subdomains. */
async function addressState(
  address: string,
  stateOf: (name: string) => Promise<Reading<IdentityState>>,
): Promise<Reading<IdentityState>> {
  let best: Reading<IdentityState> = { seen: "missing" };
  for (const name of [address, ...domainsOf(address)]) {
    const reading = await stateOf(name);
    if ("unseen" in reading || reading.seen === "verified") return reading;
    if (reading.seen === "unverified") best = reading;
  }
  return best;
}

/** `example.com` and its parents of `anybody@mail.example.com`, but no top-level domain. */
function domainsOf(address: string): string[] {
  const labels = address.slice(address.lastIndexOf("@") + 1).split(".");
  return labels.slice(0, -1).map((_label, index) => labels.slice(index).join("."));
}
