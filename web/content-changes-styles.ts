/** Styles of the panel that shows what changed; they use the colours of the one stylesheet. */
export const contentChangesStyles = `
.changes { gap: 1.1rem; }
.change-section, .change-list, .change, .change-fields { display: grid; grid-template-columns: minmax(0, 1fr); }
.change-section { gap: 0.7rem; }
.change-list { list-style: none; padding: 0; gap: 1.1rem; }
.change { gap: 0.4rem; }
.change-path { font-weight: 400; color: var(--muted); }
.change-path strong { color: var(--text); font-weight: 600; }
.change-sides { display: grid; gap: 0.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); }
.change-side { border-radius: 8px; border: 1px solid; padding: 0.5rem 0.75rem 0.6rem; min-width: 0; }
.change-side.before { background: var(--bad-soft); border-color: var(--bad-line); }
.change-side.after { background: var(--good-soft); border-color: var(--good-line); }
.change-sides.short { grid-template-columns: repeat(auto-fit, minmax(min(100%, 7.5rem), 1fr)); }
@media (min-width: 40rem) {
  .change-sides.short > .change-side { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.75rem; padding-block: 0.35rem; }
}
.change-side > dt { font-weight: 600; font-size: 0.8125rem; }
.change-side.before > dt { color: var(--bad); }
.change-side.after > dt { color: var(--good); }
.change-side.before > dt::before { content: "\\2212\\00a0" / ""; }
.change-side.after > dt::before { content: "+\\00a0" / ""; }
.change-text { white-space: pre-wrap; font-variant-numeric: tabular-nums; }
.change-side .plain-list { list-style: disc; }
.change-whole { text-decoration: none; }
.change-text :is(del, ins) { unicode-bidi: isolate; border-radius: 3px; padding-inline: 0.1em; margin-inline: -0.1em; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.change-text del { background: var(--bad-line); text-decoration: line-through; }
.change-text ins { background: var(--good-line); text-decoration: underline; text-underline-offset: 0.15em; }
.change-fields { gap: 0.3rem; }
.change-fields > div { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.9rem; }
.change-fields dt { flex: 1 1 11rem; }
.change-fields dd { flex: 2.5 1 15rem; margin: 0; }
.change-left-out { font-size: 0.9em; white-space: normal; }
`;
