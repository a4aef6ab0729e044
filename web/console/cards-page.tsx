import type { JSX } from "hono/jsx/jsx-runtime";
import type * as z from "zod";
import type { CardPage, CardSummary } from "../../queries/cards.ts";
import { oneLine } from "../untrusted-text.ts";
import { Age } from "./age.tsx";
import { HealthMark, RiskText, StatusBadge } from "./badges.tsx";
import { CardFilters } from "./card-filters.tsx";
import { ConsolePage, Nothing, PageHeading, Pages, TablePanel, type Visit } from "./console-layout.tsx";
import type { CardsQuerySchema } from "./list-query.ts";
import { cardPath, cardsPath, withParameters } from "./page-paths.ts";

/** Cards by status and name, a page at a time. */
export function CardsPage({
  page: { cards, nextToken },
  query,
  fault,
  now,
  visit,
}: {
  page: CardPage;
  query: z.output<typeof CardsQuerySchema>;
  fault?: string | undefined;
  now: Date;
  visit: Visit;
}): JSX.Element {
  const { status, name, order, next } = query;
  const filters = { status, name, order };
  return (
    <ConsolePage title="Cards" place="Cards" visit={visit}>
      <PageHeading title="Cards" />
      <CardFilters path={cardsPath} query={query} fault={fault} />
      {cards.length === 0 ? (
        <Nothing>No card is like that.</Nothing>
      ) : (
        <TablePanel label="Cards">
          <table class="list">
            <thead>
              <tr>
                <th scope="col">Card</th>
                <th scope="col">Status</th>
                <th scope="col">Health</th>
                <th scope="col">Risk</th>
                <th scope="col">Owner</th>
                <th scope="col">Created</th>
                <th scope="col">Changed</th>
              </tr>
            </thead>
            <tbody>
              {cards.map((card) => (
                <CardRow card={card} now={now} />
              ))}
            </tbody>
          </table>
        </TablePanel>
      )}
      <Pages
        label="Pages of cards"
        first={next === undefined ? undefined : withParameters(cardsPath, filters)}
        next={
          nextToken === undefined ? undefined : withParameters(cardsPath, { ...filters, next: nextToken })
        }
      />
    </ConsolePage>
  );
}

function CardRow({ card, now }: { card: CardSummary; now: Date }): JSX.Element {
  const { modelCardArn, modelCardName, status, health, riskRating, owner, creationTime, lastModifiedTime } =
    card;
  return (
    <tr data-key={modelCardArn}>
      <th scope="row">
        <a class="card-name" href={cardPath(modelCardArn)}>
          {modelCardName}
        </a>
      </th>
      <td data-label="Status">
        <StatusBadge status={status} />
      </td>
      <td data-label="Health">
        <HealthMark health={health} />
      </td>
      <td data-label="Risk">
        <RiskText riskRating={riskRating} />
      </td>
      <td data-label="Owner">{owner === undefined ? "–" : oneLine(owner, 40)}</td>
      <td data-label="Created">{creationTime !== undefined && <Age at={creationTime} now={now} />}</td>
      <td data-label="Changed">
        {lastModifiedTime !== undefined && <Age at={lastModifiedTime} now={now} />}
      </td>
    </tr>
  );
}
