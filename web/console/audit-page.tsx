import type { JSX } from "hono/jsx/jsx-runtime";
import type * as z from "zod";
import type { AuditEntry } from "../../functions/records/audit-chain.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import { type Verification, readAudit, readCardAudit, verifyAudit } from "../../queries/audit.ts";
import { cardArnOf } from "../../queries/card.ts";
import type { QuerySources } from "../../queries/sources.ts";
import { ConsolePage, Nothing, PageHeading, Pages, type Visit } from "./console-layout.tsx";
import { Entry, Filters } from "./filters.tsx";
import type { AuditQuerySchema } from "./list-query.ts";
import { auditPath, verificationPath, withParameters } from "./page-paths.ts";
import { Timeline } from "./timeline.tsx";
import { BrokenChains } from "./verification-page.tsx";

type AuditQuery = z.output<typeof AuditQuerySchema>;

const entriesOnAPage = 50;

/** How many times older entries are asked for to fill a page: one answer holds those of one day. */
const mostReadings = 10;

type AuditPosition = { date: string; place?: string | undefined };

/** How far back entries are looked for where nobody says, in days. */
const daysBack = 90;

export interface AuditShown {
  entries: AuditEntry[];
  /** Address parameters of the page with older entries. */
  older?: Record<string, string | number | undefined> | undefined;
  /** Of the card's chain, where it was asked for. */
  verification?: Verification | undefined;
}

/**
 * The entries that a query asks for.
 *
 * @throws {InvalidInputError} the card that it names can be none.
 */
export async function readShownAudit(
  { card, since, date, place, page, verify }: AuditQuery,
  sources: QuerySources,
): Promise<AuditShown> {
  if (card !== "") {
    const modelCardArn = cardArnOf(card, sources);
    const [all, verification] = await Promise.all([
      readCardAudit(modelCardArn, sources),
      verify === undefined ? undefined : verifyAudit([modelCardArn], sources),
    ]);
    const found = since === undefined ? all : all.filter(({ at }) => at >= since);
    const start = (page - 1) * entriesOnAPage;
    const goesOn = start + entriesOnAPage < found.length;
    return {
      entries: found.slice(start, start + entriesOnAPage),
      older: goesOn ? { card, since, page: page + 1 } : undefined,
      verification,
    };
  }
  const oldest =
    since ?? new Date(sources.now().getTime() - daysBack * 86_400_000).toISOString().slice(0, 10);
  let before: AuditPosition | undefined = date === undefined ? undefined : { date, place };
  const entries: AuditEntry[] = [];
  for (let reading = 0; reading < mostReadings && entries.length < entriesOnAPage; reading += 1) {
    const limit = entriesOnAPage - entries.length;
    const older = await readAudit({ since: oldest, before, limit }, sources);
    entries.push(...older.entries);
    ({ before } = older);
    if (before === undefined) return { entries };
  }
  return { entries, older: { since, ...before } };
}

/** Everything on record, newest first, and whether it is as it was written. */
export function AuditPage({
  shown: { entries, older, verification },
  query: { card, since, date, page },
  fault,
  settings,
  visit,
}: {
  shown: AuditShown;
  query: AuditQuery;
  fault?: string | undefined;
  settings: Settings;
  visit: Visit;
}): JSX.Element {
  const filters = { card, since };
  const isFirst = date === undefined && page === 1;
  return (
    <ConsolePage title="Audit" place="Audit" visit={visit}>
      <PageHeading
        title="Audit"
        lead="Every entry holds the hash of the one before it on its card, so whatever is changed or taken away shows."
      >
        {card === "" ? (
          <a class="button small-button secondary" href={verificationPath}>
            Verify all chains
          </a>
        ) : (
          <a
            class="button small-button secondary"
            href={withParameters(auditPath, { ...filters, verify: "card" })}
          >
            Verify this card's chain
          </a>
        )}
      </PageHeading>
      <Filters path={auditPath} fault={fault}>
        <Entry name="card" label="Card, by its whole name" value={card} />
        <Entry name="since" label="Since" value={since} type="date" />
      </Filters>
      {verification !== undefined && <BrokenChains verification={verification} />}
      {entries.length === 0 ? (
        <Nothing>
          {isFirst && since === undefined && card === ""
            ? `Nothing is on record of the last ${daysBack} days.`
            : "Nothing like that is on record."}
        </Nothing>
      ) : (
        <section class="panel" aria-labelledby="entries-heading">
          <h2 id="entries-heading" class="visually-hidden">
            Entries, newest first
          </h2>
          <Timeline entries={entries} settings={settings} namesCards={card === ""} />
        </section>
      )}
      <Pages
        label="Pages of entries"
        first={isFirst ? undefined : withParameters(auditPath, filters)}
        next={older === undefined ? undefined : withParameters(auditPath, older)}
      />
    </ConsolePage>
  );
}
