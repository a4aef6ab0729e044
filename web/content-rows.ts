import { inReadingOrder, isScalar } from "./model-card-content.ts";

/** Whether things of a kind make a table: they have plain members only, and the same ones, so that few cells are empty. */
export function areRows(things: Record<string, unknown>[]): boolean {
  const members = things.reduce((count, thing) => count + Object.keys(thing).length, 0);
  return things.every(isRow) && things.length * columnsOf(things).length <= 4 * members;
}

/** The members that some row has, in the order in which they are read. */
export function columnsOf(rows: Record<string, unknown>[]): string[] {
  return inReadingOrder(Object.fromEntries(rows.flatMap(Object.entries))).map(([member]) => member);
}

/** Whether a thing has plain members only. */
export function isRow(members: Record<string, unknown>): boolean {
  return Object.values(members).every((value) => isScalar(value) || value === null);
}

/** What stands in a cell of a table. */
export function cellText(value: unknown): string {
  return isScalar(value) ? String(value) : "";
}
