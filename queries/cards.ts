import type { Audience } from "../events/access.ts";
import type { ModelCardStatus } from "../events/model-card.ts";
import type { CardFilter } from "../functions/aws/model-card-pages.ts";
import type { ListedCard } from "../functions/aws/model-card-list.ts";
import { CardRecordSchema, type CardRecord } from "../functions/records/card-record.ts";
import { attentionOfCard } from "../functions/records/attention.ts";
import { cardKey } from "../functions/records/records-in-table.ts";
import { type Matter, mattersOf } from "./attention.ts";
import { personOf } from "./people.ts";
import type { QuerySources } from "./sources.ts";

/** How a card is, in one word: `unseen` was never settled, `working` is at work, `waiting` waits for an answer or for AWS. */
export type Health = "well" | "working" | "waiting" | "attention" | "unseen";

/** A card as lists show it. */
export interface CardSummary {
  modelCardArn: string;
  modelCardName: string;
  status: ModelCardStatus;
  /** As it was when Cardway read it last; absent where it never has. */
  riskRating?: string | undefined;
  /** Who created it, by name where the settings know them. */
  owner?: string | undefined;
  creationTime?: string | undefined;
  lastModifiedTime?: string | undefined;
  health: Health;
  matters: Matter[];
  /** Whose access was confirmed and announced. */
  announced: Audience[];
}

export interface CardPage {
  cards: CardSummary[];
  nextToken?: string | undefined;
}

/** One page of cards, each with what Cardway's record says about it. */
export async function readCards(filter: CardFilter, sources: QuerySources): Promise<CardPage> {
  const { modelCardPages, tableQueries, settings, now } = sources;
  const { cards, nextToken } = await modelCardPages.page(filter);
  const records = await tableQueries.getAll(cards.map(({ modelCardArn }) => cardKey(modelCardArn)));
  const summaries = cards.map((card, index) => {
    const data = records[index];
    // One unreadable record is not to hide the others' page; the card itself says what is wrong.
    const record = data === undefined ? undefined : CardRecordSchema.safeParse(data).data;
    return summaryOf(card, record, settings, now());
  });
  return { cards: summaries, nextToken };
}

/** @param record - `undefined` where nothing is on record, or nothing that can be read. */
export function summaryOf(
  card: ListedCard,
  record: CardRecord | undefined,
  settings: QuerySources["settings"],
  now: Date,
): CardSummary {
  const { modelCardArn, modelCardName, status, creationTime, lastModifiedTime } = card;
  const attention = record && attentionOfCard(record);
  const matters = attention === undefined ? [] : mattersOf(attention, now);
  return {
    modelCardArn,
    modelCardName,
    status,
    riskRating: record?.riskRating,
    owner: personOf(record?.editors?.creator ?? [], settings),
    creationTime,
    lastModifiedTime,
    health: healthOf(record, matters),
    matters,
    announced: Object.values(record?.announced ?? {}),
  };
}

function healthOf(record: CardRecord | undefined, matters: Matter[]): Health {
  if (matters.some(({ urgency }) => urgency === "urgent" || urgency === "act")) return "attention";
  if (record?.claim !== undefined) return "working";
  if (record?.settled === undefined) return "unseen";
  const waits = record.currentRequest !== undefined || matters.some(({ urgency }) => urgency === "wait");
  return waits ? "waiting" : "well";
}
