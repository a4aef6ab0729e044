import type { JSX } from "hono/jsx/jsx-runtime";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { CardDetail } from "../../queries/card.ts";
import { type Explanation, explainCard } from "../../queries/explain.ts";
import { Notice } from "../page.tsx";
import { Time } from "../time.tsx";
import { oneLine } from "../untrusted-text.ts";
import { ActLink } from "./act-link.tsx";
import { Age } from "./age.tsx";
import { HealthMark, RiskText, StatusBadge } from "./badges.tsx";
import { CardAccess } from "./card-access.tsx";
import { CardVersions } from "./card-versions.tsx";
import { ConsolePage, Fact, FactsLine, Nothing, PageHeading, Pages, type Visit } from "./console-layout.tsx";
import { ExecutionTable } from "./execution-table.tsx";
import { Matters } from "./matters.tsx";
import { cardPath, cardsPath, executionsPath, withParameters } from "./page-paths.ts";
import { Reasons } from "./reasons.tsx";
import { RequestPanel } from "./request-panel.tsx";
import type { SectionChanges } from "./version-changes.ts";
import { Timeline } from "./timeline.tsx";

/** How many entries of a card's timeline are on a page. */
const entriesOnAPage = 25;

/** All about one card but what is written in it. */
export function CardPage({
  detail,
  changes,
  settings,
  page,
  now,
  visit,
}: {
  detail: CardDetail;
  /** What versions changed, as far as that may be told. */
  changes: ReadonlyMap<number, SectionChanges> | undefined;
  settings: Settings;
  /** Page of the timeline, from 1. */
  page: number;
  now: Date;
  visit: Visit;
}): JSX.Element {
  const { card, summary, lifecycle, matters, request, executions, audit, handMadeShares } = detail;
  const { modelCardArn, modelCardName, status, version } = card;
  const { identity } = visit;
  const explanation = explainCard(detail, settings);
  const start = (page - 1) * entriesOnAPage;
  const path = cardPath(modelCardArn);
  return (
    <ConsolePage title={modelCardName} place="Cards" visit={visit}>
      <PageHeading title={modelCardName} above={{ path: cardsPath, name: "Cards" }}>
        <div class="answers">
          {version !== undefined && (
            <ActLink
              act="collect-evidence"
              members={{ modelCardArn, version }}
              identity={identity}
              text="Collect evidence"
            />
          )}
          <ActLink act="look" members={{ modelCardArn }} identity={identity} text="Look at the card now" />
        </div>
      </PageHeading>
      <FactsLine>
        <Fact name="Status">
          <StatusBadge status={status} />
          {version !== undefined && <span class="small"> version {version}</span>}
        </Fact>
        <Fact name="Health">
          <HealthMark health={summary.health} />
        </Fact>
        <Fact name="Risk">
          <RiskText riskRating={status === "Deleted" ? summary.riskRating : card.riskRating} />
        </Fact>
        <Fact name="Owner">{summary.owner === undefined ? "not known" : oneLine(summary.owner, 60)}</Fact>
        <Fact name="Lifecycle">{lifecycle ?? "none"}</Fact>
        {card.creationTime !== undefined && (
          <Fact name="Created">
            <Age at={card.creationTime} now={now} /> ago
          </Fact>
        )}
        {card.lastModifiedTime !== undefined && (
          <Fact name="Changed">
            <Age at={card.lastModifiedTime} now={now} /> ago
          </Fact>
        )}
      </FactsLine>
      {matters.length > 0 && (
        <section class="panel" aria-labelledby="attention-heading">
          <h2 id="attention-heading">Needs attention</h2>
          <Matters matters={matters} now={now} namesCards={false} />
        </section>
      )}
      {handMadeShares.map(({ stage, accountId, resourceShareArn }) => (
        <Notice kind="bad" title={`A share made by hand lets ${stage} (${accountId}) write`}>
          <p>
            <code>{resourceShareArn}</code>
          </p>
        </Notice>
      ))}
      <CardAccess detail={detail} explanation={explanation} now={now} />
      <Next explanation={explanation} />
      {request !== undefined && (
        <RequestPanel request={request} identity={identity} now={now} namesCard={false} />
      )}
      <CardVersions detail={detail} changes={changes} settings={settings} />
      <section class="panel" aria-labelledby="executions-heading">
        <div class="panel-heading">
          <h2 id="executions-heading">Executions</h2>
          {executions.length > 0 && (
            <a href={withParameters(executionsPath, { card: modelCardName })}>See all</a>
          )}
        </div>
        {executions.length === 0 ? (
          <Nothing>No execution has done anything for it.</Nothing>
        ) : (
          <ExecutionTable executions={executions} now={now} label="Executions for this card" />
        )}
      </section>
      <section class="panel" aria-labelledby="timeline-heading">
        <h2 id="timeline-heading">Everything that happened</h2>
        {audit.length === 0 ? (
          <Nothing>Nothing is on record yet.</Nothing>
        ) : (
          <Timeline entries={audit.slice(start, start + entriesOnAPage)} settings={settings} />
        )}
        <Pages
          label="Pages of what happened"
          first={page === 1 ? undefined : path}
          next={start + entriesOnAPage < audit.length ? withParameters(path, { page: page + 1 }) : undefined}
        />
      </section>
      <p class="small">
        <code>{modelCardArn}</code>
        {card.creationTime !== undefined && (
          <>
            {" "}
            created on <Time at={card.creationTime} />
          </>
        )}
      </p>
    </ConsolePage>
  );
}

/** What the next promotion would do, and why the card is where it is. */
function Next({ explanation: { next, route, status } }: { explanation: Explanation }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="next-heading">
      <h2 id="next-heading">What comes next</h2>
      {next.length === 0 ? (
        <p>Nothing: a look at the card would find all as it should be.</p>
      ) : (
        <ul class="plain-list">
          {next.map((step) => (
            <li>The next look at the card will {step}.</li>
          ))}
        </ul>
      )}
      <details id="why-status">
        <summary>Why: its route and its status</summary>
        <Reasons reasons={[route, ...status]} />
      </details>
    </section>
  );
}
