import type { ExecutionHistory } from "../../queries/execution-history.ts";
import type { StateVisit } from "../../queries/state-visit.ts";
import type { StateNode } from "../../queries/state-graph.ts";
import { durationText } from "../duration.ts";
import { counted } from "../charts/chart-text.ts";
import { type ShownOutcome, linkTo, outcomeWords, shownOutcome, stateId, visitId } from "./visit-outcome.tsx";

/** All stays of an execution in one state. */
export interface StateSummary extends StateNode {
  /** None where the execution was never there. */
  visits: StateVisit[];
  /** Of the last stay. */
  outcome?: ShownOutcome;
  retries: number;
  /** Over all stays, up to now. */
  totalMs: number;
  /** To what the page tells about its last stay, or about the state. */
  href: string;
}

/** What an execution did in each of the states, in their order. */
export function stateSummaries(
  states: readonly StateNode[],
  { visits }: Pick<ExecutionHistory, "visits">,
  now: Date,
): StateSummary[] {
  const byName = Map.groupBy(visits, ({ name }) => name);
  return states.map((state) => {
    const stays = byName.get(state.name) ?? [];
    const last = stays.at(-1);
    return {
      ...state,
      visits: stays,
      ...(last !== undefined && { outcome: shownOutcome(last) }),
      retries: stays.reduce((sum, { attempts }) => sum + Math.max(0, attempts.length - 1), 0),
      totalMs: stays.reduce((sum, visit) => sum + (visit.durationMs ?? sinceMs(visit, now)), 0),
      href: linkTo(last === undefined ? stateId(state.name) : visitId(last)),
    };
  });
}

function sinceMs({ enteredAt }: StateVisit, now: Date): number {
  return Math.max(0, now.getTime() - Date.parse(enteredAt));
}

/** The same in words, for those who do not see it: `GrantAccess: succeeded, 2 visits, 1 retry, 412 ms`. */
export function summaryWords({ name, outcome, visits, retries, totalMs }: StateSummary): string {
  if (outcome === undefined) return `${name}: not entered`;
  const parts = [
    outcomeWords[outcome],
    ...(visits.length > 1 ? [counted(visits.length, "visit")] : []),
    ...(retries > 0 ? [retriesText(retries)] : []),
    durationText(totalMs),
  ];
  return `${name}: ${parts.join(", ")}`;
}

export function retriesText(retries: number): string {
  return retries === 1 ? "1 retry" : `${retries.toLocaleString("en")} retries`;
}
