/** The parts of `@dagrejs/dagre` 3 that are used here: its own types name files that TypeScript does not find. */
declare module "@dagrejs/dagre" {
  interface Box {
    width: number;
    height: number;
  }

  interface Point {
    x: number;
    y: number;
  }

  /** A directed graph with at most one edge of each name between two nodes. */
  export class Graph {
    constructor(options: { multigraph: boolean });
    setGraph(spaces: Record<"nodesep" | "edgesep" | "ranksep", number>): this;
    setNode(name: string, box: Box): this;
    setEdge(from: string, to: string, label: { weight: number; minlen?: number }, name: string): this;
    /** With its middle once the graph is laid out. */
    node(name: string): Box & Point;
    /** With the points of its line once the graph is laid out. */
    edge(from: string, to: string, name: string): { points: Point[] };
  }

  /** Writes places into the labels of a graph. */
  export function layout(graph: Graph): void;
}
