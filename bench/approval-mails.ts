import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";

const MailsSchema = z.object({
  messages: z.array(
    z.object({ Id: z.string(), Subject: z.string(), Body: z.object({ text_part: z.string() }) }),
  ),
});

/** How long to wait before looking for mail again, in milliseconds. */
const pauseMs = 20;

/** The mailbox of one approver, who throws away what is read; the mails of the others stay. */
export class ApprovalMails {
  private readonly page: string;
  private readonly address: string;
  private readonly waiting = new Map<string, PromiseWithResolvers<string>>();
  private looking = false;
  private closed = false;

  constructor(awsUrl: string, address: string) {
    this.page = `${awsUrl}/_aws/ses`;
    this.address = address;
  }

  /** The link in the mail about a card, as soon as it is there. */
  linkAbout(modelCardName: string): Promise<string> {
    const expected = Promise.withResolvers<string>();
    this.waiting.set(modelCardName, expected);
    void this.look(expected);
    return expected.promise;
  }

  close(): void {
    this.closed = true;
  }

  private async look({ reject }: PromiseWithResolvers<string>): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      while (this.waiting.size > 0 && !this.closed) {
        await this.read();
        await wait(pauseMs);
      }
    } catch (error) {
      reject(error);
    } finally {
      this.looking = false;
    }
  }

  private async read(): Promise<void> {
    const inbox = await fetch(`${this.page}?email=${encodeURIComponent(this.address)}`);
    const { messages } = MailsSchema.parse(await inbox.json());
    for (const { Id, Subject, Body } of messages) {
      const link = /https?:\/\/\S+\/approvals\/\S+/.exec(Body.text_part)?.[0] ?? "";
      const card = [...this.waiting.keys()].find((name) => Subject.split(/[^\w-]/).includes(name));
      if (card === undefined) continue;
      this.waiting.get(card)?.resolve(link);
      this.waiting.delete(card);
      await fetch(`${this.page}?id=${encodeURIComponent(Id)}`, { method: "DELETE" });
    }
  }
}
