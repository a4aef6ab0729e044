import type { JSX } from "hono/jsx/jsx-runtime";
import type { ExecutionHistory } from "../../queries/execution-history.ts";
import type { StateEdge, StateGraph } from "../../queries/state-graph.ts";
import { layOut } from "../../queries/state-layout.ts";
import { takenWays } from "../../queries/taken-ways.ts";
import { rounded } from "../charts/drawing.tsx";
import { StateBox, sizeOfState } from "./state-box.tsx";
import { type StateSummary, stateSummaries } from "./state-summary.ts";
import { StateTable } from "./state-table.tsx";
import { Way } from "./state-way.tsx";
import { OutcomeImage, type ShownOutcome, outcomeWords } from "./visit-outcome.tsx";

/** Into a state that so many others catch their errors with, only the ways that were gone are drawn: all would hide the rest. */
const crowd = 5;

/**
 * The state machine as a drawing, with the way that an execution took. Every state is a link: to {@link visitId} of the last
 * stay in it, which the page has to have, or to its row in the table below the drawing.
 *
 * @param id - Unique on the page.
 * @param name - Of the state machine.
 */
export function StateMachineDrawing({
  id,
  name,
  graph,
  history,
  now,
}: {
  id: string;
  name: string;
  graph: StateGraph;
  history: ExecutionHistory;
  now: Date;
}): JSX.Element {
  const taken = takenWays(graph, history.visits);
  const layout = layOut({ ...graph, edges: drawnEdges(graph.edges, taken) }, sizeOfState);
  const summaries = stateSummaries(graph.nodes, history, now);
  // What was gone lies above what was not.
  const ways = layout.edges
    .map(({ points, ...edge }) => ({ points, kind: edge.kind, isTaken: isTaken(edge, taken) }))
    .toSorted((one, other) => Number(one.isTaken) - Number(other.isTaken));
  return (
    <figure class="machine">
      <div class="scroll">
        <svg
          class="machine-drawing"
          role="group"
          aria-labelledby={`${id}-title`}
          aria-describedby={`${id}-desc`}
          viewBox={`0 0 ${rounded(layout.width)} ${rounded(layout.height)}`}
          width={rounded(layout.width)}
          height={rounded(layout.height)}
        >
          <title id={`${id}-title`}>States of {name}</title>
          <desc id={`${id}-desc`}>{pathInWords(history)}</desc>
          {ways.map((way) => (
            <Way {...way} />
          ))}
          <Way points={layout.start} kind="next" isTaken={history.visits.length > 0} isStart />
          {layout.states.map((place, index) => {
            const state = summaries[index];
            return state && <StateBox place={place} state={state} />;
          })}
        </svg>
      </div>
      <Legend summaries={summaries} />
      <StateTable graph={graph} summaries={summaries} />
    </figure>
  );
}

function drawnEdges(edges: StateEdge[], taken: ReadonlyMap<StateEdge, number>): StateEdge[] {
  const catchers = Map.groupBy(
    edges.filter(({ kind }) => kind === "catch"),
    ({ to }) => to,
  );
  return edges.filter(
    (edge) => edge.kind !== "catch" || taken.has(edge) || (catchers.get(edge.to)?.length ?? 0) < crowd,
  );
}

function isTaken({ from, to, kind }: StateEdge, taken: ReadonlyMap<StateEdge, number>): boolean {
  return taken.keys().some((edge) => edge.from === from && edge.to === to && edge.kind === kind);
}

/** More states than anybody listens to. */
const mostNamed = 30;

function pathInWords({ visits, execution }: ExecutionHistory): string {
  if (visits.length === 0) return "It has entered no state yet.";
  const names = visits.map(({ name }) => name);
  const path =
    names.length <= mostNamed
      ? names
      : [
          ...names.slice(0, mostNamed / 2),
          `${names.length - mostNamed} more`,
          ...names.slice(-mostNamed / 2),
        ];
  return `The execution is ${execution.status}. Its way: ${path.join(", ")}.`;
}

function Legend({ summaries }: { summaries: readonly StateSummary[] }): JSX.Element {
  const present = new Set(summaries.map(({ outcome }) => outcome));
  const isShown = (outcome: string): outcome is ShownOutcome => [...present].some((one) => one === outcome);
  return (
    <ul class="machine-legend">
      {Object.entries(outcomeWords).flatMap(([outcome, words]) =>
        isShown(outcome)
          ? [
              <li>
                <OutcomeImage outcome={outcome} />
                {words}
              </li>,
            ]
          : [],
      )}
      <li>
        <svg class="machine-drawing" width="28" height="10" aria-hidden="true">
          <path class="way taken" d="M0 5H28" />
        </svg>
        the way it took
      </li>
      <li>
        <svg class="machine-drawing" width="28" height="10" aria-hidden="true">
          <path class="way catch" d="M0 5H28" />
        </svg>
        after an error; those that many states share are drawn where they were taken
      </li>
    </ul>
  );
}
