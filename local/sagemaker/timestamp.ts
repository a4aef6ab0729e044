import * as z from "zod";

/** A moment as AWS JSON sends it: seconds since 1970. */
export const TimestampSchema = z.number().transform((epochSeconds) => new Date(epochSeconds * 1000));
