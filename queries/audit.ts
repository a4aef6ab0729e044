import { nameOf } from "../functions/aws/sagemaker.ts";
import {
  type AuditEntry,
  AuditEntrySchema,
  type AuditFault,
  faultsOf,
} from "../functions/records/audit-chain.ts";
import { noCard } from "../functions/records/effects.ts";
import { readAuditChain } from "../functions/records/records-in-table.ts";
import type { QuerySources } from "./sources.ts";

/** The newest entries of all chains, and where the page before them begins. */
export interface AuditPage {
  entries: AuditEntry[];
  /** Where older entries go on; absent where there are none since the moment that was asked for. */
  before?: { date: string; place?: string } | undefined;
}

const dayMs = 86_400_000;

/** How many days without any entry one page looks through. */
const mostEmptyDays = 400;

/**
 * Entries about all cards, newest first.
 *
 * @param since - Oldest moment, ISO 8601 UTC.
 */
export async function readAudit(
  {
    since,
    before,
    limit,
  }: { since: string; before?: { date: string; place?: string | undefined } | undefined; limit: number },
  { tableQueries, now }: Pick<QuerySources, "tableQueries" | "now">,
): Promise<AuditPage> {
  const oldestDate = since.slice(0, 10);
  let date = before?.date ?? now().toISOString().slice(0, 10);
  let place = before?.place;
  for (let day = 0; day < mostEmptyDays && date >= oldestDate; day += 1) {
    const found = (await tableQueries.day(date, place, limit)).filter((entry) => entry.place >= since);
    if (found.length > 0) {
      const items = await tableQueries.getAll(found.map(({ key }) => key));
      const entries = items.flatMap((data) => (data === undefined ? [] : [AuditEntrySchema.parse(data)]));
      const last = found.at(-1)?.place;
      const older = found.length < limit ? dayBefore(date) : date;
      const goesOn = older >= oldestDate;
      return {
        entries,
        before: goesOn
          ? { date: older, ...(older === date && last !== undefined && { place: last }) }
          : undefined,
      };
    }
    date = dayBefore(date);
    place = undefined;
  }
  return { entries: [], before: date >= oldestDate ? { date } : undefined };
}

function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00.000Z`) - dayMs).toISOString().slice(0, 10);
}

/** Entries about one card, or about none for `noCard`, newest first. */
export async function readCardAudit(
  modelCardArn: string,
  { table }: Pick<QuerySources, "table">,
): Promise<AuditEntry[]> {
  return (await readAuditChain(table, modelCardArn)).entries.toReversed();
}

/** A chain that is not as it was written. */
export interface BrokenChain {
  /** ARN of the card, or `no-card`. */
  modelCardArn: string;
  /** Name of the card; absent for what is about no card. */
  modelCardName?: string | undefined;
  faults: AuditFault[];
}

export interface Verification {
  chains: number;
  entries: number;
  broken: BrokenChain[];
}

/**
 * Checks the chains of these cards, entry by entry.
 *
 * @param onChain - Is told of each chain that is done.
 */
export async function verifyAudit(
  modelCardArns: Iterable<string> | AsyncIterable<string>,
  { table }: Pick<QuerySources, "table">,
  onChain: (done: number) => void = () => undefined,
): Promise<Verification> {
  const verification: Verification = { chains: 0, entries: 0, broken: [] };
  for await (const modelCardArn of modelCardArns) {
    const { entries, head, unreadable } = await readAuditChain(table, modelCardArn);
    const faults = [...unreadableFaults(unreadable), ...faultsOf(entries, head, modelCardArn)];
    verification.chains += 1;
    verification.entries += entries.length;
    if (faults.length > 0) {
      const modelCardName = modelCardArn === noCard ? undefined : nameOf(modelCardArn);
      verification.broken.push({ modelCardArn, modelCardName, faults });
    }
    onChain(verification.chains);
  }
  return verification;
}

function unreadableFaults(unreadable: number): AuditFault[] {
  const message = `${unreadable} of its entries cannot be read: what was written is not there`;
  return unreadable === 0 ? [] : [{ kind: "changed", sequence: 0, message }];
}

type CardLists = Pick<QuerySources, "modelCardPages" | "tableQueries">;

/** ARNs of all cards whose chains there are to check: those that SageMaker lists, those in the audit of all days, and what is about no card. */
export async function* auditedCards({ modelCardPages, tableQueries }: CardLists): AsyncGenerator<string> {
  const known = new Set<string>([noCard]);
  yield noCard;
  for await (const modelCardArn of listedCards(modelCardPages)) {
    known.add(modelCardArn);
    yield modelCardArn;
  }
  // Cards that are gone are audited all the same.
  for (const modelCardArn of await tableQueries.chains()) {
    if (!known.has(modelCardArn)) yield modelCardArn;
  }
}

/** ARNs of the cards that have a chain and are not there any more. */
export async function goneCards({ modelCardPages, tableQueries }: CardLists): Promise<string[]> {
  const gone = new Set(await tableQueries.chains());
  gone.delete(noCard);
  for await (const modelCardArn of listedCards(modelCardPages)) gone.delete(modelCardArn);
  return [...gone];
}

async function* listedCards(modelCardPages: QuerySources["modelCardPages"]): AsyncGenerator<string> {
  let nextToken: string | undefined;
  do {
    const page = await modelCardPages.page({ nextToken, limit: 100 });
    for (const { modelCardArn } of page.cards) yield modelCardArn;
    ({ nextToken } = page);
  } while (nextToken !== undefined);
}
