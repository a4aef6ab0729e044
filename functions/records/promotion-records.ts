import type { ApprovalRequest } from "./approval-request.ts";
import type { CardRecord } from "./card-record.ts";

/** What a change makes of a record, and what it tells its caller. The same record again writes nothing. */
export interface Change<Item, Result> {
  record: Item;
  result: Result;
}

/** An effect as it is kept: one of our events, under its effect id. */
export interface EffectRecord {
  modelCardArn: string;
  effectId: string;
  at: string;
  /** Tells effects of one moment apart: their order in the step that made them. */
  position: number;
  detailType: string;
  detail: Record<string, unknown>;
}

/** What the sweep has to know, a page at a time; as text, because there is one of each card. */
export interface DigestsOfRecords {
  /** Of cards' records, by ARN; `cardDigestFrom` reads one. */
  cards: { id: string; digest: string }[];
  /** Of approval requests that are still to be seen to, by id; `requestDigestFrom` reads one. */
  requests: { id: string; digest: string }[];
  next?: string | undefined;
}

/** A sweep that has ended, by the ARN of its execution, and the one before it. */
export interface LastSweep {
  executionArn: string;
  previous: string | null;
}

/**
 * Cardway's memory. Every write is conditional on what was read, so two writers cannot both win: a change is a pure
 * function that is run again on the newer record when somebody else was faster.
 */
export interface PromotionRecords {
  /** A card's record; a new one where there is none. Writes nothing. */
  readCard(modelCardArn: string): Promise<CardRecord>;
  /** Changes a card's record, which is made where there is none. */
  changeCard<Result>(
    modelCardArn: string,
    change: (record: CardRecord) => Change<CardRecord, Result>,
  ): Promise<Result>;
  findRequest(requestId: string): Promise<ApprovalRequest | undefined>;
  /** Keeps a new request unless there is one of that id; answers with the one that is kept. */
  addRequest(request: ApprovalRequest): Promise<ApprovalRequest>;
  /** @throws {InvalidInputError} there is no such request. */
  changeRequest<Result>(
    requestId: string,
    change: (request: ApprovalRequest) => Change<ApprovalRequest, Result>,
  ): Promise<Result>;
  /**
   * The digests of all cards and requests, about 3,000 a page. What was written a moment ago may be missing.
   *
   * @param after - `next` of the page before.
   */
  digests(after?: string): Promise<DigestsOfRecords>;
  /** The sweep that ended last; `undefined` before the first has. */
  lastSweep(): Promise<LastSweep | undefined>;
  keepLastSweep(sweep: LastSweep): Promise<void>;
  /** Keeps effects at the end of their cards' audit chains; one that is kept already stays as it is. */
  addEffects(effects: EffectRecord[]): Promise<void>;
  /** All effects on a card, oldest first. */
  effectsOf(modelCardArn: string): Promise<EffectRecord[]>;
}
