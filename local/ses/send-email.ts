import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import { operation } from "../wire/operation.ts";
import type { Operation } from "../wire/operation.ts";
import type { EmailIdentities, IdentityLocation } from "./email-identities.ts";
import { identityArn, locationOf } from "./email-identities.ts";
import { bareAddress } from "./mail-address.ts";
import type { CapturedMessage, Mailbox } from "./mailbox.ts";

const maxRecipients = 50;
const maxMessageBytes = 40 * 1024 * 1024;

const AddressesSchema = z.array(z.string()).default([]);
const TextSchema = z.strictObject({ Data: z.string(), Charset: z.string().optional() });
const NameAndValueSchema = z.strictObject({ Name: z.string(), Value: z.string() });
const SimpleSchema = z.strictObject({
  Subject: TextSchema,
  Body: z.strictObject({ Text: TextSchema.optional(), Html: TextSchema.optional() }),
  Headers: z.array(NameAndValueSchema).max(15).default([]),
});
const SendEmailSchema = z.strictObject({
  FromEmailAddress: z.string().optional(),
  Destination: z
    .strictObject({
      ToAddresses: AddressesSchema,
      CcAddresses: AddressesSchema,
      BccAddresses: AddressesSchema,
    })
    .default({ ToAddresses: [], CcAddresses: [], BccAddresses: [] }),
  ReplyToAddresses: AddressesSchema,
  Content: z.strictObject({
    Simple: SimpleSchema.optional(),
    Raw: z.unknown().optional(),
    Template: z.unknown().optional(),
  }),
  EmailTags: z.array(NameAndValueSchema).default([]),
  ConfigurationSetName: z.string().optional(),
});

type SendEmailInput = z.output<typeof SendEmailSchema>;

/**
 * `SendEmail`: checks the mail as Amazon SES does and puts it into the mailbox instead of sending it.
 *
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export function sendEmail(
  context: LocalContext,
  dependencies: {
    identities: EmailIdentities;
    /** ARNs of those that there are. */
    configurationSets: { has(arn: string): boolean };
    mailbox: Mailbox;
    failFor: (address: string) => AwsError | undefined;
  },
): Operation {
  const { identities, configurationSets, mailbox } = dependencies;

  function simpleContent(input: SendEmailInput): z.output<typeof SimpleSchema> {
    const { Simple, Raw, Template } = input.Content;
    const given = [Simple, Raw, Template].filter((content) => content !== undefined);
    if (given.length !== 1) {
      throw badRequest("Content must have exactly one of Simple, Raw and Template.");
    }
    if (Simple !== undefined) return Simple;
    const kind = Raw === undefined ? "Content.Template" : "Content.Raw";
    context.log(`ses: SendEmail with ${kind} is not built in the local endpoint`);
    throw badRequest(`${kind} is not built in the local endpoint; send Content.Simple.`);
  }

  return operation({
    input: SendEmailSchema,
    action: "ses:SendEmail",
    resource(input, call) {
      const sender = senderOf(input);
      const identity = identities.senderIdentity(sender, locationOf(call));
      const own = identityArn(identity?.name ?? sender, call);
      const { ConfigurationSetName: set } = input;
      return set === undefined ? own : [own, configurationSetArn(set, locationOf(call))];
    },
    run(input, call) {
      const { Subject, Body, Headers } = simpleContent(input);
      const sender = senderOf(input);
      const recipients = recipientsOf(input);
      for (const address of input.ReplyToAddresses) bareAddress(address);
      for (const header of Headers) requireValidHeader(header);
      if (Body.Text === undefined && Body.Html === undefined) {
        throw badRequest("The body needs a Text or an Html part.");
      }
      const bytes = [Subject, Body.Text, Body.Html]
        .map((part) => Buffer.byteLength(part?.Data ?? ""))
        .reduce((sum, size) => sum + size);
      if (bytes > maxMessageBytes) {
        throw badRequest(`Message length is more than ${maxMessageBytes} bytes long: '${bytes}'.`);
      }
      const { ConfigurationSetName: set } = input;
      if (set !== undefined && !configurationSets.has(configurationSetArn(set, locationOf(call)))) {
        throw new AwsError("NotFoundException", `Configuration set <${set}> does not exist.`, 404);
      }
      identities.requireVerified(sender, locationOf(call));
      for (const recipient of recipients) {
        const failure = dependencies.failFor(recipient);
        if (failure !== undefined) throw failure;
      }
      const message = capturedMessage(input, {
        id: messageId(context),
        at: context.clock.now(),
        call,
        subject: Subject.Data,
        text: Body.Text?.Data ?? null,
        html: Body.Html?.Data ?? null,
        headers: Headers,
      });
      mailbox.add(message);
      return { MessageId: message.Id };
    },
  });
}

export function configurationSetArn(name: string, { accountId, region }: IdentityLocation): string {
  return `arn:aws:ses:${region}:${accountId}:configuration-set/${name}`;
}

function senderOf(input: SendEmailInput): string {
  if (input.FromEmailAddress === undefined) throw badRequest("FromEmailAddress is missing.");
  return bareAddress(input.FromEmailAddress);
}

function recipientsOf({ Destination }: SendEmailInput): string[] {
  const { ToAddresses, CcAddresses, BccAddresses } = Destination;
  const recipients = [...ToAddresses, ...CcAddresses, ...BccAddresses].map((text) => bareAddress(text));
  if (recipients.length === 0) throw badRequest("The destination has no address.");
  if (recipients.length > maxRecipients) throw badRequest(`Recipient count exceeds ${maxRecipients}.`);
  return recipients;
}

/** Not in the schema, whose errors repeat the value. */
function requireValidHeader({ Name, Value }: { Name: string; Value: string }): void {
  if (!/^[!-9;-@A-~]{1,126}$/.test(Name)) throw badRequest("A header's name is not valid.");
  if (!/^[ -~]{1,995}$/.test(Value)) throw badRequest("A header's value is not valid.");
}

function capturedMessage(
  input: SendEmailInput,
  sent: {
    id: string;
    at: Date;
    call: Call;
    subject: string;
    text: string | null;
    html: string | null;
    headers: { Name: string; Value: string }[];
  },
): CapturedMessage {
  const { ToAddresses, CcAddresses, BccAddresses } = input.Destination;
  return {
    Id: sent.id,
    Timestamp: sent.at.toISOString(),
    AccountId: sent.call.caller.accountId,
    Region: sent.call.region,
    Source: input.FromEmailAddress ?? "",
    Destination: {
      ToAddresses,
      ...(CcAddresses.length === 0 ? {} : { CcAddresses }),
      ...(BccAddresses.length === 0 ? {} : { BccAddresses }),
    },
    ...(input.ReplyToAddresses.length === 0 ? {} : { ReplyToAddresses: input.ReplyToAddresses }),
    Subject: sent.subject,
    Body: { text_part: sent.text, html_part: sent.html },
    ...(sent.headers.length === 0 ? {} : { Headers: sent.headers }),
    ...(input.EmailTags.length === 0 ? {} : { Tags: input.EmailTags }),
  };
}

/** In the form of Amazon SES: time, UUID, and a counter that is always zero. */
function messageId(context: LocalContext): string {
  const time = context.clock.now().getTime().toString(16).padStart(12, "0");
  return `0107${time}-${context.newId()}-000000`;
}

function badRequest(message: string): AwsError {
  return new AwsError("BadRequestException", message);
}
