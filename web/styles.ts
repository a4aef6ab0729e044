import { createHash } from "node:crypto";
import { chartStyles } from "./charts/chart-styles.ts";
import { contentChangesStyles } from "./content-changes-styles.ts";

/** The one stylesheet of all pages: light and dark, from a phone to a desktop, without scripts or outside resources. */
export const styles = `
:root {
  color-scheme: light dark;
  --page: #f4f6f8;
  --surface: #ffffff;
  --sunken: #f7f9fa;
  --text: #17202a;
  --muted: #566472;
  --line: #dbe1e7;
  --line-strong: #788592;
  --accent: #0b5cad;
  --accent-text: #ffffff;
  --focus: #0b5cad;
  --good: #116b3a;
  --good-soft: #e7f5ec;
  --good-line: #a9d6bb;
  --bad: #a8201a;
  --bad-soft: #fdeeec;
  --bad-line: #eebab5;
  --warn: #7a4f00;
  --warn-soft: #fff5dc;
  --warn-line: #e8cd8c;
  --info-soft: #eaf2fb;
  --info-line: #b5d0ee;
  --shadow: 0 1px 2px rgb(23 32 42 / 6%), 0 4px 16px rgb(23 32 42 / 4%);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10151b;
    --surface: #181f27;
    --sunken: #1e2630;
    --text: #e8edf2;
    --muted: #a2afbc;
    --line: #2c3743;
    --line-strong: #6b7a89;
    --accent: #6db1f5;
    --accent-text: #0b1722;
    --focus: #8fc4fa;
    --good: #6fd197;
    --good-soft: #14291e;
    --good-line: #28553a;
    --bad: #ff9d94;
    --bad-soft: #331b1a;
    --bad-line: #6b2f2b;
    --warn: #ecc35f;
    --warn-soft: #2e2511;
    --warn-line: #5f4b1c;
    --info-soft: #15263a;
    --info-line: #2b4c70;
    --shadow: none;
  }
}

*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, h4, p, dl, dd, ul, figure, blockquote { margin: 0; }
h1 { font-size: clamp(1.5rem, 1.2rem + 1.4vw, 2.1rem); line-height: 1.2; letter-spacing: -0.015em; }
h2 { font-size: 1.15rem; line-height: 1.3; }
h3 { font-size: 1rem; line-height: 1.4; }
h4 { font-size: 0.95rem; line-height: 1.4; }
a { color: var(--accent); }
code, pre { font-family: var(--mono); font-size: 0.875em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }

.skip { position: absolute; left: -999rem; padding: 0.75rem 1rem; background: var(--surface); z-index: 1; }
.skip:focus { left: 1rem; top: 1rem; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.top { background: var(--surface); border-bottom: 1px solid var(--line); }
.top-inner, main, .foot { max-width: 72rem; margin-inline: auto; padding-inline: 1.25rem; }
.top-inner { display: flex; align-items: baseline; gap: 0.75rem; padding-block: 0.8rem; }
.brand { font-weight: 700; letter-spacing: -0.01em; color: var(--text); text-decoration: none; }
.area { color: var(--muted); font-size: 0.925rem; }
main, .panel, .columns, .content, .notice, .members, .entry, .entries, .mails, .mail-body, form, fieldset { display: grid; grid-template-columns: minmax(0, 1fr); }
main { padding-block: 1.75rem 2.5rem; gap: 1.25rem; }
.narrow :is(.top-inner, main, .foot) { max-width: 48rem; }
.foot { padding-block: 0 2.5rem; color: var(--muted); font-size: 0.9rem; }
.lead { color: var(--muted); max-width: 44rem; margin-top: 0.5rem; }

.panel { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); padding: 1.25rem; gap: 1rem; min-width: 0; }
.panel > h2 { padding-bottom: 0.7rem; border-bottom: 1px solid var(--line); }
.columns { gap: 1.25rem; align-items: start; }
.content { gap: 1.25rem; }
@media (min-width: 60rem) {
  .columns.with-decision { grid-template-columns: minmax(0, 1fr) 23rem; }
  .panel { padding: 1.5rem; }
  .decision { position: sticky; top: 1.25rem; }
  .members > div:not(.group) { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 1.25rem; align-items: baseline; }
  .members > div:not(.group) > dd { margin-top: 0; }
}

.notice { border: 1px solid var(--info-line); border-left-width: 5px; background: var(--info-soft); border-radius: 10px; padding: 0.9rem 1.1rem; gap: 0.4rem; }
.notice p + p { margin-top: 0.15rem; }
.notice h2 { font-size: 1.05rem; }
.notice.good { border-color: var(--good-line); background: var(--good-soft); }
.notice.good h2 { color: var(--good); }
.notice.bad { border-color: var(--bad-line); background: var(--bad-soft); }
.notice.bad h2 { color: var(--bad); }
.notice.warn { border-color: var(--warn-line); background: var(--warn-soft); }
.notice.warn h2 { color: var(--warn); }

.facts { display: grid; gap: 1rem 1.5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); }
.facts .whole { grid-column: 1 / -1; }
.members { gap: 0.9rem; }
.members .members { padding-left: 0.9rem; border-left: 2px solid var(--line); margin-top: 0.35rem; }
.group > dt { color: var(--text); font-weight: 600; font-size: 0.95rem; }
dt { color: var(--muted); font-size: 0.875rem; line-height: 1.4; }
dd { margin-top: 0.1rem; min-width: 0; }
.text { white-space: pre-line; max-width: 46rem; }
.absent { color: var(--muted); font-style: italic; }
.small { font-size: 0.9rem; color: var(--muted); }
.plain-list { padding-left: 1.15rem; }
.entry { gap: 0.8rem; }
.entry .entry { padding-left: 0.9rem; border-left: 2px solid var(--line); margin-top: 0.35rem; }
.entries { gap: 1.4rem; }

.badge { display: inline-block; padding: 0.1rem 0.6rem; border-radius: 999px; border: 1px solid var(--line-strong); font-size: 0.9rem; font-weight: 600; }
.badge.good { color: var(--good); background: var(--good-soft); border-color: var(--good-line); }
.badge.bad { color: var(--bad); background: var(--bad-soft); border-color: var(--bad-line); }
.badge.warn { color: var(--warn); background: var(--warn-soft); border-color: var(--warn-line); }

.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.35rem; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 1rem 0.45rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; min-width: 5rem; }
th:first-child, td:first-child { min-width: 7rem; }
thead th { color: var(--muted); font-size: 0.875rem; font-weight: 500; border-bottom-color: var(--line-strong); }
tbody th { font-weight: 500; }
tbody tr:last-child > * { border-bottom: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-right: 1.25rem; }
thead th.number { white-space: normal; overflow-wrap: break-word; }
table.matrix { width: auto; }

details.panel { display: block; }
details > summary { cursor: pointer; padding-block: 0.25rem; }
details[open] > summary { margin-bottom: 0.6rem; }
.raw { white-space: pre-wrap; background: var(--sunken); border: 1px solid var(--line); border-radius: 8px; padding: 0.9rem; margin: 0; max-height: 40rem; overflow: auto; }
.account, .unbroken { white-space: nowrap; }
.voters { list-style: none; padding: 0; display: grid; gap: 0.9rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); }
.said { white-space: pre-line; border-left: 3px solid var(--line-strong); padding-left: 0.9rem; max-width: 46rem; }

form, fieldset { gap: 1rem; }
fieldset { border: 0; padding: 0; margin: 0; min-width: 0; gap: 0.7rem; }
legend { padding: 0; font-weight: 600; margin-bottom: 0.6rem; }
.choice { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.15rem 0.7rem; align-items: start; border: 1px solid var(--line-strong); border-radius: 10px; padding: 0.8rem 0.9rem; cursor: pointer; }
.choice input { width: 1.15rem; height: 1.15rem; margin: 0.2rem 0 0; accent-color: var(--accent); }
.choice strong { display: block; }
.choice .small { display: block; }
.choice:hover { background: var(--sunken); }
.choice:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.choice:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
.choice input:focus-visible { outline: none; }
label.field { font-weight: 600; display: block; }
.hint { color: var(--muted); font-size: 0.9rem; }
.fault { color: var(--bad); font-weight: 600; font-size: 0.925rem; }
textarea { width: 100%; min-height: 7rem; resize: vertical; padding: 0.65rem 0.75rem; font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px; margin-top: 0.4rem; }
textarea[aria-invalid="true"] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
.button { font: inherit; font-weight: 600; border: 1px solid transparent; border-radius: 8px; padding: 0.75rem 1.25rem; min-height: 2.9rem; cursor: pointer; background: var(--accent); color: var(--accent-text); text-decoration: none; display: inline-block; text-align: center; }
.button:hover { filter: brightness(1.08); }
form .button { width: 100%; }

.mail { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); min-width: 0; }
.mail > summary { display: grid; gap: 0.1rem 1rem; grid-template-columns: minmax(0, 1fr) auto; padding: 0.9rem 1.25rem; list-style: none; border-radius: 12px; }
.mail > summary::-webkit-details-marker { display: none; }
.mail > summary:hover { background: var(--sunken); }
.mail[open] > summary { margin-bottom: 0; border-bottom: 1px solid var(--line); border-radius: 12px 12px 0 0; }
.mail h2 { font-size: 1.05rem; }
.mail .who { grid-column: 1 / -1; }
.mail-body { padding: 1rem 1.25rem 1.25rem; gap: 1rem; }
.mail iframe { width: 100%; height: 52rem; resize: vertical; border: 1px solid var(--line); border-radius: 8px; background: #ffffff; }
.mails { gap: 0.75rem; }
.pages { display: flex; gap: 1.25rem; align-items: center; flex-wrap: wrap; }
@media (max-width: 40rem) {
  .mail > summary { grid-template-columns: minmax(0, 1fr); }
  .mail-body { padding-inline: 0.9rem; }
}
@media print {
  .decision, .skip { display: none; }
  .panel { box-shadow: none; break-inside: avoid; }
}
${chartStyles}
${contentChangesStyles}`;

/** Changes with the stylesheet, so that a browser's copy is never older than the page. */
export const stylesVersion = createHash("sha256").update(styles).digest("hex").slice(0, 12);
