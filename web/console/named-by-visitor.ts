import { InvalidInputError } from "../../functions/errors.ts";

/** Reads about what somebody named; `undefined` where nothing can have such a name. */
export async function ifItCanBe<Found>(read: () => Promise<Found | undefined>): Promise<Found | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InvalidInputError) return undefined;
    throw error;
  }
}
