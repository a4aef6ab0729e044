import { type Access, awsCommand } from "../access.ts";
import { type Finding, ok, toDo, toDoLater } from "../finding.ts";
import type { MailAccount, MailFacts, RecipientFacts } from "./mail.ts";
import { type Reading, seenIn, unseenFinding } from "../reading.ts";

interface MailPlace {
  access: Access;
  isDeployed: boolean;
  /** Whether the deploy makes the sender's identity. */
  senderIdentity: "create" | "existing";
}

/** Whether SES would take Cardway's mails: the account, the sender, and everybody who gets mails. */
export function judgeMail(facts: MailFacts, place: MailPlace): Finding[] {
  const { access } = place;
  return [
    judgeAccount(facts.account, facts.recipients.length, access),
    judgeSandbox(facts, access),
    judgeSender(facts, place),
    judgeSuppression(facts.recipients, access),
  ];
}

function judgeAccount(account: Reading<MailAccount>, people: number, access: Access): Finding {
  const check = "SES sending";
  if ("unseen" in account) return unseenFinding(check, account.unseen);
  const { sendingEnabled, enforcementStatus, mailsPerDay, sentInLastDay } = account.seen;
  if (enforcementStatus === "SHUTDOWN" || !sendingEnabled) {
    return toDo(
      check,
      `SES sends nothing for this account in ${access.region} (status ${enforcementStatus || "unknown"}).`,
      enforcementStatus === "HEALTHY"
        ? "Sending was paused in this account: turn it on again."
        : "Answer AWS's case about the account's sending first (AWS Support Center), then turn sending on again.",
      awsCommand(access, "sesv2 put-account-sending-attributes --sending-enabled"),
    );
  }
  const left = mailsPerDay - sentInLastDay;
  if (mailsPerDay !== -1 && left < people) {
    return toDo(
      check,
      `${Math.max(0, left)} of ${mailsPerDay} mails a day are left, fewer than the ${people} people whom Cardway mails.`,
      "Ask for a higher daily quota (Service Quotas, Amazon SES, Sending quota), or wait until the day's mails are over.",
    );
  }
  const quota = mailsPerDay === -1 ? "without a daily limit" : `${mailsPerDay} mails a day, ${left} left`;
  if (enforcementStatus !== "HEALTHY") {
    return toDo(
      check,
      `SES watches this account's sending (status ${enforcementStatus || "unknown"}; ${quota}) and may stop it.`,
      "Answer AWS's case about bounces and complaints (AWS Support Center) before approvals depend on mails.",
    );
  }
  return ok(check, `SES sends in ${access.region}: ${quota}.`);
}

function judgeSandbox({ account, recipients }: MailFacts, access: Access): Finding {
  const check = "SES sandbox";
  if ("unseen" in account) return unseenFinding(check, account.unseen);
  if (!account.seen.inSandbox) return ok(check, "The account is out of the sandbox and can mail anybody.");
  const unverified = recipients.filter(({ identity }) => "seen" in identity && identity.seen !== "verified");
  if (unverified.length === 0) {
    const unseen = recipients.flatMap(({ identity }) => ("unseen" in identity ? [identity.unseen] : []))[0];
    if (unseen !== undefined) return unseenFinding(check, unseen);
    return ok(
      check,
      "The account is in the sandbox, and everybody whom Cardway mails is verified; whoever is added later has to be, too.",
    );
  }
  const ids = unverified.map(({ id }) => id);
  const review =
    account.seen.reviewStatus === undefined ? "" : ` (a request is ${account.seen.reviewStatus})`;
  return toDo(
    check,
    `The account is in the sandbox${review} and cannot mail ${ids.join(", ")}.`,
    "Ask AWS to let the account out, with your own site in the place of https://example.com; or for a trial let SES send each of them a link to confirm.",
    awsCommand(
      access,
      "sesv2 put-account-details --production-access-enabled --mail-type TRANSACTIONAL --contact-language EN --website-url https://example.com",
    ),
    ...ids.map((id) => awsCommand(access, `sesv2 create-email-identity --email-identity ${addressOf(id)}`)),
  );
}

function judgeSender(
  { sender, senderAddress }: Pick<MailFacts, "sender" | "senderAddress">,
  { access, isDeployed, senderIdentity }: MailPlace,
): Finding {
  const check = "SES sender";
  const isKnown = seenIn(senderAddress) === "verified" || seenIn(senderAddress) === "unverified";
  if (isKnown && !isDeployed && senderIdentity === "create") {
    return toDo(
      check,
      `SES knows the sender's address (approval.sender) in ${access.region} already, so the first deploy would fail to make it.`,
      'Set deployment.senderIdentity to "existing" in lifecycle.config.ts; or, if a deploy that broke off made it, run that again.',
    );
  }
  if ("unseen" in sender) return unseenFinding(check, sender.unseen);
  if (sender.seen === "verified") {
    return ok(check, "The sender's address (approval.sender), or its domain, is verified.");
  }
  const confirm =
    "Open the link in the mail that SES sent to the sender's address, or publish the DKIM records of its domain";
  if (sender.seen === "unverified") {
    return toDo(
      check,
      `SES knows the sender (approval.sender) in ${access.region}, but it is not verified.`,
      `${confirm}, then run this again.`,
      awsCommand(access, `sesv2 get-email-identity --email-identity ${addressOf("approval.sender")}`),
    );
  }
  const saw = `SES knows neither the sender's address (approval.sender) nor its domain in ${access.region}.`;
  if (!isDeployed && senderIdentity === "create") {
    return toDoLater(check, saw, `The deploy makes the identity. Then: ${lowerFirst(confirm)}.`);
  }
  return toDo(
    check,
    saw,
    "Make the identity, and open the link in the mail that SES sends there.",
    awsCommand(access, `sesv2 create-email-identity --email-identity ${addressOf("approval.sender")}`),
  );
}

function judgeSuppression(recipients: RecipientFacts[], access: Access): Finding {
  const check = "SES suppression";
  const ids = recipients.filter(({ suppressed }) => seenIn(suppressed) === true).map(({ id }) => id);
  if (ids.length > 0) {
    return toDo(
      check,
      `SES drops mails to ${ids.join(", ")} after a bounce or a complaint.`,
      "Correct the address in lifecycle.config.ts, or take it off the suppression list once it takes mails again.",
      ...ids.map((id) =>
        awsCommand(access, `sesv2 delete-suppressed-destination --email-address ${addressOf(id)}`),
      ),
    );
  }
  const unseen = recipients.flatMap(({ suppressed }) =>
    "unseen" in suppressed ? [suppressed.unseen] : [],
  )[0];
  if (unseen !== undefined) return unseenFinding(check, unseen);
  return ok(
    check,
    `None of the ${recipients.length} people whom Cardway mails is on SES's suppression list.`,
  );
}

/** Stands in a command for an address, which is not printed. */
function addressOf(id: string): string {
  return `'<address of ${id}>'`;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
