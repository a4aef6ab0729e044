import { Graph, layout } from "@dagrejs/dagre";
import type { StateEdge, StateGraph, StateNode } from "./state-graph.ts";

/** Lengths are in pixels, from the upper left corner of the drawing. */
export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** A state with its upper left corner. */
export interface PlacedState extends StateNode, Point, Size {}

/** A way with the points that its line goes through, from the border of one state to that of the other. */
export interface PlacedEdge extends StateEdge {
  points: Point[];
}

export interface StateLayout extends Size {
  states: PlacedState[];
  edges: PlacedEdge[];
  /** Where the execution starts: the points of the line into its first state. */
  start: Point[];
}

/** Room between what is in the drawing. */
const spaces = { nodesep: 20, edgesep: 14, ranksep: 30 };

/** Room around it, for what sticks out of the boxes. */
const margin = 12;

/** What most executions do stays straight, and the rest goes around it. */
const weights: Record<StateEdge["kind"], number> = { next: 4, default: 4, choice: 3, catch: 1 };

/** No state's name has such a character. */
const start = "\u0000start";

/**
 * Lays a state machine out in layers, from top to bottom. The same graph always gives the same drawing.
 *
 * @param sizeOf - How large the box of a state is.
 */
export function layOut(
  { startAt, nodes, edges }: StateGraph,
  sizeOf: (state: StateNode) => Size,
): StateLayout {
  const graph = new Graph({ multigraph: true }).setGraph(spaces);
  graph.setNode(start, { width: 1, height: 1 });
  for (const state of nodes) graph.setNode(state.name, { ...sizeOf(state) });
  graph.setEdge(start, startAt, { weight: weights.next }, "next");
  for (const { from, to, kind } of edges) graph.setEdge(from, to, { weight: weights[kind] }, kind);
  layout(graph);
  const placed = {
    states: nodes.map((state) => {
      const { x, y, width, height } = graph.node(state.name);
      return { ...state, x: x - width / 2, y: y - height / 2, width, height };
    }),
    edges: edges.map((edge) => ({ ...edge, points: pointsOf(graph, edge.from, edge.to, edge.kind) })),
    start: pointsOf(graph, start, startAt, "next"),
  };
  return framed(placed);
}

function pointsOf(graph: Graph, from: string, to: string, name: string): Point[] {
  return graph.edge(from, to, name).points;
}

/** With its size and an equal margin on all sides: dagre counts only the boxes, and lines may go around them. */
function framed({ states, edges, start }: Omit<StateLayout, keyof Size>): StateLayout {
  const corners = states.flatMap(({ x, y, width, height }) => [
    { x, y },
    { x: x + width, y: y + height },
  ]);
  const all = [...corners, ...edges.flatMap(({ points }) => points), ...start];
  const xs = all.map(({ x }) => x);
  const ys = all.map(({ y }) => y);
  const left = Math.min(...xs) - margin;
  const top = Math.min(...ys) - margin;
  const moved = ({ x, y }: Point): Point => ({ x: x - left, y: y - top });
  return {
    width: Math.max(...xs) + margin - left,
    height: Math.max(...ys) + margin - top,
    states: states.map((state) => ({ ...state, ...moved(state) })),
    edges: edges.map((edge) => ({ ...edge, points: edge.points.map(moved) })),
    start: start.map(moved),
  };
}
