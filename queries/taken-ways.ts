import type { StateVisit } from "./state-visit.ts";
import type { StateEdge, StateGraph } from "./state-graph.ts";

/** How often an execution went each way of its state machine; ways that it did not go are not there. */
export function takenWays(
  { edges }: Pick<StateGraph, "edges">,
  visits: readonly StateVisit[],
): Map<StateEdge, number> {
  const taken = new Map<StateEdge, number>();
  visits.forEach((visit, index) => {
    const before = visits[index - 1];
    // A redrive takes a state up where it was: nothing led there.
    if (before === undefined || visit.redrive !== undefined) return;
    const ways = edges.filter(({ from, to }) => from === before.name && to === visit.name);
    const isCaught = before.outcome === "caught";
    const way = ways.find(({ kind }) => (kind === "catch") === isCaught) ?? ways[0];
    if (way !== undefined) taken.set(way, (taken.get(way) ?? 0) + 1);
  });
  return taken;
}
