import type { JSX } from "hono/jsx/jsx-runtime";
import type { StateNode } from "../../queries/state-graph.ts";
import type { PlacedState, Size } from "../../queries/state-layout.ts";
import { shortened, textWidth } from "../charts/chart-text.ts";
import { rounded } from "../charts/drawing.tsx";
import { durationText } from "../duration.ts";
import { type StateSummary, retriesText, summaryWords } from "./state-summary.ts";
import { OutcomeSign } from "./visit-outcome.tsx";

const signWidth = 16;
const gap = 7;
const padding = 12;
const badgeHeight = 16;

/** Names stand in bold, which is wider. */
function nameWidth(name: string): number {
  return textWidth(shortened(name)) * 1.07;
}

/** Decisions take no time of their own: they are lower, and have no line for it. */
export function sizeOfState({ name, type }: StateNode): Size {
  const width = Math.ceil(nameWidth(name) + signWidth + gap + 2 * padding);
  return { width, height: type === "Task" ? 44 : 30 };
}

/** A state as a link to what the page tells about it. */
export function StateBox({ place, state }: { place: PlacedState; state: StateSummary }): JSX.Element {
  const { name, type, outcome, visits, retries, totalMs, href } = state;
  const { x, y, width, height } = place;
  const words = summaryWords(state);
  const shown = shortened(name);
  const hasTime = type === "Task" && outcome !== undefined;
  const content = nameWidth(name) + (outcome === undefined ? 0 : signWidth + gap);
  const left = (width - content) / 2;
  const textLeft = left + (outcome === undefined ? 0 : signWidth + gap);
  const baseline = hasTime ? height / 2 - 2 : height / 2 + 4.5;
  return (
    <a href={href} class={`state ${outcome ?? "not-entered"}`}>
      <title>{words}</title>
      <g transform={`translate(${rounded(x)} ${rounded(y)})`}>
        <path class="box" d={outline(type, { width, height })} />
        {outcome !== undefined && (
          <OutcomeSign outcome={outcome} x={rounded(left)} y={rounded(height / 2 - signWidth / 2)} />
        )}
        <text x={rounded(textLeft)} y={rounded(baseline)}>
          {shown}
        </text>
        {hasTime && (
          <text class="time" x={rounded(textLeft)} y={rounded(baseline + 14)}>
            {durationText(totalMs)}
          </text>
        )}
        <Badges width={width} visits={visits.length} retries={retries} />
      </g>
    </a>
  );
}

/** How often the state was entered and its task tried again, on the upper border. */
function Badges({ width, visits, retries }: { width: number; visits: number; retries: number }): JSX.Element {
  const badges = [
    ...(retries > 0 ? [{ text: retriesText(retries), kind: "retries" }] : []),
    ...(visits > 1 ? [{ text: `${visits.toLocaleString("en")}×`, kind: "visits" }] : []),
  ];
  let right = width + 6;
  return (
    <>
      {badges.toReversed().map(({ text, kind }) => {
        const badgeWidth = Math.ceil(textWidth(text) * 0.86) + 12;
        right -= badgeWidth + 3;
        return (
          <g class={`count ${kind}`} transform={`translate(${rounded(right)} ${-badgeHeight / 2 - 2})`}>
            <rect width={badgeWidth} height={badgeHeight} rx={badgeHeight / 2} />
            <text x={badgeWidth / 2} y="12" text-anchor="middle">
              {text}
            </text>
          </g>
        );
      })}
    </>
  );
}

/** Work is a box, a decision is pointed to both sides, an end is round. */
function outline(type: string, { width, height }: Size): string {
  const middle = height / 2;
  if (type === "Choice") {
    const tip = 9;
    return `M${tip} 0H${width - tip}L${width} ${middle}L${width - tip} ${height}H${tip}L0 ${middle}Z`;
  }
  const radius = type === "Succeed" || type === "Fail" ? middle : 8;
  const corner = (x: number, y: number): string => `a${radius} ${radius} 0 0 1 ${x * radius} ${y * radius}`;
  return (
    `M${radius} 0H${width - radius}${corner(1, 1)}V${height - radius}${corner(-1, 1)}` +
    `H${radius}${corner(-1, -1)}V${radius}${corner(1, -1)}Z`
  );
}
