import type { LocalContext } from "../context.ts";
import { type DurableMap, durableMap } from "../journal/durable-map.ts";
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
  /** By the number of mails before each, so that they stay in order. */
  private readonly kept: DurableMap<CapturedMessage>;
  /** `added` and `dropped`: how many mails there ever were, and how many of them fell out. */
  private readonly counts: DurableMap<number>;
  private readonly listeners = new Set<(message: CapturedMessage) => void>();
  private readonly keepMessages: number;
  private readonly log: Log;

  constructor(context: Pick<LocalContext, "log" | "journal">, keepMessages: number) {
    this.keepMessages = keepMessages;
    this.log = context.log;
    this.kept = durableMap(context, "ses/mails");
    this.counts = durableMap(context, "ses/counts");
  }

  messages(): readonly CapturedMessage[] {
    return [...this.kept.values()];
  }

  add(message: CapturedMessage): void {
    this.kept.set(String(this.count("added")), message);
    const [oldest] = this.kept.keys();
    if (this.kept.size > this.keepMessages && oldest !== undefined) {
      this.kept.delete(oldest);
      const dropped = this.count("dropped");
      if (dropped % this.keepMessages === 1 || this.keepMessages === 1) {
        this.log(
          `ses: only the newest ${this.keepMessages} mails are kept; ${dropped} older ones were dropped`,
        );
      }
    }
    for (const listener of this.listeners) listener(message);
  }

  /** @returns the number that it is from now on. */
  private count(what: "added" | "dropped"): number {
    const count = (this.counts.get(what) ?? 0) + 1;
    this.counts.set(what, count);
    return count;
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
          const messages = this.messages().filter((message) => matches(message, request.query));
          const dropped = this.counts.get("dropped");
          const body = { messages, ...(dropped === undefined ? {} : { dropped }) };
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
          for (const [key, message] of this.kept) {
            if (matches(message, request.query)) this.kept.delete(key);
          }
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
