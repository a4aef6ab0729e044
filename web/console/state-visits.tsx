import type { JSX } from "hono/jsx/jsx-runtime";
import type { StateVisit, TaskAttempt } from "../../queries/state-visit.ts";
import { durationText } from "../duration.ts";
import { oneLine, visibleText } from "../untrusted-text.ts";
import { OutcomeImage, outcomeWords, shownOutcome, visitId } from "./visit-outcome.tsx";

/** More stays than anybody opens; of a longer execution the last are shown. */
const mostVisits = 300;

/** What each state was given and gave, and how often it was tried. */
export function StateVisits({
  visits,
  input,
  output,
}: {
  visits: readonly StateVisit[];
  /** Of the whole execution, as JSON text. */
  input: string | undefined;
  output: string | undefined;
}): JSX.Element {
  const shown = visits.slice(-mostVisits);
  return (
    <section class="panel" aria-labelledby="visits-heading">
      <h2 id="visits-heading">What each state was given and gave</h2>
      {visits.length > shown.length && (
        <p class="small">The first {visits.length - shown.length} are not shown.</p>
      )}
      <div class="visits">
        <details id="execution-data">
          <summary>
            <strong>The whole execution</strong>
          </summary>
          <Data input={input} output={output} />
        </details>
        {shown.map((visit) => (
          <Visit visit={visit} />
        ))}
      </div>
    </section>
  );
}

function Visit({ visit }: { visit: StateVisit }): JSX.Element {
  const { number, name, durationMs, attempts, input, output, error, cause } = visit;
  const outcome = shownOutcome(visit);
  return (
    <details id={visitId(visit)}>
      <summary>
        <span class="visit-number">{number}</span> <OutcomeImage outcome={outcome} /> <strong>{name}</strong>{" "}
        <span class="small">
          {outcomeWords[outcome]}
          {durationMs !== undefined && `, ${durationText(durationMs)}`}
          {error !== undefined && `, ${error}`}
        </span>
      </summary>
      {cause !== undefined && <p class="said">{oneLine(cause)}</p>}
      {attempts.length > 1 && (
        <ol class="plain-list">
          {attempts.map((attempt) => (
            <Attempt attempt={attempt} />
          ))}
        </ol>
      )}
      <Data input={input} output={output} />
    </details>
  );
}

function Attempt({ attempt }: { attempt: TaskAttempt }): JSX.Element {
  const { startedAt, endedAt, outcome, error, cause } = attempt;
  return (
    <li>
      {outcome === "timed-out" ? "timed out" : outcome}
      {endedAt !== undefined && ` after ${durationText(Date.parse(endedAt) - Date.parse(startedAt))}`}
      {error !== undefined && `: ${error}`}
      {cause !== undefined && <span class="small"> {oneLine(cause)}</span>}
    </li>
  );
}

function Data({ input, output }: { input: string | undefined; output: string | undefined }): JSX.Element {
  return (
    <div class="data">
      <Json title="Input" text={input} />
      <Json title="Output" text={output} />
    </div>
  );
}

function Json({ title, text }: { title: string; text: string | undefined }): JSX.Element {
  return (
    <div>
      <h3>{title}</h3>
      {text === undefined ? (
        <p class="absent">none</p>
      ) : (
        <pre class="raw" tabindex={0}>
          {visibleText(indented(text))}
        </pre>
      )}
    </div>
  );
}

function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return json;
    throw error;
  }
}
