import type { Clock } from "./clock.ts";
import type { Journal } from "./journal/journal.ts";
import type { Log } from "./wire/service.ts";

/** What every local service is given instead of the machine's clock, randomness and console. */
export interface LocalContext {
  clock: Clock;
  /** A new UUID. */
  newId: () => string;
  /** A number from 0 (included) to 1 (excluded), for jitter. */
  random: () => number;
  log: Log;
  /** What outlives the process is written down here; left out, everything is in memory only. */
  journal?: Journal;
}
