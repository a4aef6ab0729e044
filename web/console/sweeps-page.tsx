import type { JSX } from "hono/jsx/jsx-runtime";
import type { SweepView, SweepsPage as SweepsShown } from "../../queries/sweeps.ts";
import { durationText } from "../duration.ts";
import { Time, timeLeft } from "../time.tsx";
import { ActLink } from "./act-link.tsx";
import { Age } from "./age.tsx";
import { ExecutionBadge } from "./badges.tsx";
import { ConsolePage, Nothing, PageHeading, Pages, type Visit } from "./console-layout.tsx";
import { differenceWords } from "./difference-words.ts";
import { cardsPath, executionPath, sweepsPath, withParameters } from "./page-paths.ts";

export const sweepsOnAPage = 10;

/** How many cards that differed are named of each sweep. */
const mostNamed = 50;

/** The last sweeps, what each found, and when the next one comes. */
export function SweepsPage({
  shown: { sweeps, nextToken, nextRunAt },
  everyHours,
  next,
  now,
  visit,
}: {
  shown: SweepsShown;
  /** How often they come by themselves. */
  everyHours: number;
  /** Token of this page. */
  next: string | undefined;
  now: Date;
  visit: Visit;
}): JSX.Element {
  const { identity } = visit;
  return (
    <ConsolePage title="Sweeps" place="Sweeps" visit={visit}>
      <PageHeading
        title="Sweeps"
        lead={
          <p>
            Every {everyHours === 1 ? "hour" : `${everyHours} hours`} a sweep compares every card with what it
            should be, and starts a promotion for each that differs.{" "}
            <NextRun nextRunAt={nextRunAt} now={now} />
          </p>
        }
      >
        <div class="answers">
          <ActLink act="sweep" members={{ dryRun: false }} identity={identity} text="Sweep now" />
          <ActLink act="sweep" members={{ dryRun: true }} identity={identity} text="Compare only" />
        </div>
      </PageHeading>
      {sweeps.length === 0 ? (
        <Nothing>No sweep has run yet.</Nothing>
      ) : (
        sweeps.map((sweep) => <Sweep sweep={sweep} now={now} />)
      )}
      <Pages
        label="Pages of sweeps"
        first={next === undefined ? undefined : sweepsPath}
        next={nextToken === undefined ? undefined : withParameters(sweepsPath, { next: nextToken })}
      />
    </ConsolePage>
  );
}

function NextRun({ nextRunAt, now }: { nextRunAt: string | undefined; now: Date }): JSX.Element {
  if (nextRunAt === undefined)
    return <>When the next one comes is not known: none of these came by itself.</>;
  if (Date.parse(nextRunAt) <= now.getTime()) return <>The next one is due.</>;
  return (
    <>
      The next one comes in <strong>{timeLeft(nextRunAt, now)}</strong>.
    </>
  );
}

function Sweep({ sweep, now }: { sweep: SweepView; now: Date }): JSX.Element {
  const { executionArn, status, startedAt, stoppedAt, dryRun, findings, error } = sweep;
  const headingId = `sweep-${executionArn.slice(executionArn.lastIndexOf(":") + 1)}`;
  const took = Date.parse(stoppedAt ?? now.toISOString()) - Date.parse(startedAt);
  return (
    <section class="panel" aria-labelledby={headingId} data-key={executionArn}>
      <div class="panel-heading">
        <h2 id={headingId}>
          <a href={executionPath(executionArn)}>
            <Time at={startedAt} />
          </a>
          {dryRun && <span class="quiet"> compared only</span>}
        </h2>
        <span>
          <ExecutionBadge status={status} />{" "}
          <span class="small">
            {stoppedAt === undefined ? "for" : "in"} {durationText(took)}, <Age at={startedAt} now={now} />{" "}
            ago
          </span>
        </span>
      </div>
      {findings === undefined ? (
        <p>
          {status === "RUNNING"
            ? "It is comparing cards."
            : `It ended before it had compared all cards${error === undefined ? "" : `: ${error}`}.`}
        </p>
      ) : (
        <Findings findings={findings} id={headingId} />
      )}
    </section>
  );
}

function Findings({
  findings: { scanned, differing, started, repaired, failing, differences, found },
  id,
}: {
  findings: NonNullable<SweepView["findings"]>;
  id: string;
}): JSX.Element {
  const kinds = Object.entries(differences).sort(([, one], [, other]) => other - one);
  return (
    <>
      <dl class="counts">
        <Count name="compared" count={scanned} />
        <Count name="differed" count={differing} />
        <Count name="promotions started" count={started} />
        <Count name="repaired since the one before" count={repaired} />
        <Count name="could not be compared" count={failing} isBad />
      </dl>
      {kinds.length > 0 && (
        <ul class="plain-list">
          {kinds.map(([difference, count]) => (
            <li>
              {count.toLocaleString("en")} × {differenceWords(difference)}
            </li>
          ))}
        </ul>
      )}
      {found.length > 0 && (
        <details id={`found-${id}`}>
          <summary>Which cards</summary>
          <ul class="plain-list">
            {found.slice(0, mostNamed).map(({ modelCardName, differences }) => (
              <li data-key={modelCardName}>
                <a class="card-name" href={`${cardsPath}/${modelCardName}`}>
                  {modelCardName}
                </a>
                : {differences.map(differenceWords).join("; ")}
              </li>
            ))}
          </ul>
          {differing > Math.min(found.length, mostNamed) && (
            <p class="small">{differing - Math.min(found.length, mostNamed)} more differed.</p>
          )}
        </details>
      )}
    </>
  );
}

function Count({
  name,
  count,
  isBad = false,
}: {
  name: string;
  count: number;
  isBad?: boolean;
}): JSX.Element {
  return (
    <div class={isBad && count > 0 ? "count bad" : "count"}>
      <dt>{name}</dt>
      <dd>{count.toLocaleString("en")}</dd>
    </div>
  );
}
