import db from "dynalite/db/index.js";
import type { Item } from "dynalite/db/index.js";
import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";

/** An item or a key; what is in its values is left to dynalite. */
export const ItemSchema = z.record(
  z.string(),
  z.looseObject({ S: z.string().optional(), N: z.string().optional(), B: z.string().optional() }),
);

export const ReturnConsumedCapacitySchema = z.enum(["INDEXES", "TOTAL", "NONE"]).default("NONE");

/** Why one action of a transaction stood in its way; `{ Code: "None" }` if it did not. */
export interface CancellationReason {
  Code: "None" | "ConditionalCheckFailed" | "ValidationError";
  Message?: string;
  Item?: Item;
}

/** @throws {AwsError} `TransactionCanceledException` unless every reason is `None`. */
export function requireNoReason(reasons: CancellationReason[]): void {
  if (reasons.every(({ Code }) => Code === "None")) return;
  const codes = reasons.map(({ Code }) => Code).join(", ");
  throw new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

/** The consumed capacity by table. A transaction reads or writes every item twice: to prepare and to commit. */
export class TransactionCapacity {
  private readonly mode: "INDEXES" | "TOTAL" | "NONE";
  private readonly kind: "ReadCapacityUnits" | "WriteCapacityUnits";
  private readonly units = new Map<string, number>();

  constructor(
    mode: z.output<typeof ReturnConsumedCapacitySchema>,
    kind: "ReadCapacityUnits" | "WriteCapacityUnits",
  ) {
    this.mode = mode;
    this.kind = kind;
  }

  add(TableName: string, newItem: Item | undefined, oldItem?: Item): void {
    const request = { ReturnConsumedCapacity: this.mode, TableName, ConsistentRead: true };
    const isRead = this.kind === "ReadCapacityUnits";
    const consumed = db.addConsumedCapacity(request, isRead, newItem, oldItem);
    if (consumed === undefined) return;
    this.units.set(TableName, (this.units.get(TableName) ?? 0) + 2 * consumed.CapacityUnits);
  }

  /** The answer's member, where the caller asked for it. */
  member(): { ConsumedCapacity?: object[] } {
    if (this.mode === "NONE") return {};
    const ConsumedCapacity = [...this.units].map(([TableName, units]) => {
      const capacity = { CapacityUnits: units, [this.kind]: units };
      return { TableName, ...capacity, ...(this.mode === "INDEXES" ? { Table: capacity } : {}) };
    });
    return { ConsumedCapacity };
  }
}
