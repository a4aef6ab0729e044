import * as z from "zod";

/** How many of a list are wanted. */
export const LimitSchema = z.coerce
  .number({ error: "must be a number" })
  .int("must be a whole number")
  .min(1, "must be at least 1")
  .max(1_000, "must be at most 1000");
