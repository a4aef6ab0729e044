import { createHash } from "node:crypto";
import { consolePath } from "./console-paths.ts";
import { executionStyles } from "./execution-styles.ts";

/** Styles of the operations console, on top of those of all pages: who only approves does not load them. */
export const consoleStyles = `
.console :is(.top-inner, main) { max-width: 86rem; }
.console .top { position: sticky; top: 0; z-index: 2; }
.console .top-inner { align-items: center; flex-wrap: wrap; gap: 0.35rem 1.25rem; padding-block: 0.55rem; }
.console main { gap: 1.25rem; padding-block: 1.5rem 3rem; }
.console main:focus { outline: none; }
.console h1 { font-size: clamp(1.35rem, 1.15rem + 0.9vw, 1.75rem); }
.console h2 { font-size: 1.05rem; }
.console .panel { padding: 1.1rem 1.25rem; gap: 0.9rem; }
.console .panel > h2, .console .panel-heading { padding-bottom: 0; border-bottom: 0; }
.console .panel.flush { padding: 0; overflow: hidden; }
.console .panel > .scroll { margin-inline: -1.25rem; padding-inline: 1.25rem; max-width: none; }
.console .lead { margin-top: 0.3rem; font-size: 0.95rem; max-width: 62rem; }
.console .small { font-size: 0.85rem; }
.console .card-name { font-weight: 500; text-decoration: none; }
.matter .card-name, .told .card-name { font-weight: 600; }
.console .card-name:hover, .execution-name:hover { text-decoration: underline; }
.quiet { color: var(--muted); font-weight: 400; }

.places { flex: 1 1 auto; min-width: 0; }
.places ul { display: flex; flex-wrap: wrap; gap: 0.15rem; list-style: none; padding: 0; margin: 0; }
.places a { display: block; padding: 0.35rem 0.7rem; border-radius: 8px; color: var(--muted); text-decoration: none; font-size: 0.95rem; font-weight: 500; }
.places a:hover { background: var(--sunken); color: var(--text); }
.places a[aria-current] { background: var(--info-soft); color: var(--accent); }
.visitor { display: flex; align-items: center; gap: 0.6rem; font-size: 0.9rem; }
.visitor-name { color: var(--muted); }
.visitor form { display: block; }
.badge.plain { color: var(--muted); border-color: var(--line); background: var(--sunken); }
.console .badge { font-size: 0.8rem; padding: 0.05rem 0.55rem; white-space: nowrap; }
form .quiet-button { width: auto; }
.quiet-button { font: inherit; color: var(--accent); background: none; border: 0; padding: 0.25rem 0.4rem; text-decoration: underline; cursor: pointer; }

.done p { max-width: 86rem; margin: 1rem auto 0; padding: 0.7rem 1.25rem; background: var(--good-soft); color: var(--good); border: 1px solid var(--good-line); border-radius: 10px; font-weight: 600; }
@media (max-width: 88rem) { .done p { margin-inline: 1.25rem; } }
.page-heading { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: flex-end; gap: 0.75rem 1.5rem; }
.page-heading > :first-child { flex: 1 1 20rem; min-width: 0; }
.above { font-size: 0.9rem; margin-bottom: 0.15rem; }
.panel-heading { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0.25rem 1rem; }
.nothing { color: var(--muted); padding-block: 0.25rem; }
main > .nothing { padding: 2.5rem 1.25rem; text-align: center; border: 1px dashed var(--line-strong); border-radius: 12px; }
.console .pages { font-size: 0.95rem; }

.small-button { padding: 0.35rem 0.9rem; min-height: 2.4rem; font-size: 0.925rem; }
.console form .button { width: auto; }
.button.secondary { background: var(--surface); color: var(--accent); border-color: var(--line-strong); }
.button.secondary:hover { background: var(--sunken); filter: none; }
.button.danger { background: var(--bad); color: var(--surface); }
.answers { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; align-items: center; }
.confirmation { max-width: 42rem; }
.confirmation h1 { font-size: 1.3rem; }
dialog { width: min(42rem, calc(100vw - 2rem)); padding: 0; border: 0; border-radius: 14px; background: var(--surface); color: var(--text); box-shadow: 0 12px 48px rgb(0 0 0 / 35%); }
dialog::backdrop { background: rgb(16 21 27 / 55%); }
dialog .confirmation { border: 0; box-shadow: none; padding: 1.5rem; }

.mark { display: inline-flex; align-items: baseline; gap: 0.4rem; font-size: 0.9rem; }
.mark.good { color: var(--good); }
.mark.warn { color: var(--warn); }
.mark.bad { color: var(--bad); font-weight: 600; }
.mark.plain { color: var(--muted); }
.dot { width: 0.6rem; height: 0.6rem; flex: none; }
.dot circle { fill: currentColor; stroke: currentColor; stroke-width: 1.5; }
.dot .hollow { fill: none; }
.risk { color: var(--muted); white-space: nowrap; }
.risk.bad { color: var(--bad); font-weight: 600; }

.matters { list-style: none; padding: 0; margin: 0; }
.matter { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr) auto; gap: 0.1rem 1rem; padding: 0.7rem 0; border-top: 1px solid var(--line); align-items: baseline; }
.matter:first-child { border-top: 0; padding-top: 0; }
.matter:last-child { padding-bottom: 0; }
.matter-age { color: var(--muted); font-size: 0.85rem; white-space: nowrap; }

.lanes { display: grid; gap: 1rem; grid-template-columns: repeat(4, minmax(0, 1fr)); align-items: start; }
.lane { background: var(--sunken); border: 1px solid var(--line); border-radius: 12px; padding: 0.9rem 0.8rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.7rem; }
.lane-heading { display: flex; justify-content: space-between; align-items: baseline; padding-inline: 0.2rem; }
.lane ul { list-style: none; padding: 0; margin: 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.5rem; }
.lane .nothing { padding-inline: 0.2rem; }
.lane-all { font-size: 0.9rem; padding-inline: 0.2rem; }
.tile { position: relative; background: var(--surface); border: 1px solid var(--line); border-left: 3px solid var(--line); border-radius: 8px; padding: 0.6rem 0.7rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.25rem; font-size: 0.95rem; line-height: 1.4; }
.tile-name { color: var(--text); font-weight: 600; text-decoration: none; }
.tile-name::after { content: ""; position: absolute; inset: 0; border-radius: 8px; }
.tile:hover { border-color: var(--line-strong); }
.tile:hover .tile-name { color: var(--accent); text-decoration: underline; }
.tile-name:focus-visible { outline: none; }
.tile:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
.tile.attention { border-left-color: var(--bad); }
.tile.unseen { border-left-color: var(--warn-line); }
.tile .mark { font-size: 0.85rem; }
.tile-facts { display: flex; flex-wrap: wrap; gap: 0 0.7rem; font-size: 0.85rem; color: var(--muted); }

.facts-line { display: flex; flex-wrap: wrap; gap: 0.8rem 2rem; }
.console dt { font-size: 0.8rem; }

.filters { display: flex; flex-wrap: wrap; gap: 0.7rem 1rem; align-items: end; }
.filter { display: grid; gap: 0.2rem; font-size: 0.85rem; color: var(--muted); min-width: 0; flex: 0 1 auto; }
.filter :is(input, select) { font: inherit; font-size: 0.95rem; color: var(--text); background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px; padding: 0.4rem 0.6rem; height: 2.4rem; max-width: 100%; min-width: 0; }
.filter input[type="search"] { width: 17rem; }
.filters .fault { flex-basis: 100%; }

.list td, .list th, .access-matrix td, .access-matrix th { padding: 0.5rem 1.25rem 0.5rem 0; min-width: 0; }
.list { font-size: 0.925rem; }
.list tbody tr:hover > * { background: var(--sunken); }
.flush :is(.list, .access-matrix) :is(th, td):first-child { padding-left: 1.25rem; }
.flush .list thead th { padding-block: 0.65rem 0.5rem; }
.list tbody th { font-weight: 500; min-width: 9rem; }
.list thead th { white-space: nowrap; }
.execution-name { font-family: var(--mono); font-size: 0.85rem; white-space: nowrap; text-decoration: none; }
.reasons { padding-left: 1.1rem; margin: 0; display: grid; gap: 0.35rem; font-size: 0.9rem; }
.why { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.9rem; }
.why h3 { font-size: 0.95rem; margin-bottom: 0.25rem; }
.source { color: var(--muted); }

.matrix-scroll { max-height: 75vh; overflow: auto; }
.access-matrix { font-size: 0.925rem; border-collapse: separate; border-spacing: 0; }
.access-matrix thead th { position: sticky; top: 0; background: var(--surface); z-index: 1; padding-block: 0.65rem 0.5rem; border-bottom: 1px solid var(--line-strong); }
.access-matrix thead th:first-child, .access-matrix tbody th { position: sticky; left: 0; background: var(--surface); }
.access-matrix thead th:first-child { z-index: 2; }
.access-matrix tbody th { min-width: 14rem; max-width: 24rem; }
.access-matrix td { white-space: nowrap; padding-inline: 0.75rem; }
.access-matrix thead th:not(:first-child) { padding-inline: 0.75rem; }
.access-matrix td.broken { background: var(--bad-soft); }
.access-matrix :is(td.differs, td.waiting) { background: var(--warn-soft); }
.access.none { color: var(--muted); }
.access:is(.read-only, .read-write) { font-weight: 500; }
.access.read-write { color: var(--accent); }

.request-facts { color: var(--muted); font-size: 0.9rem; }
.time-left { font-weight: 600; }
.time-left.short { color: var(--warn); }
.asked { list-style: none; padding: 0; margin: 0; display: grid; gap: 0.7rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
.asked > li { border: 1px solid var(--line); border-radius: 8px; padding: 0.6rem 0.8rem; display: grid; gap: 0.15rem; align-content: start; }
.console blockquote { border-left: 3px solid var(--line-strong); padding-left: 0.8rem; margin-block: 0.3rem; }

.timeline { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.1rem; }
.timeline h3 { font-size: 0.9rem; color: var(--muted); font-weight: 600; margin-bottom: 0.5rem; }
.timeline ol { list-style: none; padding: 0; margin: 0; border-left: 2px solid var(--line); margin-left: 0.35rem; }
.told { position: relative; display: grid; grid-template-columns: 4.75rem minmax(0, 1fr); gap: 0 0.75rem; padding: 0 0 0.9rem 1.1rem; align-items: baseline; }
.told:last-child { padding-bottom: 0; }
.told::before { content: ""; position: absolute; left: calc(-0.35rem - 1px); top: 0.45rem; width: 0.7rem; height: 0.7rem; border-radius: 50%; background: var(--line-strong); border: 2px solid var(--surface); }
.told.good::before { background: var(--good); }
.told.warn::before { background: var(--warn); }
.told.bad::before { background: var(--bad); }
.told > time { color: var(--muted); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
.told-what { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.15rem; }
.links { display: flex; flex-wrap: wrap; gap: 0 0.9rem; font-size: 0.85rem; }
.record > summary { color: var(--muted); width: fit-content; padding-block: 0; }
.record[open] { flex-basis: 100%; }
.console .raw { font-size: 0.8rem; max-height: 24rem; padding: 0.7rem; }

.visits { display: grid; grid-template-columns: minmax(0, 1fr); }
.visits > details { border-top: 1px solid var(--line); padding-block: 0.45rem; scroll-margin-top: 4rem; }
.visits > details > summary { padding-block: 0.1rem; }
.visits > details > :not(summary) { margin-bottom: 0.7rem; }
.visits > details:target { background: var(--info-soft); margin-inline: -0.6rem; padding-inline: 0.6rem; }
.visit-number { display: inline-block; min-width: 1.6rem; color: var(--muted); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
.data { display: grid; gap: 0.9rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
.data h3 { font-size: 0.85rem; color: var(--muted); margin-bottom: 0.2rem; }

.counts { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; }
.count { display: flex; flex-direction: column-reverse; }
.count dd { font-size: 1.35rem; font-weight: 600; line-height: 1.2; font-variant-numeric: tabular-nums; }
.count.bad dd { color: var(--bad); }

@media (max-width: 64rem) { .lanes { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (max-width: 44rem) {
  .console .top { position: static; }
  .console main { padding-inline: 0.9rem; }
  .places { order: 3; flex-basis: 100%; }
  .places a { padding: 0.3rem 0.55rem; font-size: 0.9rem; }
  .visitor { margin-left: auto; }
  .lanes { grid-template-columns: minmax(0, 1fr); }
  .matter { grid-template-columns: minmax(0, 1fr) auto; }
  .matter-what { grid-column: 1 / -1; grid-row: 2; }
  .filter, .filter input[type="search"] { width: 100%; }
  .told { grid-template-columns: minmax(0, 1fr); }
  .list thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .list, .list tbody, .list tr, .list :is(th, td) { display: block; }
  .list tbody tr { padding: 0.7rem 0; border-bottom: 1px solid var(--line); }
  .flush .list tbody tr { padding-inline: 0.9rem; }
  .list tbody tr:last-child { border-bottom: 0; }
  .list :is(th, td), .flush .list :is(th, td):first-child { border: 0; padding: 0.1rem 0; text-align: left; white-space: normal; overflow-wrap: anywhere; }
  .list td { position: relative; padding-left: 7.5rem !important; min-height: 1.75rem; }
  .list td::before { content: attr(data-label); position: absolute; left: 0; width: 7rem; color: var(--muted); font-size: 0.85rem; }
  .list td:has(ul) { min-height: 2.75rem; }
  .access-matrix tbody th { min-width: 9rem; max-width: 11rem; }
}
@media (forced-colors: active) {
  .dot circle { fill: CanvasText; stroke: CanvasText; }
  .dot .hollow { fill: none; }
}
${executionStyles}`;

export const consoleStylesPath = `${consolePath}/styles.css`;

/** Address of the stylesheet: another one for every other stylesheet, so that a browser's copy is never older than the page. */
export const consoleStylesUrl = `${consoleStylesPath}?v=${createHash("sha256").update(consoleStyles).digest("hex").slice(0, 12)}`;
