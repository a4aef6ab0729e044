import type * as fc from "fast-check";
import type { ModelCardStatus } from "../../../events/model-card.ts";
import type { ModelCards } from "../../../functions/aws/sagemaker.ts";
import type { Card } from "../../../functions/lifecycle/card.ts";
import type { ApprovalRequest } from "../../../functions/records/approval-request.ts";
import { type CardRecord, newCardRecord } from "../../../functions/records/card-record.ts";
import type { EffectRecord, PromotionRecords } from "../../../functions/records/promotion-records.ts";

const modelCardArn = "arn:aws:sagemaker:us-east-1:111111111111:model-card/churn";

/** One card, and Cardway's memory of it, where every call waits for its turn: a scheduler decides in which order they come. */
export class InterleavedWorld {
  /** Every status that Cardway set, and who of it. */
  readonly statusesSet: { status: ModelCardStatus; by: string }[] = [];
  /** Requests that were changed in what they had ended with. */
  readonly changedAfterEnd: ApprovalRequest[] = [];
  readonly effects = new Map<string, EffectRecord>();
  readonly requests = new Map<string, ApprovalRequest>();
  readonly records: PromotionRecords;
  record: CardRecord = newCardRecord(modelCardArn);
  /** Whether somebody edited the card after it had become Approved, which makes an Approved version that nobody reviewed. */
  editedWhileApproved = false;
  private status: ModelCardStatus = "PendingReview";
  private version = 1;
  private changes = 0;
  private readonly turn: () => Promise<unknown>;

  constructor(scheduler: fc.Scheduler) {
    this.turn = () => scheduler.schedule(Promise.resolve());
    this.records = this.createRecords();
  }

  /** The card as it is, without waiting. */
  card(): Card {
    return {
      modelCardArn,
      modelCardName: "churn",
      status: this.status,
      creationTime: "2026-01-01T00:00:00.000Z",
      version: this.version,
      lastModifiedTime: new Date(Date.UTC(2026, 0, 1, 0, 0, this.changes)).toISOString(),
      editors: [],
      riskRating: "High",
    };
  }

  /** What a person does to the card. */
  async change(what: "edit" | ModelCardStatus): Promise<void> {
    await this.turn();
    this.changes += 1;
    if (what !== "edit") this.status = what;
    else {
      this.editedWhileApproved ||= this.status === "Approved";
      this.version += 1;
    }
  }

  /** @param by - Who calls. */
  modelCards(by: string): ModelCards {
    return {
      read: async () => {
        await this.turn();
        return this.card();
      },
      content: async () => {
        await this.turn();
        return "{}";
      },
      tags: async () => ({}),
      statusOfVersion: async () => undefined,
      setStatus: async (_arn, status) => {
        await this.turn();
        this.changes += 1;
        this.status = status;
        this.statusesSet.push({ status, by });
      },
    };
  }

  /** As the table does it: a change is tried again where somebody else wrote in between. */
  private createRecords(): PromotionRecords {
    const changed = async <Item, Result>(
      read: () => Item,
      write: (item: Item) => void,
      apply: (item: Item) => { record: Item; result: Result },
    ): Promise<Result> => {
      for (;;) {
        await this.turn();
        const found = read();
        const { record, result } = apply(found);
        if (record === found) return result;
        await this.turn();
        if (read() === found) {
          write(record);
          return result;
        }
      }
    };
    const requestOf = (requestId: string): ApprovalRequest => {
      const request = this.requests.get(requestId);
      if (request === undefined) throw new TypeError(`There is no request ${requestId}`);
      return request;
    };
    return {
      readCard: async () => {
        await this.turn();
        return this.record;
      },
      changeCard: (_arn, apply) =>
        changed(
          () => this.record,
          (record) => {
            this.record = record;
          },
          apply,
        ),
      findRequest: async (requestId) => {
        await this.turn();
        return this.requests.get(requestId);
      },
      addRequest: async (request) => {
        await this.turn();
        const found = this.requests.get(request.requestId);
        if (found === undefined) this.requests.set(request.requestId, request);
        return found ?? request;
      },
      changeRequest: (requestId, apply) =>
        changed(
          () => requestOf(requestId),
          (request) => {
            const before = requestOf(requestId);
            const same = before.status === request.status && before.votes === request.votes;
            if (before.status !== "open" && !same) this.changedAfterEnd.push(request);
            this.requests.set(requestId, request);
          },
          apply,
        ),
      addEffects: async (effects) => {
        await this.turn();
        for (const effect of effects) {
          if (!this.effects.has(effect.effectId)) this.effects.set(effect.effectId, effect);
        }
      },
      digests: async () => ({ cards: [], requests: [] }),
      lastSweep: async () => undefined,
      keepLastSweep: async () => undefined,
      effectsOf: async () => [...this.effects.values()],
    };
  }
}
