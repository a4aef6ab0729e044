import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { durableMap } from "../journal/durable-map.ts";
import type { AwsError } from "../wire/aws-error.ts";
import { operation } from "../wire/operation.ts";
import { restJsonService } from "../wire/rest-json.ts";
import type { Service } from "../wire/service.ts";
import { EmailIdentities, identityRoutes } from "./email-identities.ts";
import type { IdentityLocation } from "./email-identities.ts";
import { suppressedDestination } from "./suppressed-destination.ts";
import { Mailbox } from "./mailbox.ts";
import type { CapturedMessage, ExtraRoute } from "./mailbox.ts";
import { configurationSetArn, sendEmail } from "./send-email.ts";

export interface Ses {
  service: Service;
  /** The newest mails, oldest first. */
  messages(): readonly CapturedMessage[];
  /** Calls `listener` with every mail from now on, until the returned function is called. */
  onMessage(listener: (message: CapturedMessage) => void): () => void;
  /** Creates an identity in process, as the deployment of a stack does. */
  createEmailIdentity(request: IdentityLocation & { emailIdentity: string }): void;
  /** The same for a configuration set, of which no more than its being there is modelled. */
  createConfigurationSet(request: IdentityLocation & { configurationSetName: string }): void;
  /** The unsigned page `/_aws/ses` that shows what was sent. */
  extraRoutes: ExtraRoute[];
}

const day = 24 * 60 * 60 * 1000;

/**
 * Amazon SES (API v2) that keeps every mail on this machine.
 *
 * @param settings.keepMessages - How many mails are kept; older ones are dropped.
 * @param settings.verifiedIdentities - Addresses and domains that may send; if left out, everybody may.
 * @param settings.failFor - The error that a mail to `address` is refused with, to play a broken delivery.
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/Welcome.html
 */
export function createSes(
  context: LocalContext,
  settings: {
    keepMessages?: number;
    verifiedIdentities?: readonly string[];
    failFor?: (address: string) => AwsError | undefined;
  } = {},
): Ses {
  const { keepMessages = 1_000, verifiedIdentities, failFor = () => undefined } = settings;
  const mailbox = new Mailbox(context, keepMessages);
  const identities = new EmailIdentities(context, verifiedIdentities);
  const configurationSets = durableMap<true>(context, "ses/configuration-sets");

  function recipientsOfLastDay(accountId: string, region: string): number {
    const since = new Date(context.clock.now().getTime() - day).toISOString();
    return mailbox
      .messages()
      .filter((message) => message.AccountId === accountId && message.Region === region)
      .filter((message) => message.Timestamp > since)
      .reduce((sum, { Destination }) => sum + Object.values(Destination).flat().length, 0);
  }

  return {
    messages: () => mailbox.messages(),
    onMessage: (listener) => mailbox.onMessage(listener),
    createEmailIdentity: ({ emailIdentity, ...location }) => void identities.create(emailIdentity, location),
    createConfigurationSet: ({ configurationSetName, accountId, region }) =>
      void configurationSets.set(configurationSetArn(configurationSetName, { accountId, region }), true),
    extraRoutes: mailbox.routes(),
    service: restJsonService({
      signingName: "ses",
      validationErrorCode: "BadRequestException",
      routes: [
        {
          method: "POST",
          path: "/v2/email/outbound-emails",
          operation: sendEmail(context, { identities, configurationSets, mailbox, failFor }),
        },
        {
          method: "GET",
          path: "/v2/email/account",
          operation: operation({
            input: z.strictObject({}),
            action: "ses:GetAccount",
            run: (_input, call) => ({
              DedicatedIpAutoWarmupEnabled: false,
              EnforcementStatus: "HEALTHY",
              ProductionAccessEnabled: true,
              SendingEnabled: true,
              SendQuota: {
                Max24HourSend: 50_000,
                MaxSendRate: 14,
                SentLast24Hours: recipientsOfLastDay(call.caller.accountId, call.region),
              },
            }),
          }),
        },
        suppressedDestination,
        ...identityRoutes(identities),
      ],
    }),
  };
}
