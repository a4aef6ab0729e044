import type { JSX } from "hono/jsx/jsx-runtime";
import type * as z from "zod";
import type { ListedExecution } from "../../functions/aws/execution-pages.ts";
import { cardArnOf } from "../../queries/card.ts";
import { cardsOfExecutions, readExecutions, readExecutionsOfCard } from "../../queries/executions.ts";
import type { QuerySources } from "../../queries/sources.ts";
import { executionStatusName } from "./badges.tsx";
import { ConsolePage, Nothing, PageHeading, Pages, type Visit } from "./console-layout.tsx";
import { ExecutionTable } from "./execution-table.tsx";
import { Choice, Entry, Filters, StatusChoice } from "./filters.tsx";
import { type ExecutionsQuerySchema, executionStatuses } from "./list-query.ts";
import { executionsPath, withParameters } from "./page-paths.ts";

type ExecutionsQuery = z.output<typeof ExecutionsQuerySchema>;

const executionsOnAPage = 25;

export interface ExecutionsShown {
  executions: ListedExecution[];
  cards: ReadonlyMap<string, string>;
  nextToken?: string | undefined;
}

/**
 * The executions that a query asks for.
 *
 * @throws {InvalidInputError} the card that it names can be none.
 */
export async function readShownExecutions(
  { workflow, status, card, since, next }: ExecutionsQuery,
  sources: QuerySources,
): Promise<ExecutionsShown> {
  const oldest = since === undefined ? undefined : `${since}T00:00:00.000Z`;
  if (card !== "") {
    const modelCardArn = cardArnOf(card, sources);
    const limit = executionsOnAPage;
    const executions = await readExecutionsOfCard(modelCardArn, { status, since: oldest, limit }, sources);
    return { executions, cards: new Map(executions.map(({ executionArn }) => [executionArn, modelCardArn])) };
  }
  const { executions, nextToken } = await readExecutions(
    { workflow, status, since: oldest, nextToken: next, limit: executionsOnAPage },
    sources,
  );
  const cards =
    workflow === "promotion" ? await cardsOfExecutions(executions, sources) : new Map<string, string>();
  return { executions, cards, nextToken };
}

/** Executions by workflow, status, card and start, a page at a time. */
export function ExecutionsPage({
  shown: { executions, cards, nextToken },
  query: { workflow, status, card, since, next },
  fault,
  now,
  visit,
}: {
  shown: ExecutionsShown;
  query: ExecutionsQuery;
  fault?: string | undefined;
  now: Date;
  visit: Visit;
}): JSX.Element {
  const filters = { workflow, status, card, since };
  return (
    <ConsolePage title="Executions" place="Executions" visit={visit}>
      <PageHeading title="Executions" />
      <Filters path={executionsPath} fault={fault}>
        <Choice
          name="workflow"
          label="Workflow"
          value={workflow}
          choices={[
            { value: "promotion", text: "Promotion" },
            { value: "sweep", text: "Sweep" },
          ]}
        />
        <StatusChoice value={status} statuses={executionStatuses} nameOf={executionStatusName} />
        <Entry name="card" label="Card, by its whole name" value={card} />
        <Entry name="since" label="Started since" value={since} type="date" />
      </Filters>
      {executions.length === 0 ? (
        <Nothing>No execution is like that.</Nothing>
      ) : (
        <div class="panel flush">
          <ExecutionTable
            executions={executions}
            cards={workflow === "promotion" || card !== "" ? cards : undefined}
            now={now}
            label="Executions"
          />
        </div>
      )}
      {card !== "" && executions.length > 0 && (
        <p class="small">
          Those that did something for the card, the newest {executionsOnAPage}. One that found nothing to do
          leaves no trace on the card.
        </p>
      )}
      <Pages
        label="Pages of executions"
        first={next === undefined ? undefined : withParameters(executionsPath, filters)}
        next={
          nextToken === undefined
            ? undefined
            : withParameters(executionsPath, { ...filters, next: nextToken })
        }
      />
    </ConsolePage>
  );
}
