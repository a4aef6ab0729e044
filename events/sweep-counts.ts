import * as z from "zod";
import { CardDifferenceSchema } from "./card-difference.ts";

const CountSchema = z.int().min(0);

/** What a sweep counts, in its events and in its own state. */
export const sweepCounts = {
  /** Cards that were compared. */
  scanned: CountSchema,
  /** Cards that differ in something from what they should be, or who are gone and not forgotten. */
  differing: CountSchema,
  /** How many cards differ in what; a card can differ in several ways. */
  differences: z.partialRecord(CardDifferenceSchema, CountSchema),
  /** Promotions that were started for them. */
  started: CountSchema,
  /** Cards that differ in nothing any more, and were brought there by a promotion that the sweep before started. */
  repaired: CountSchema,
  /** Cards that could not be compared, or not be started for. The function's log says why. */
  failing: CountSchema,
};
