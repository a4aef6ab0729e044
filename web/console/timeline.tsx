import type { JSX } from "hono/jsx/jsx-runtime";
import type { AuditEntry } from "../../functions/records/audit-chain.ts";
import { noCard } from "../../functions/records/effects.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import { nameOf } from "../../functions/aws/sagemaker.ts";
import { timeText } from "../time.tsx";
import { manyLines, visibleText } from "../untrusted-text.ts";
import { timeOfDay } from "./age.tsx";
import { cardPath, executionPath, requestPath } from "./page-paths.ts";
import { toldBy } from "./timeline-words.ts";

/** Entries of the audit in plain sentences, by day, in the order in which they come. */
export function Timeline({
  entries,
  settings,
  namesCards = false,
}: {
  entries: readonly AuditEntry[];
  settings: Settings;
  /** Whether each entry says which card it is about. */
  namesCards?: boolean;
}): JSX.Element {
  const days = Map.groupBy(entries, ({ at }) => at.slice(0, 10));
  return (
    <div class="timeline">
      {[...days].map(([day, ofDay]) => (
        <section aria-labelledby={`day-${day}`}>
          <h3 id={`day-${day}`}>{timeText(`${day}T00:00:00Z`).split(",")[0]}</h3>
          <ol>
            {ofDay.map((entry) => (
              <Entry entry={entry} settings={settings} namesCard={namesCards} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function Entry({
  entry,
  settings,
  namesCard,
}: {
  entry: AuditEntry;
  settings: Settings;
  namesCard: boolean;
}): JSX.Element {
  const { at, modelCardArn, detail, detailType, effectId } = entry;
  const { what, tone, more, said = [] } = toldBy(entry, settings);
  return (
    <li class={`told ${tone}`} data-key={effectId}>
      <time datetime={at}>{timeOfDay(at)}</time>
      <div class="told-what">
        <p>
          {namesCard && <CardOf modelCardArn={modelCardArn} />}
          {what}
        </p>
        {more !== undefined && <p class="small">{more}</p>}
        {said.map(({ name, approve, comment }) => (
          <blockquote>
            <p class="small">
              {name} {approve ? "approved" : "rejected"}
              {comment === "" ? ", without a comment" : ":"}
            </p>
            {comment !== "" && <p class="text">{manyLines(comment)}</p>}
          </blockquote>
        ))}
        <div class="links">
          <EntryLinks entry={entry} />
          <details class="record" id={`entry-${effectId}`}>
            <summary>{detailType}</summary>
            <pre class="raw" tabindex={0}>
              {visibleText(JSON.stringify(detail, null, 2))}
            </pre>
          </details>
        </div>
      </div>
    </li>
  );
}

function CardOf({ modelCardArn }: { modelCardArn: string }): JSX.Element {
  if (modelCardArn === noCard) return <></>;
  return (
    <>
      <a class="card-name" href={cardPath(modelCardArn)}>
        {nameOf(modelCardArn)}
      </a>{" "}
    </>
  );
}

/** To what an entry came of, and is about. */
function EntryLinks({ entry: { detail } }: { entry: AuditEntry }): JSX.Element {
  const { executionArn, requestId } = detail;
  const execution = typeof executionArn === "string" ? executionPath(executionArn) : undefined;
  return (
    <>
      {execution !== undefined && <a href={execution}>Execution</a>}
      {typeof requestId === "string" && <a href={requestPath(requestId)}>Request</a>}
    </>
  );
}
