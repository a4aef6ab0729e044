/** Styles of what is drawn of an execution: the state machine, and when it was in which state. */
export const executionStyles = `
:is(.machine, .waterfall) { display: grid; gap: 0.9rem; grid-template-columns: minmax(0, 1fr); }
.sign circle { fill: var(--sign); }
.sign path { fill: none; stroke: var(--surface); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.outcome { vertical-align: -0.15em; flex: none; }
:is(.sign, .state, .bar) { --sign: var(--muted); --soft: var(--sunken); }
:is(.sign, .state, .bar).succeeded { --sign: var(--good); --soft: var(--good-soft); }
:is(.sign, .state, .bar).caught { --sign: var(--warn); --soft: var(--warn-soft); }
:is(.sign, .state, .bar):is(.running, .waiting, .due) { --sign: var(--accent); --soft: var(--info-soft); }
:is(.sign, .state, .bar):is(.failed, .timed-out) { --sign: var(--bad); --soft: var(--bad-soft); }

.machine-drawing { display: block; font-size: 12.75px; line-height: 1; overflow: visible; }
.machine .scroll { padding-block: 0.25rem; }
.machine .scroll > .machine-drawing { margin-inline: auto; max-width: 100%; height: auto; }
.way path { fill: none; stroke: var(--line-strong); stroke-width: 1.25; }
path.way { fill: none; stroke: var(--line-strong); stroke-width: 1.25; }
.way .head { fill: var(--line-strong); stroke: none; }
.way.catch path:not(.head), path.way.catch { stroke-dasharray: 4 3; }
.way.taken path, path.way.taken { stroke: var(--accent); stroke-width: 2.75; }
.way.taken .head { fill: var(--accent); stroke: none; }
.way.taken.catch path { stroke: var(--warn); }
.way.taken.catch .head { fill: var(--warn); stroke: none; }
.state { text-decoration: none; }
.state text { fill: var(--text); font-weight: 600; }
.state .time { fill: var(--muted); font-weight: 400; font-size: 11.5px; font-variant-numeric: tabular-nums; }
.state .box { fill: var(--soft); stroke: var(--sign); stroke-width: 1.75; }
.state.not-entered .box { fill: var(--surface); stroke: var(--line-strong); stroke-width: 1; }
.state.not-entered text { fill: var(--muted); font-weight: 400; }
.state:hover .box { stroke-width: 2.75; }
.state:focus-visible { outline: none; }
.state:focus-visible .box { stroke: var(--focus); stroke-width: 4; }
.state .count rect { fill: var(--surface); stroke: var(--sign); stroke-width: 1.25; }
.state .count text { font-size: 11px; font-weight: 600; }
.state .count.retries rect { fill: var(--warn-soft); stroke: var(--warn); }
.state .count.retries text { fill: var(--warn); }
.machine-legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.35rem 1.25rem; color: var(--muted); font-size: 0.9rem; }
.machine-legend li { display: flex; align-items: center; gap: 0.45rem; }
.machine-legend .machine-drawing { flex: none; }
tr:target > * { background: var(--info-soft); }

.waterfall { --names: 17.5rem; --numbers: 6.25rem; --columns: calc(var(--names) + 2 * var(--numbers)); --whole: 46rem; }
.waterfall .stage { position: relative; min-width: var(--whole); }
.waterfall .breaks { position: absolute; top: 0; left: var(--columns); width: calc(100% - var(--columns)); height: 100%; }
.waterfall table { position: relative; table-layout: fixed; font-size: 0.925rem; }
.waterfall :is(th, td) { padding-block: 0; height: 34px; line-height: 18px; vertical-align: middle; min-width: 0; }
.waterfall .tall > * { height: 46px; }
.waterfall th:first-child { width: var(--names); }
.waterfall thead th { vertical-align: bottom; padding-bottom: 0.25rem; }
.waterfall thead th.timing { padding-bottom: 0; }
.waterfall .number { width: var(--numbers); }
.waterfall .timing { padding-right: 0; }
.waterfall tbody th { font-weight: 600; }
.waterfall .outcome { margin-right: 0.45rem; }
.waterfall .remark { display: block; padding-left: 1.45rem; font-weight: 400; font-size: 0.85rem; color: var(--muted); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.waterfall :is(.redrive, .left-out) td { color: var(--muted); font-size: 0.875rem; background: var(--sunken); padding-inline: 0.6rem; }
.bars { display: block; overflow: visible; font-size: 12px; line-height: 1; }
.bars text { fill: var(--muted); font-variant-numeric: tabular-nums; }
.bars .wait { fill: var(--text); font-weight: 600; }
.bars .tick { stroke: var(--line-strong); }
.bars .stay { stroke: var(--line-strong); stroke-width: 1.5; }
.bars .bar { fill: var(--sign); stroke: var(--sign); stroke-width: 2; stroke-linejoin: round; }
.bars .bar.waits { fill: var(--info-soft); stroke: var(--accent); stroke-width: 1.25; }
.bars .break { fill: var(--line); fill-opacity: 0.45; }
.bars .break-edge { stroke: var(--line-strong); stroke-dasharray: 3 3; }
@media (max-width: 60rem) {
  .machine .scroll > .machine-drawing { max-width: none; }
}
@media (max-width: 40rem) {
  .waterfall { --names: 12.5rem; --columns: calc(var(--names) + var(--numbers)); --whole: 34rem; }
  .waterfall .start { display: none; }
}
@media (forced-colors: active) {
  .sign circle { fill: CanvasText; }
  .sign path { stroke: Canvas; }
  .state .box { fill: Canvas; stroke: LinkText; }
  .state text { fill: LinkText; }
  :is(.way path, .way.taken path, .bars .stay, .bars .break-edge, .bars .tick) { stroke: CanvasText; }
  .way .head { fill: CanvasText; stroke: none; }
  .bars text { fill: CanvasText; }
  .bars .bar { fill: Highlight; stroke: Highlight; }
  .bars :is(.break, .bar.waits) { fill: Canvas; }
}
@media print {
  .machine .scroll > .machine-drawing { max-width: 100%; height: auto; }
  :is(.machine, .waterfall) .scroll { overflow: visible; }
}
`;
