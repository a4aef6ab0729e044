import type { Answer } from "./worker.ts";

/** What many schedules came to. */
export class Totals {
  schedules = 0;
  violations = 0;
  private readonly faultCounts = new Map<string, number>();
  private eventsLost = 0;
  private convergedAfterLoss = 0;
  private duplicatesAbsorbed = 0;
  private executions = 0;

  add({ violations, faults, observed }: Answer): void {
    this.schedules += 1;
    this.violations += violations.length;
    for (const [kind, count] of faults) this.faultCounts.set(kind, (this.faultCounts.get(kind) ?? 0) + count);
    this.eventsLost += observed.eventsLost;
    if (violations.length === 0) this.convergedAfterLoss += observed.eventsLost;
    this.duplicatesAbsorbed += observed.duplicatesAbsorbed;
    this.executions += observed.executions;
  }

  get faults(): number {
    return [...this.faultCounts.values()].reduce((sum, count) => sum + count, 0);
  }

  figures() {
    const { schedules, violations, faults, eventsLost, convergedAfterLoss, duplicatesAbsorbed, executions } =
      this;
    return {
      schedules,
      violations,
      faults,
      faultsByKind: Object.fromEntries(
        [...this.faultCounts].sort(([one], [other]) => (one < other ? -1 : 1)),
      ),
      executions,
      eventsLost,
      convergedAfterLoss,
      duplicatesAbsorbed,
    };
  }

  /** The figures for people. */
  lines(): string[] {
    const { faultsByKind, executions, eventsLost, convergedAfterLoss, duplicatesAbsorbed } = this.figures();
    return [
      ...Object.entries(faultsByKind).map(([kind, count]) => `${kind.padEnd(24)}${count}`),
      `${"executions".padEnd(24)}${executions}`,
      `${"events lost".padEnd(24)}${eventsLost}, converged ${convergedAfterLoss}`,
      `${"duplicates absorbed".padEnd(24)}${duplicatesAbsorbed}`,
    ];
  }
}
