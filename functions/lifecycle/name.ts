import * as z from "zod";

/** A name that records, links and shares carry. */
export const NameSchema = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/,
    "must be 1 to 32 lower-case letters, digits and inner dashes",
  );
