import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { NotificationFailedError } from "../errors.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";

/** A mail in both forms. */
export interface Email {
  subject: string;
  text: string;
  html: string;
}

export interface EmailSender {
  /**
   * @param recipient.id - Names the recipient in errors; the address is never shown.
   * @throws {NotificationFailedError} SES did not take the mail.
   */
  send(recipient: { id: string; address: string }, email: Email): Promise<void>;
}

/**
 * @param ConfigurationSetName - Name of the configuration set that mails are sent with: it counts what bounces.
 * @see https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
export function createEmailSender(runtime: Runtime, ConfigurationSetName: string): EmailSender {
  const client = runtime.trace(new SESv2Client(clientConfig(runtime)));
  return {
    async send({ id, address }, { subject, text, html }) {
      const Charset = "UTF-8";
      try {
        await client.send(
          new SendEmailCommand({
            FromEmailAddress: runtime.settings.approval.sender,
            Destination: { ToAddresses: [address] },
            ConfigurationSetName,
            Content: {
              Simple: {
                Subject: { Data: subject, Charset },
                Body: { Text: { Data: text, Charset }, Html: { Data: html, Charset } },
              },
            },
          }),
        );
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        // SES repeats addresses in its messages, so only the error's name is passed on, and no cause.
        // oxlint-disable-next-line preserve-caught-error
        throw new NotificationFailedError(
          `SES did not take the mail for ${id}: ${error.name}. Check the address in lifecycle.config.ts and the sender's identity in SES.`,
        );
      }
    },
  };
}
