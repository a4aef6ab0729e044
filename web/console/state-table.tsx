import type { JSX } from "hono/jsx/jsx-runtime";
import type { StateGraph } from "../../queries/state-graph.ts";
import { durationText } from "../duration.ts";
import type { StateSummary } from "./state-summary.ts";
import { OutcomeImage, outcomeWords, stateId } from "./visit-outcome.tsx";

/** What a drawing shows, as a table, folded up. */
export function StateTable({
  graph,
  summaries,
}: {
  graph: StateGraph;
  summaries: readonly StateSummary[];
}): JSX.Element {
  return (
    <details class="exact">
      <summary>All states as a table ({summaries.length} rows)</summary>
      <div class="scroll" role="group" aria-label="All states" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Outcome</th>
              <th scope="col" class="number">
                Visits
              </th>
              <th scope="col" class="number">
                Retries
              </th>
              <th scope="col" class="number">
                Time
              </th>
              <th scope="col">Leads to</th>
            </tr>
          </thead>
          <tbody>
            {summaries.map((state) => (
              <StateRow state={state} graph={graph} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function StateRow({ state, graph }: { state: StateSummary; graph: StateGraph }): JSX.Element {
  const { name, type, outcome, visits, retries, totalMs, href } = state;
  const targets = (isCatch: boolean): string[] => [
    ...new Set(
      graph.edges
        .filter(({ from, kind }) => from === name && (kind === "catch") === isCatch)
        .map(({ to }) => to),
    ),
  ];
  const afterErrors = targets(true);
  return (
    <tr id={stateId(name)}>
      <th scope="row">
        {visits.length > 0 ? <a href={href}>{name}</a> : name} <span class="small">{type}</span>
      </th>
      <td class="unbroken">
        {outcome === undefined ? (
          <span class="absent">not entered</span>
        ) : (
          <>
            <OutcomeImage outcome={outcome} /> {outcomeWords[outcome]}
          </>
        )}
      </td>
      <td class="number">{visits.length}</td>
      <td class="number">{retries}</td>
      <td class="number">{outcome === undefined ? "" : durationText(totalMs)}</td>
      <td>
        {targets(false).join(", ")}
        {afterErrors.length > 0 && <span class="small"> after an error: {afterErrors.join(", ")}</span>}
      </td>
    </tr>
  );
}
