/** What is left out of a schedule, by number. */
export interface LeftOut {
  steps: number[];
  faults: number[];
}

/**
 * Makes a failing schedule smaller: leaves steps and faults out, halves first and then one by one, for as long as it still
 * fails.
 *
 * @param stillFails - Runs the schedule without these.
 * @param all - The numbers of everything that can be left out.
 */
export async function shrunk(
  all: LeftOut,
  stillFails: (leftOut: LeftOut) => Promise<boolean>,
): Promise<LeftOut> {
  let leftOut: LeftOut = { steps: [], faults: [] };
  for (const kind of ["faults", "steps"] as const) {
    for (let size = Math.ceil(all[kind].length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let start = 0; start < all[kind].length; start += size) {
        const chunk = all[kind]
          .slice(start, start + size)
          .filter((number) => !leftOut[kind].includes(number));
        if (chunk.length === 0) continue;
        const tried = { ...leftOut, [kind]: [...leftOut[kind], ...chunk] };
        if (await stillFails(tried)) leftOut = tried;
      }
    }
  }
  return leftOut;
}
