import type { PropsWithChildren } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { Document } from "../page.tsx";
import { oneLine } from "../untrusted-text.ts";
import type { ConsoleIdentity } from "./console-identity.ts";
import { consolePath } from "./console-paths.ts";
import { scriptUrl } from "./console-script.ts";
import { consoleStylesUrl } from "./console-styles.ts";
import { accessPath, auditPath, cardsPath, executionsPath, requestsPath, sweepsPath } from "./page-paths.ts";

/** Who looks at a page, and what its frame shows beside the content. */
export interface Visit {
  identity: ConsoleIdentity;
  /** Path that a post to ends the session; absent where nobody has one. */
  logoutPath?: string | undefined;
  /** Fingerprint of all that there was when the page was begun; the page is shown anew once that differs. */
  seen?: string | undefined;
  /** What came of what was just done. */
  done?: string | undefined;
}

const places = [
  { path: consolePath, name: "Overview" },
  { path: cardsPath, name: "Cards" },
  { path: executionsPath, name: "Executions" },
  { path: requestsPath, name: "Requests" },
  { path: accessPath, name: "Access" },
  { path: auditPath, name: "Audit" },
  { path: sweepsPath, name: "Sweeps" },
] as const;

/** A page of the console: navigation, who looks, and the content, which is brought up to date while it is looked at. */
export function ConsolePage({
  title,
  place,
  visit: { identity, logoutPath, seen, done },
  refreshSeconds,
  children,
}: PropsWithChildren<{
  title: string;
  /** The place of the navigation that it belongs to. */
  place?: (typeof places)[number]["name"] | undefined;
  visit: Visit;
  /** How often it is shown anew, for what changes in between; only when something has happened, if left out. */
  refreshSeconds?: number | undefined;
}>): JSX.Element {
  return (
    <Document title={title} bodyClass="console" stylesheet={consoleStylesUrl} script={scriptUrl}>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <div class="top-inner">
          <a class="brand" href={consolePath}>
            Cardway
          </a>
          <nav class="places" aria-label="Console">
            <ul>
              {places.map(({ path, name }) => (
                <li>
                  <a href={path} aria-current={name === place ? "page" : undefined}>
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="visitor">
            <span class="visitor-name">{oneLine(identity.name, 60)}</span>
            <span class="badge plain">{identity.role}</span>
            {logoutPath !== undefined && (
              <form method="post" action={logoutPath}>
                <button class="quiet-button" type="submit">
                  Sign out
                </button>
              </form>
            )}
          </div>
        </div>
      </header>
      <div class="done" role="status">
        {done !== undefined && <p>{done}</p>}
      </div>
      <main id="main" tabindex={-1} data-seen={seen} data-refresh-seconds={refreshSeconds}>
        {children}
      </main>
      <p id="announcement" class="visually-hidden" role="status"></p>
      <dialog id="dialog" aria-labelledby="confirmation-heading"></dialog>
    </Document>
  );
}

/** Title of a page, and what leads up to it. */
export function PageHeading({
  title,
  above,
  lead,
  children,
}: PropsWithChildren<{
  title: string;
  above?: { path: string; name: string };
  lead?: JSX.Element | string;
}>): JSX.Element {
  return (
    <div class="page-heading">
      <div>
        {above !== undefined && (
          <p class="above">
            <a href={above.path}>{above.name}</a>
          </p>
        )}
        <h1>{title}</h1>
        {lead !== undefined && <div class="lead">{lead}</div>}
      </div>
      {children}
    </div>
  );
}

/** What there is to say where there is nothing to show. */
export function Nothing({ children }: PropsWithChildren): JSX.Element {
  return <p class="nothing">{children}</p>;
}

/** The ways to the pages before and behind. */
export function Pages({
  first,
  next,
  label,
}: {
  /** Address of the first page; absent on that. */
  first?: string | undefined;
  next?: string | undefined;
  /** What the pages are of. */
  label: string;
}): JSX.Element {
  if (first === undefined && next === undefined) return <></>;
  return (
    <nav class="pages" aria-label={label}>
      {first !== undefined && <a href={first}>First page</a>}
      {next !== undefined && (
        <a href={next} rel="next">
          Next page
        </a>
      )}
    </nav>
  );
}

/** The table of a list, which may be wider than the screen. */
export function TablePanel({ label, children }: PropsWithChildren<{ label: string }>): JSX.Element {
  return (
    <div class="panel flush">
      <div class="scroll" role="group" aria-label={label} tabindex={0}>
        {children}
      </div>
    </div>
  );
}

/** What there is to know first, side by side. */
export function FactsLine({ children }: PropsWithChildren): JSX.Element {
  return <dl class="facts-line">{children}</dl>;
}

export function Fact({ name, children }: PropsWithChildren<{ name: string }>): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
