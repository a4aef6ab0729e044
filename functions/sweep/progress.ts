import * as z from "zod";
import { type CardDifference, CardDifferenceSchema } from "../../events/card-difference.ts";
import { sweepCounts } from "../../events/sweep-counts.ts";

/** How many cards a sweep names; the others are only counted. An execution's state holds 256 KB. */
const mostNamed = 500;

const SweepCountsSchema = z.object(sweepCounts);

/** How far a sweep has come, and what it has found. */
export const ProgressSchema = z.object({
  /** Where the next invocation goes on; `null` once every card was compared. `after` is the last name that is dealt with. */
  position: z.object({ nextToken: z.string(), after: z.string() }).nullable(),
  ...sweepCounts,
  /** The first of those that differ. */
  found: z.array(z.object({ modelCardName: z.string(), differences: z.array(CardDifferenceSchema) })),
  /** Shares that a card was started for, and stages that were announced, which is done once a sweep. */
  seenTo: z.array(z.string()),
  /** ARN of the sweep before; `null` where there is none. */
  previous: z.string().nullable(),
});

export type Progress = z.output<typeof ProgressSchema>;

/** What a sweep counts, without where it is. */
export type Findings = Omit<Progress, "position">;

/** Findings of a sweep that has not looked at any card yet. */
export function newFindings(previous: string | null): Findings {
  return {
    scanned: 0,
    differing: 0,
    started: 0,
    repaired: 0,
    failing: 0,
    differences: {},
    found: [],
    seenTo: [],
    previous,
  };
}

/** Counts a card that differs, and names it while there is room. */
export function countDiffering(
  findings: Findings,
  modelCardName: string,
  differences: CardDifference[],
): void {
  findings.differing += 1;
  for (const difference of differences) {
    findings.differences[difference] = (findings.differences[difference] ?? 0) + 1;
  }
  if (findings.found.length < mostNamed) findings.found.push({ modelCardName, differences });
}

/** The counts alone, as events carry them. */
export function countsOf(findings: Findings): z.output<typeof SweepCountsSchema> {
  return SweepCountsSchema.parse(findings);
}
