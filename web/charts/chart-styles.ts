/** Styles of the charts. A cell's opacity leaves out the middle, where neither a dark nor a light text can be read. */
export const chartStyles = `
.metrics { display: grid; gap: 1.75rem 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); align-items: start; }
.metrics > :not(.metric), .metric.wide { grid-column: 1 / -1; }
dd > .metrics { margin-top: 0.3rem; }
.metric { display: grid; gap: 0.5rem; grid-template-columns: minmax(0, 1fr); min-width: 0; }
.metric.wide { max-width: 40rem; }
.metric:has(> .scroll) { max-width: 100%; }
.metric figcaption { font-weight: 600; font-size: 0.95rem; line-height: 1.4; }
.exact > summary { color: var(--muted); font-size: 0.9rem; width: fit-content; }
.chart { display: block; font-size: 12.75px; line-height: 1; }
.chart.stretched { font-size: 14px; }
.chart.scaled { width: 100%; height: auto; max-width: 23rem; }
.chart text { fill: var(--text); }
.chart .axis { fill: var(--muted); }
.chart .value { font-weight: 600; font-variant-numeric: tabular-nums; stroke: var(--surface); stroke-width: 4; stroke-linejoin: round; paint-order: stroke; }
.chart .grid { stroke: var(--line); }
.chart .zero { stroke: var(--line-strong); }
.chart .track { fill: var(--sunken); stroke: var(--line); }
.chart :is(.bar, .cell rect) { fill: var(--accent); }
.chart :is(.bar.below, .cell.below rect) { fill: var(--warn); }
.chart .line { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.chart .dot { fill: var(--surface); stroke: var(--accent); stroke-width: 2; }
.chart .cell text { font-variant-numeric: tabular-nums; }
.chart :is(.heat-6, .heat-7) text { fill: var(--accent-text); }
.chart .cell rect { stroke: var(--line); }
.chart .heat-0 rect { fill-opacity: 0; }
.chart .heat-1 rect { fill-opacity: 0.07; }
.chart .heat-2 rect { fill-opacity: 0.15; }
.chart .heat-3 rect { fill-opacity: 0.23; }
.chart .heat-4 rect { fill-opacity: 0.32; }
.chart .heat-5 rect { fill-opacity: 0.42; }
.chart .heat-6 rect { fill-opacity: 0.87; }
@media (forced-colors: active) {
  .chart :is(text, .axis, .cell text) { fill: CanvasText; stroke: none; }
  .chart :is(.bar, .bar.below) { fill: Highlight; }
  .chart :is(.line, .dot, .grid, .zero, .track, .cell rect) { stroke: CanvasText; }
  .chart :is(.track, .dot, .cell rect, .cell.below rect) { fill: Canvas; }
}
@media print {
  .metric { break-inside: avoid; }
  .metric > .scroll { overflow: visible; }
  .metric > .scroll > .chart { max-width: 100%; height: auto; }
}
`;
