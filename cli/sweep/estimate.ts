import type { QuerySources } from "../../queries/sources.ts";
import { readSweeps } from "../../queries/sweeps.ts";

/** About how many cards there are, by the last sweep that is known to have seen them all; 0 where none is. */
export async function estimatedCards(
  sources: Pick<QuerySources, "executionPages" | "sweepArn" | "settings">,
): Promise<number> {
  const { sweeps } = await readSweeps({ limit: 5 }, sources);
  return sweeps.find(({ findings }) => findings !== undefined)?.findings?.scanned ?? 0;
}
