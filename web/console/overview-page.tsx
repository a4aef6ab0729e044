import type { JSX } from "hono/jsx/jsx-runtime";
import { type ModelCardStatus, modelCardStatuses } from "../../events/model-card.ts";
import { type Matter, readMatters } from "../../queries/attention.ts";
import { type CardPage, type CardSummary, readCards } from "../../queries/cards.ts";
import { type SweepsPage, readSweeps } from "../../queries/sweeps.ts";
import type { QuerySources } from "../../queries/sources.ts";
import { statusName } from "../approval-words.ts";
import { timeLeft } from "../time.tsx";
import { oneLine } from "../untrusted-text.ts";
import { Age } from "./age.tsx";
import { HealthMark, RiskText } from "./badges.tsx";
import { ConsolePage, Nothing, PageHeading, type Visit } from "./console-layout.tsx";
import { Matters } from "./matters.tsx";
import { attentionPath, cardPath, cardsPath, sweepsPath, withParameters } from "./page-paths.ts";

/** How many cards a lane shows, the newest ones. */
const laneLength = 15;

/** How many matters the overview shows, the most urgent ones. */
const mostMatters = 6;

export interface Overview {
  lanes: Record<ModelCardStatus, CardPage>;
  matters: Matter[];
  sweeps: SweepsPage;
}

export async function readOverview(sources: QuerySources): Promise<Overview> {
  const lane = (status: ModelCardStatus) =>
    readCards({ status, order: "newest", limit: laneLength }, sources);
  const [Draft, PendingReview, Approved, Archived, matters, sweeps] = await Promise.all([
    lane("Draft"),
    lane("PendingReview"),
    lane("Approved"),
    lane("Archived"),
    readMatters(sources),
    readSweeps({ limit: 3 }, sources),
  ]);
  return { lanes: { Draft, PendingReview, Approved, Archived }, matters, sweeps };
}

/** The lifecycle at a glance: what needs a person, then the newest cards of every status. */
export function OverviewPage({
  overview: { lanes, matters, sweeps },
  now,
  visit,
}: {
  overview: Overview;
  now: Date;
  visit: Visit;
}): JSX.Element {
  return (
    <ConsolePage title="Overview" place="Overview" visit={visit}>
      <PageHeading title="Overview" lead={<LastSweep sweeps={sweeps} now={now} />} />
      <section class="panel" aria-labelledby="attention-heading">
        <div class="panel-heading">
          <h2 id="attention-heading">Needs attention</h2>
          {matters.length > mostMatters && (
            <a href={attentionPath}>See all {matters.length.toLocaleString("en")}</a>
          )}
        </div>
        {matters.length === 0 ? (
          <Nothing>Nothing needs anybody.</Nothing>
        ) : (
          <Matters matters={matters.slice(0, mostMatters)} now={now} />
        )}
      </section>
      <div class="lanes">
        {modelCardStatuses.map((status) => (
          <Lane status={status} page={lanes[status]} now={now} />
        ))}
      </div>
    </ConsolePage>
  );
}

function LastSweep({ sweeps: { sweeps, nextRunAt }, now }: { sweeps: SweepsPage; now: Date }): JSX.Element {
  const last = sweeps.find(({ findings }) => findings !== undefined);
  if (last?.findings === undefined) {
    return <p>No sweep has ended yet. Each compares every card with what it should be.</p>;
  }
  const { scanned, differing } = last.findings;
  return (
    <p>
      The <a href={sweepsPath}>last sweep</a> compared {counted(scanned, "card")}{" "}
      <Age at={last.stoppedAt ?? last.startedAt} now={now} /> ago, and{" "}
      {differing === 0 ? "none" : differing.toLocaleString("en")} differed.
      {nextRunAt !== undefined && Date.parse(nextRunAt) > now.getTime() && (
        <> The next one comes in {timeLeft(nextRunAt, now)}.</>
      )}
    </p>
  );
}

function Lane({
  status,
  page: { cards, nextToken },
  now,
}: {
  status: ModelCardStatus;
  page: CardPage;
  now: Date;
}): JSX.Element {
  const id = `lane-${status}`;
  const all = withParameters(cardsPath, { status });
  return (
    <section class="lane" aria-labelledby={id}>
      <div class="lane-heading">
        <h2 id={id}>{statusName(status)}</h2>
        <span class="small">{nextToken === undefined ? cards.length : `newest ${cards.length}`}</span>
      </div>
      {cards.length === 0 ? (
        <Nothing>No cards.</Nothing>
      ) : (
        <ul>
          {cards.map((card) => (
            <Tile card={card} now={now} />
          ))}
        </ul>
      )}
      {cards.length > 0 && (
        <a class="lane-all" href={all}>
          {nextToken === undefined ? "As a list" : "See all"}
          <span class="visually-hidden"> in {statusName(status)}</span>
        </a>
      )}
    </section>
  );
}

function Tile({ card, now }: { card: CardSummary; now: Date }): JSX.Element {
  const { modelCardArn, modelCardName, riskRating, owner, creationTime, health } = card;
  return (
    <li class={`tile ${health}`} data-key={modelCardArn}>
      <a class="tile-name" href={cardPath(modelCardArn)}>
        {modelCardName}
      </a>
      <p class="tile-facts">
        <RiskText riskRating={riskRating} />
        {owner !== undefined && <span>{oneLine(owner, 40)}</span>}
        {creationTime !== undefined && <Age at={creationTime} now={now} />}
      </p>
      <HealthMark health={health} />
    </li>
  );
}

function counted(count: number, unit: string): string {
  return `${count.toLocaleString("en")} ${unit}${count === 1 ? "" : "s"}`;
}
