import type { JSX } from "hono/jsx/jsx-runtime";
import type * as z from "zod";
import { modelCardStatuses } from "../../events/model-card.ts";
import { statusName } from "../approval-words.ts";
import { Choice, Entry, Filters, StatusChoice } from "./filters.tsx";
import type { CardsQuerySchema } from "./list-query.ts";

/** Which cards a list shows, and in which order. */
export function CardFilters({
  path,
  query: { status, name, order },
  fault,
}: {
  path: string;
  query: z.output<typeof CardsQuerySchema>;
  fault: string | undefined;
}): JSX.Element {
  return (
    <Filters path={path} fault={fault}>
      <StatusChoice value={status} statuses={modelCardStatuses} nameOf={statusName} />
      <Entry name="name" label="Name contains" value={name} />
      <Choice
        name="order"
        label="Order"
        value={order}
        choices={[
          { value: "newest", text: "Newest first" },
          { value: "name", text: "By name" },
        ]}
      />
    </Filters>
  );
}
