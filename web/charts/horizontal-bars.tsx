import type { JSX } from "hono/jsx/jsx-runtime";
import type { Bar } from "./bar.ts";
import { lineHeight, shortNumber, textWidth, wrapped } from "./chart-text.ts";
import { Drawing, percent } from "./drawing.tsx";
import { type Domain, barOf, fraction } from "./scale.ts";

/**
 * The narrowest place that a drawing gets: a phone of 360 pixels, less the frames around it. Counted in the text of other
 * drawings, which is smaller.
 */
const narrowest = 226;
const rowHeight = lineHeight + 2;
const barHeight = 10;
const gap = 12;

/** Bars one under the other, each below its label and its exact value. */
export function HorizontalBars({
  id,
  title,
  description,
  bars,
  domain,
  axisName,
}: {
  id: string;
  title: string;
  description: string;
  bars: readonly Bar[];
  domain: Domain;
  axisName?: string;
}): JSX.Element {
  const top = axisName === undefined ? 0 : rowHeight + 8;
  let bottom = top;
  const rows = bars.map(({ label, value }) => {
    const text = String(value);
    const lines = wrapped(label, narrowest - textWidth(text) - gap, 2);
    const textTop = bottom;
    const barTop = textTop + Math.max(1, lines.length) * rowHeight + 3;
    bottom = barTop + barHeight + gap;
    return { text, lines, textTop, barTop, ...barOf(value, domain), below: value < 0 };
  });
  const zero = percent(fraction(0, domain));
  const hasBothSides = domain.low < 0 && domain.high > 0;
  return (
    <Drawing id={id} title={title} description={description} height={bottom + rowHeight + 2}>
      {axisName !== undefined && (
        <text class="axis" y="12">
          {wrapped(axisName, narrowest, 1)}
        </text>
      )}
      {rows.map(({ text, lines, textTop, barTop, start, length, below }) => (
        <>
          {lines.map((line, index) => (
            <text y={textTop + 13 + index * rowHeight}>{line}</text>
          ))}
          <text class="value" x="100%" y={textTop + 13} text-anchor="end">
            {text}
          </text>
          <rect class="track" y={barTop} width="100%" height={barHeight} rx="2" />
          <rect
            class={below ? "bar below" : "bar"}
            x={percent(start)}
            y={barTop}
            width={percent(length)}
            height={barHeight}
            rx="2"
          />
          {hasBothSides && (
            <line class="zero" x1={zero} x2={zero} y1={barTop - 2} y2={barTop + barHeight + 2} />
          )}
        </>
      ))}
      <text class="axis" y={bottom + 10}>
        {shortNumber(domain.low)}
      </text>
      {hasBothSides && fraction(0, domain) > 0.25 && fraction(0, domain) < 0.75 && (
        <text class="axis" x={zero} y={bottom + 10} text-anchor="middle">
          0
        </text>
      )}
      <text class="axis" x="100%" y={bottom + 10} text-anchor="end">
        {shortNumber(domain.high)}
      </text>
    </Drawing>
  );
}
