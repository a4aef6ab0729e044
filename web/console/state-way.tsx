import type { JSX } from "hono/jsx/jsx-runtime";
import type { StateEdge } from "../../queries/state-graph.ts";
import type { Point } from "../../queries/state-layout.ts";
import { rounded } from "../charts/drawing.tsx";

const cornerRadius = 10;
const headLength = 7;

/** A line from one state to another, with round corners and an arrow's head. */
export function Way({
  points,
  kind,
  isTaken,
  isStart = false,
}: {
  points: Point[];
  kind: StateEdge["kind"];
  isTaken: boolean;
  /** Whether it leads in from nowhere. */
  isStart?: boolean;
}): JSX.Element {
  const [first] = points;
  const classes = ["way", kind, ...(isTaken ? ["taken"] : [])].join(" ");
  return (
    <g class={classes}>
      <path d={roundedLine(points)} />
      <path class="head" d={headOf(points)} />
      {isStart && first !== undefined && (
        <circle class="head" cx={rounded(first.x)} cy={rounded(first.y)} r="5" />
      )}
    </g>
  );
}

/** Straight pieces whose corners are cut by curves. */
function roundedLine(points: readonly Point[]): string {
  const pieces = points.map((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    if (before === undefined) return `M${text(point)}`;
    if (after === undefined) return `L${text(toward(point, before, headLength - 1))}`;
    const radius = Math.min(cornerRadius, distance(before, point) / 2, distance(point, after) / 2);
    return `L${text(toward(point, before, radius))}Q${text(point)} ${text(toward(point, after, radius))}`;
  });
  return pieces.join("");
}

function headOf(points: readonly Point[]): string {
  const [before, tip] = points.slice(-2);
  if (before === undefined || tip === undefined) return "";
  const base = toward(tip, before, headLength);
  const across = { x: (base.y - tip.y) * 0.5, y: (tip.x - base.x) * 0.5 };
  const left = { x: base.x + across.x, y: base.y + across.y };
  const right = { x: base.x - across.x, y: base.y - across.y };
  return `M${text(tip)}L${text(left)}L${text(right)}Z`;
}

/** The point so far from one to another. */
function toward(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to);
  const part = whole === 0 ? 0 : Math.min(1, length / whole);
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function distance(one: Point, other: Point): number {
  return Math.hypot(other.x - one.x, other.y - one.y);
}

function text({ x, y }: Point): string {
  return `${rounded(x)} ${rounded(y)}`;
}
