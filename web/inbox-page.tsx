import type { JSX } from "hono/jsx/jsx-runtime";
import { Notice, Page } from "./page.tsx";
import { Time } from "./time.tsx";

/** A mail that the local SES keeps, as far as the inbox shows it. */
export interface CapturedMessage {
  Id: string;
  /** ISO 8601 UTC. */
  Timestamp: string;
  Region: string;
  Source: string;
  Destination: { ToAddresses: string[] };
  Subject: string;
  Body: { text_part: string | null; html_part: string | null };
}

/** What a mail's own HTML may do, framed or opened by itself: nothing but open links in windows of their own. */
export const mailSandbox =
  "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

/** One page of the inbox; the newest mail of all is open. */
export function InboxPage({
  messages,
  total,
  page,
  pages,
}: {
  messages: CapturedMessage[];
  total: number;
  page: number;
  pages: number;
}): JSX.Element {
  return (
    <Page
      title="Inbox"
      area="Local inbox"
      footer="Mails that Cardway sent on this machine. Nothing has left it. All times are in UTC."
    >
      <div>
        <h1>Inbox</h1>
        <p class="lead">
          {total === 1 ? "1 mail" : `${total} mails`}, newest first. Reload the page to see new ones.
        </p>
      </div>
      {total === 0 ? (
        <Notice title="No mails yet">
          <p>
            When a model card is set to PendingReview, Cardway asks its approvers by mail, and their mails
            appear here.
          </p>
        </Notice>
      ) : (
        <div class="mails">
          {messages.map((message, index) => (
            <Mail message={message} open={page === 1 && index === 0} />
          ))}
        </div>
      )}
      {pages > 1 && <Pages page={page} pages={pages} />}
    </Page>
  );
}

function Mail({ message, open }: { message: CapturedMessage; open: boolean }): JSX.Element {
  const { Id, Subject, Source, Destination, Timestamp, Region, Body } = message;
  const to = Destination.ToAddresses.join(", ");
  return (
    <details class="mail" open={open}>
      <summary>
        <h2>{Subject === "" ? "(no subject)" : Subject}</h2>
        <span class="small">
          <Time at={Timestamp} />
        </span>
        <span class="small who">To {to === "" ? "nobody" : to}</span>
      </summary>
      <div class="mail-body">
        <dl class="facts">
          <div>
            <dt>From</dt>
            <dd>{Source}</dd>
          </div>
          <div>
            <dt>To</dt>
            <dd>{to}</dd>
          </div>
          <div>
            <dt>Sent through</dt>
            <dd>Amazon SES, {Region}</dd>
          </div>
        </dl>
        {Body.html_part !== null && (
          <iframe
            src={`/inbox/${encodeURIComponent(Id)}/html`}
            sandbox={mailSandbox}
            loading="lazy"
            title={`Mail: ${Subject}`}
          />
        )}
        {Body.text_part !== null && (
          <details open={Body.html_part === null}>
            <summary>As plain text</summary>
            <pre class="raw">{Body.text_part}</pre>
          </details>
        )}
      </div>
    </details>
  );
}

function Pages({ page, pages }: { page: number; pages: number }): JSX.Element {
  return (
    <nav class="pages" aria-label="Pages of the inbox">
      {page > 1 && <a href={`/inbox?page=${page - 1}`}>Newer mails</a>}
      <span class="small">
        Page {page} of {pages}
      </span>
      {page < pages && <a href={`/inbox?page=${page + 1}`}>Older mails</a>}
    </nav>
  );
}
