import type { WireRequest, WireResponse } from "../wire/http.ts";
import type { Log } from "../wire/service.ts";

/** A mail that a handler sent, as the local page `/_aws/ses` shows it. */
export interface CapturedMessage {
  Id: string;
  /** ISO 8601 UTC. */
  Timestamp: string;
  AccountId: string;
  Region: string;
  /** The sender as the caller wrote it, with its display name. */
  Source: string;
  Destination: { ToAddresses: string[]; CcAddresses?: string[]; BccAddresses?: string[] };
  ReplyToAddresses?: string[];
  Subject: string;
  Body: { text_part: string | null; html_part: string | null };
  Headers?: { Name: string; Value: string }[];
  Tags?: { Name: string; Value: string }[];
}

/** A path of the local endpoint that needs no signature. */
export interface ExtraRoute {
  method: string;
  path: string;
  handle(request: WireRequest): Promise<WireResponse> | WireResponse;
}

/** The newest messages, oldest first. What falls out is counted and logged, so that nobody takes the rest for all. */
export class Mailbox {
  private kept: CapturedMessage[] = [];
  private dropped = 0;
  private readonly listeners = new Set<(message: CapturedMessage) => void>();
  private readonly keepMessages: number;
  private readonly log: Log;

  constructor({ keepMessages, log }: { keepMessages: number; log: Log }) {
    this.keepMessages = keepMessages;
    this.log = log;
  }

  messages(): readonly CapturedMessage[] {
    return this.kept;
  }

  add(message: CapturedMessage): void {
    this.kept.push(message);
    if (this.kept.length > this.keepMessages) {
      this.kept.shift();
      this.dropped += 1;
      if (this.dropped % this.keepMessages === 1 || this.keepMessages === 1) {
        this.log(
          `ses: only the newest ${this.keepMessages} mails are kept; ${this.dropped} older ones were dropped`,
        );
      }
    }
    for (const listener of this.listeners) listener(message);
  }

  /** Calls `listener` with every mail from now on, until the returned function is called. */
  onMessage(listener: (message: CapturedMessage) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * The page that test tools know from other emulators: `GET /_aws/ses` lists, `DELETE /_aws/ses` clears. `?id=`
   * narrows both to one mail, `?email=` to the mails from or to one address.
   */
  routes(): ExtraRoute[] {
    const path = "/_aws/ses";
    return [
      {
        method: "GET",
        path,
        handle: (request) => {
          const messages = this.kept.filter((message) => matches(message, request.query));
          const body = { messages, ...(this.dropped > 0 ? { dropped: this.dropped } : {}) };
          return {
            status: 200,
            headers: { "content-type": "application/json" },
            body: JSON.stringify(body),
          };
        },
      },
      {
        method: "DELETE",
        path,
        handle: (request) => {
          this.kept = this.kept.filter((message) => !matches(message, request.query));
          return { status: 204, headers: {}, body: "" };
        },
      },
    ];
  }
}

function matches(message: CapturedMessage, query: URLSearchParams): boolean {
  const id = query.get("id");
  const email = query.get("email")?.toLowerCase();
  const { ToAddresses, CcAddresses = [], BccAddresses = [] } = message.Destination;
  const addresses = [message.Source, ...ToAddresses, ...CcAddresses, ...BccAddresses];
  return (
    (id === null || message.Id === id) &&
    (email === undefined || addresses.some((address) => hasAddress(address.toLowerCase(), email)))
  );
}

function hasAddress(text: string, email: string): boolean {
  return text === email || text.endsWith(`<${email}>`);
}
