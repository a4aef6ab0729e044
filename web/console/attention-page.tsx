import type { JSX } from "hono/jsx/jsx-runtime";
import type { Matter } from "../../queries/attention.ts";
import { ConsolePage, Nothing, PageHeading, Pages, type Visit } from "./console-layout.tsx";
import { consolePath } from "./console-paths.ts";
import { Matters } from "./matters.tsx";
import { attentionPath, withParameters } from "./page-paths.ts";

const mattersOnAPage = 50;

/** All that calls for a person, the most urgent first. */
export function AttentionPage({
  matters,
  page,
  now,
  visit,
}: {
  matters: readonly Matter[];
  /** From 1. */
  page: number;
  now: Date;
  visit: Visit;
}): JSX.Element {
  const start = (page - 1) * mattersOnAPage;
  const shown = matters.slice(start, start + mattersOnAPage);
  return (
    <ConsolePage title="Needs attention" place="Overview" visit={visit}>
      <PageHeading title="Needs attention" above={{ path: consolePath, name: "Overview" }} />
      {shown.length === 0 ? (
        <Nothing>{matters.length === 0 ? "Nothing needs anybody." : "There is nothing more."}</Nothing>
      ) : (
        <section class="panel" aria-label={`${start + 1} to ${start + shown.length} of ${matters.length}`}>
          <Matters matters={shown} now={now} />
        </section>
      )}
      <Pages
        label="Pages of what needs attention"
        first={page === 1 ? undefined : attentionPath}
        next={
          start + mattersOnAPage < matters.length
            ? withParameters(attentionPath, { page: page + 1 })
            : undefined
        }
      />
    </ConsolePage>
  );
}
