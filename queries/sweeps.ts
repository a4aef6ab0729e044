import type { ListedExecution } from "../functions/aws/execution-pages.ts";
import { type Progress, ProgressSchema } from "../functions/sweep/progress.ts";
import type { QuerySources } from "./sources.ts";

/** One run of the sweep. */
export interface SweepView extends ListedExecution {
  dryRun: boolean;
  /** What it found; absent while it runs, and where it failed before its end. */
  findings?: Omit<Progress, "position" | "seenTo" | "previous"> | undefined;
  error?: string | undefined;
  cause?: string | undefined;
}

export interface SweepsPage {
  sweeps: SweepView[];
  nextToken?: string | undefined;
  /** When the next one is due, ISO 8601 UTC: an interval behind the last that was started by its rule. */
  nextRunAt?: string | undefined;
}

/** The last sweeps, newest first. */
export async function readSweeps(
  { nextToken, limit }: { nextToken?: string | undefined; limit: number },
  { executionPages, sweepArn, settings }: Pick<QuerySources, "executionPages" | "sweepArn" | "settings">,
): Promise<SweepsPage> {
  const page = await executionPages.page({ stateMachineArn: sweepArn, nextToken, limit });
  const described = await Promise.all(
    page.executions.map(({ executionArn }) => executionPages.describe(executionArn)),
  );
  const sweeps = page.executions.map((listed, index): SweepView => {
    const { input, output, error, cause } = described[index] ?? {};
    return { ...listed, dryRun: isDryRun(input), findings: findingsIn(output), error, cause };
  });
  const scheduled = described.find((execution) => execution !== undefined && isScheduled(execution.input));
  const everyMs = settings.deployment.sweepEveryHours * 3_600_000;
  const nextRunAt =
    scheduled === undefined ? undefined : new Date(Date.parse(scheduled.startedAt) + everyMs).toISOString();
  return { sweeps, nextToken: page.nextToken, nextRunAt };
}

function isDryRun(input: string | undefined): boolean {
  return membersOf(input)["dryRun"] === true;
}

/** What EventBridge starts it with has a source; what a person starts it with has not. */
function isScheduled(input: string | undefined): boolean {
  return membersOf(input)["source"] === "aws.events";
}

function findingsIn(output: string | undefined): SweepView["findings"] {
  const parsed = ProgressSchema.safeParse(membersOf(output));
  if (!parsed.success) return undefined;
  const { position: _done, seenTo: _kept, previous: _before, ...findings } = parsed.data;
  return findings;
}

function membersOf(json: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json ?? "{}");
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}
