import type { Clock } from "../clock.ts";
import { type SortKey, compareSortKeys } from "../wire/page.ts";
import type { ModelCardReference } from "./model-card-arn.ts";
import { type ModelCard, type ModelCardVersion, latestVersion } from "./model-card-store.ts";

/** A card as search shows it. */
export interface SearchedCard {
  card: ModelCard;
  version: ModelCardVersion;
  tags: ReadonlyMap<string, string>;
}

export type SearchOrder = "ModelCardName" | "CreationTime" | "LastModifiedTime";

interface Change {
  atMs: number;
  card: ModelCard;
  /** `undefined` for a card that is gone. */
  shown: SearchedCard | undefined;
}

/** The cards of one account and Region. */
interface SearchedRegion {
  byName: Map<string, SearchedCard>;
  /** Filled when asked for, dropped when anything changes. */
  sorted: Partial<Record<SearchOrder, SearchedCard[]>>;
}

/** What `Search` knows of the cards of all accounts and Regions: each as it was some time ago. */
export class SearchIndex {
  private readonly clock: Clock;
  private readonly lagMs: () => number;
  private readonly regions = new Map<string, SearchedRegion>();
  private readonly coming: Change[] = [];

  constructor(clock: Clock, lagMs: () => number) {
    this.clock = clock;
    this.lagMs = lagMs;
  }

  /** To be called when a card has come, changed or gone. */
  note(card: ModelCard, isGone: boolean): void {
    const shown = isGone ? undefined : { card, version: latestVersion(card), tags: card.tags };
    this.coming.push({ atMs: this.clock.now().getTime(), card, shown });
    this.catchUp();
  }

  /** The cards of an account and Region in ascending order. */
  list(owner: Omit<ModelCardReference, "name">, order: SearchOrder): readonly SearchedCard[] {
    this.catchUp();
    const { byName, sorted } = this.regionOf(owner);
    return (sorted[order] ??= [...byName.values()].sort((one, other) =>
      compareSortKeys(searchSortKey(one, order), searchSortKey(other, order)),
    ));
  }

  private catchUp(): void {
    const untilMs = this.clock.now().getTime() - this.lagMs();
    const waiting = this.coming.findIndex(({ atMs }) => atMs > untilMs);
    for (const { card, shown } of this.coming.splice(0, waiting === -1 ? Infinity : waiting)) {
      const region = this.regionOf(card);
      if (shown === undefined) region.byName.delete(card.name);
      else region.byName.set(card.name, shown);
      region.sorted = {};
    }
  }

  private regionOf({ accountId, region }: Omit<ModelCardReference, "name">): SearchedRegion {
    const key = `${accountId}/${region}`;
    const cards = this.regions.get(key) ?? { byName: new Map(), sorted: {} };
    this.regions.set(key, cards);
    return cards;
  }
}

/** What a search is sorted by; no two cards of an account and Region share it. */
export function searchSortKey({ card, version }: SearchedCard, order: SearchOrder): SortKey {
  if (order === "ModelCardName") return [card.name];
  const time = order === "CreationTime" ? card.creationTime : version.lastModifiedTime;
  return [time.getTime(), card.name];
}
