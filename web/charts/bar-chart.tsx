import type { Metric } from "../metrics.ts";
import { counted, fitsIn, shortened } from "./chart-text.ts";
import type { Chart } from "./drawing.tsx";
import type { Bar } from "./bar.ts";
import { HorizontalBars } from "./horizontal-bars.tsx";
import { domainFromZero } from "./scale.ts";
import { VerticalBars, verticalSlotWidth } from "./vertical-bars.tsx";

const mostBars = 40;

/** Bars side by side where their labels have room below them, otherwise one under the other. */
export function barChart({ name, bars, yAxisName }: Extract<Metric, { type: "bar_chart" }>): Chart {
  const { shown, remarks } = drawnBars(bars);
  const labels = shown.map(({ label }) => label);
  const slotWidth = verticalSlotWidth(shown.map(({ value }) => value));
  const vertical = labels.every((label) => fitsIn(label, slotWidth, 2));
  const title = shortened(name);
  const description = `Bars of ${shortened(yAxisName)}: ${describedBars(shown)}.`;
  return {
    marks: shown.length,
    remarks,
    draw: (id) =>
      vertical ? (
        <VerticalBars id={id} title={title} description={description} bars={shown} axisName={yAxisName} />
      ) : (
        <HorizontalBars
          id={id}
          title={title}
          description={description}
          bars={shown}
          axisName={yAxisName}
          domain={domainFromZero(shown.map(({ value }) => value))}
        />
      ),
  };
}

/** The bars that are drawn, and what is to be said about the others. */
export function drawnBars<B extends Bar>(bars: readonly B[]): { shown: B[]; remarks: string[] } {
  const drawable = bars.filter(({ value }) => Number.isFinite(value));
  const shown = drawable.slice(0, mostBars);
  const tooLarge = bars.length - drawable.length;
  return {
    shown,
    remarks: [
      ...(tooLarge > 0 ? [`Not drawn: ${counted(tooLarge, "value")} too large for a drawing.`] : []),
      ...(shown.length < drawable.length
        ? [`Drawn are the first ${shown.length} of ${counted(drawable.length, "bar")}.`]
        : []),
    ],
  };
}

/** All bars where they are few, otherwise the lowest and the highest. */
export function describedBars(bars: readonly Bar[]): string {
  const described = (bar: Bar | undefined): string =>
    bar === undefined ? "none" : `${shortened(bar.label)} ${bar.value}`;
  if (bars.length <= 8) return bars.map(described).join(", ");
  const [first] = bars;
  const lowest = bars.reduce((lowest, bar) => (bar.value < (lowest?.value ?? 0) ? bar : lowest), first);
  const highest = bars.reduce((highest, bar) => (bar.value > (highest?.value ?? 0) ? bar : highest), first);
  return `${counted(bars.length, "bar")}, lowest ${described(lowest)}, highest ${described(highest)}`;
}
