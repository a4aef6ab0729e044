import type { JSX } from "hono/jsx/jsx-runtime";
import type * as z from "zod";
import type { Matrix, MatrixCell } from "../../queries/access-matrix.ts";
import { Mark, StatusBadge, type Tone } from "./badges.tsx";
import { CardFilters } from "./card-filters.tsx";
import { ConsolePage, Nothing, PageHeading, Pages, type Visit } from "./console-layout.tsx";
import type { CardsQuerySchema } from "./list-query.ts";
import { accessPath, cardPath, withParameters } from "./page-paths.ts";

/** Who can do what with which card: cards by accounts, a page at a time. */
export function AccessPage({
  matrix: { accounts, rows, nextToken },
  query,
  fault,
  visit,
}: {
  matrix: Matrix;
  query: z.output<typeof CardsQuerySchema>;
  fault?: string | undefined;
  visit: Visit;
}): JSX.Element {
  const { status, name, order, next } = query;
  const filters = { status, name, order };
  return (
    <ConsolePage title="Access" place="Access" visit={visit}>
      <PageHeading title="Access" lead="What each account can do with each card, as AWS RAM shows it now." />
      <CardFilters path={accessPath} query={query} fault={fault} />
      {rows.length === 0 ? (
        <Nothing>No card is like that.</Nothing>
      ) : (
        <div class="panel flush">
          <div class="scroll matrix-scroll" role="group" aria-label="Cards by accounts" tabindex={0}>
            <table class="access-matrix">
              <thead>
                <tr>
                  <th scope="col">Card</th>
                  {accounts.map(({ accountId, stages }) => (
                    <th scope="col">
                      {[...new Set(stages)].join(", ")} <span class="account small">{accountId}</span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(({ modelCardArn, modelCardName, status, cells }) => (
                  <tr data-key={modelCardArn}>
                    <th scope="row">
                      <a class="card-name" href={cardPath(modelCardArn)}>
                        {modelCardName}
                      </a>{" "}
                      <StatusBadge status={status} />
                    </th>
                    {accounts.map(({ accountId }) => (
                      <Cell cell={cells[accountId]} />
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </div>
      )}
      <Pages
        label="Pages of cards"
        first={next === undefined ? undefined : withParameters(accessPath, filters)}
        next={
          nextToken === undefined ? undefined : withParameters(accessPath, { ...filters, next: nextToken })
        }
      />
    </ConsolePage>
  );
}

const states: Record<MatrixCell["state"], { word?: string; tone: Tone }> = {
  "as-announced": { tone: "plain" },
  changing: { word: "AWS RAM is at work", tone: "plain" },
  waiting: { word: "waiting", tone: "warn" },
  differs: { word: "not as announced", tone: "warn" },
  broken: { word: "read-only broken", tone: "bad" },
};

function Cell({ cell }: { cell: MatrixCell | undefined }): JSX.Element {
  if (cell === undefined) {
    return (
      <td>
        <span class="access none">none</span>
      </td>
    );
  }
  const { live, announced, state } = cell;
  const { word, tone } = states[state];
  return (
    <td class={state}>
      <span class={`access ${live}`}>{live}</span>
      {word !== undefined && (
        <>
          {" "}
          <Mark tone={tone} word={state === "differs" ? `${word} (${announced})` : word} />
        </>
      )}
    </td>
  );
}
