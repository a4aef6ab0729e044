import * as z from "zod";

/** A number of AWS Query, where every value is text. Limits are checked on the number. */
export function queryInteger(limits: z.ZodType<number, number>) {
  return z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number)
    .pipe(limits);
}

/** A list of AWS Query; clients send an empty list as an empty text. */
export function queryList<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (value === "" ? [] : value), z.array(item));
}
