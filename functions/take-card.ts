import type { Executions } from "./aws/step-functions.ts";
import { ResourceNotReadyError } from "./errors.ts";
import type { Card } from "./lifecycle/card.ts";
import type { CardRecord } from "./records/card-record.ts";
import type { Change, PromotionRecords } from "./records/promotion-records.ts";

/**
 * Changes a card's record for an execution, once nobody else is at work on the card. Whoever was stopped or failed without
 * letting the card go loses it.
 *
 * @param change.free - What becomes of the record where nobody else holds the card.
 * @param change.held - What becomes of it where another execution does.
 * @returns what `free` answered; `undefined` where another execution is at work.
 * @throws {ResourceNotReadyError} the execution that held the card was stopped a moment ago, and a function of it may still be
 *   at work (transient).
 */
export async function takeCard<Taken extends object>(
  { modelCardArn, modelCardName }: Pick<Card, "modelCardArn" | "modelCardName">,
  executionArn: string,
  change: {
    free: (record: CardRecord) => Change<CardRecord, Taken>;
    held: (record: CardRecord) => CardRecord;
  },
  { records, executions }: { records: PromotionRecords; executions: Executions },
): Promise<Taken | undefined> {
  const ended = new Set<string>();
  for (;;) {
    const outcome = await records.changeCard<{ taken: Taken } | { holder: string }>(
      modelCardArn,
      (record) => {
        const holder = record.claim?.executionArn;
        if (holder !== undefined && holder !== executionArn && !ended.has(holder)) {
          return { record: change.held(record), result: { holder } };
        }
        const { record: next, result } = change.free(record);
        return { record: next, result: { taken: result } };
      },
    );
    if ("taken" in outcome) return outcome.taken;
    const holder = await executions.stateOf(outcome.holder);
    if (holder === "running") return undefined;
    if (holder === "stopping") {
      throw new ResourceNotReadyError(
        `${modelCardName} was held by an execution that was stopped a moment ago.`,
      );
    }
    ended.add(outcome.holder);
  }
}
