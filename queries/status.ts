import type { ModelCardStatus } from "../events/model-card.ts";
import { type Matter, readMatters } from "./attention.ts";
import { type Health, readCards } from "./cards.ts";
import { type SweepView, readSweeps } from "./sweeps.ts";
import type { QuerySources } from "./sources.ts";

/** So many cards are named, where a command of its own lists all. */
const mostNamed = 5;

/** How everything stands. */
export interface Status {
  cards: number;
  byStatus: Record<ModelCardStatus, number>;
  byHealth: Record<Health, number>;
  /** Names of cards that nobody has dealt with yet, the first few. */
  unseen: string[];
  /** How many cards each stage has access to, as announced: by stage, and by access. */
  byStage: Record<string, { readOnly: number; readWrite: number }>;
  /** What needs a person, the most urgent first. */
  matters: Matter[];
  lastSweep?: SweepView | undefined;
  nextSweepAt?: string | undefined;
}

/**
 * Counts all cards.
 *
 * @param onPage - Is told how many were counted so far.
 */
export async function readStatus(
  sources: QuerySources,
  onPage: (cards: number) => void = () => undefined,
): Promise<Status> {
  const byStatus: Record<ModelCardStatus, number> = { Draft: 0, PendingReview: 0, Approved: 0, Archived: 0 };
  const byHealth: Record<Health, number> = { well: 0, working: 0, waiting: 0, attention: 0, unseen: 0 };
  const byStage: Status["byStage"] = {};
  for (const { stages } of sources.settings.lifecycles) {
    for (const { name } of stages) byStage[name] ??= { readOnly: 0, readWrite: 0 };
  }
  const unseen: string[] = [];
  let cards = 0;
  let nextToken: string | undefined;
  do {
    const page = await readCards({ nextToken, limit: 100 }, sources);
    for (const { modelCardName, status, health, announced } of page.cards) {
      byStatus[status] += 1;
      byHealth[health] += 1;
      if (health === "unseen" && unseen.length < mostNamed) unseen.push(modelCardName);
      for (const { stage, access } of announced) {
        const counts = (byStage[stage] ??= { readOnly: 0, readWrite: 0 });
        counts[access === "read-only" ? "readOnly" : "readWrite"] += 1;
      }
    }
    cards += page.cards.length;
    onPage(cards);
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  const [matters, { sweeps, nextRunAt }] = await Promise.all([
    readMatters(sources),
    readSweeps({ limit: 5 }, sources),
  ]);
  return {
    cards,
    byStatus,
    byHealth,
    unseen,
    byStage,
    matters,
    lastSweep: sweeps[0],
    nextSweepAt: nextRunAt,
  };
}
