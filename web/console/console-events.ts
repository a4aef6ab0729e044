import { createHash } from "node:crypto";
import type { QuerySources } from "../../queries/sources.ts";

/**
 * A fingerprint of all that there is to see: it differs once something has happened. Whatever comes to need a person, or no
 * more, comes with an entry of the audit or with an execution, so these are asked alone.
 */
export async function fingerprint({
  tableQueries,
  executionPages,
  promotionArn,
  sweepArn,
  now,
}: Pick<
  QuerySources,
  "tableQueries" | "executionPages" | "promotionArn" | "sweepArn" | "now"
>): Promise<string> {
  const date = now().toISOString().slice(0, 10);
  const newest = async (stateMachineArn: string) => {
    const { executions } = await executionPages.page({ stateMachineArn, limit: 20 });
    return executions.map(({ executionArn, status, redriveCount }) => [executionArn, status, redriveCount]);
  };
  const all = await Promise.all([
    tableQueries.day(date, undefined, 1),
    newest(promotionArn),
    newest(sweepArn),
  ]);
  return createHash("sha256").update(JSON.stringify(all)).digest("base64url").slice(0, 16);
}

/**
 * A stream of server-sent events that ends: browsers connect again by themselves, with the id that came last, so it takes no
 * connection that stays open and no server that keeps one.
 *
 * @param retryMs - After how long they do.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function eventStream(
  current: string,
  { seen, retryMs }: { seen: string | undefined; retryMs: number },
): string {
  const event = seen === undefined || seen === current ? "" : "event: changed\n";
  return `retry: ${retryMs}\n${event}id: ${current}\ndata: ${current}\n\n`;
}
