import type { Finding } from "../finding.ts";
import type { Place } from "../place.ts";

type Counts = Record<Finding["status"], number>;

function countsOf(findings: readonly Finding[]): Counts {
  const counts: Counts = { ok: 0, "to do": 0, "to do later": 0, "cannot tell": 0 };
  for (const { status } of findings) counts[status] += 1;
  return counts;
}

/** 1 where something is to do now. What could not be looked at says nothing, and lets a deploy go on. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 {
  return findings.some(({ status }) => status === "to do") ? 1 : 0;
}

/** One line a check, what to do below it, and the count at the end. */
export function reportWords(findings: readonly Finding[], { accountId, region }: Place): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const indent = " ".repeat("cannot tell".length + 2);
  const lines = findings.flatMap((finding, index) => {
    const first = `${finding.status.padEnd("cannot tell".length)}  ${finding.check.padEnd(width)}  ${finding.saw}`;
    if (finding.status === "ok") return [first];
    if (adviceOf(finding) === adviceOf(findings[index + 1])) return [first];
    return [
      first,
      `${indent}→ ${finding.advice}`,
      ...(finding.commands ?? []).map((command) => `${indent}  $ ${command}`),
    ];
  });
  const counts = countsOf(findings);
  const summary = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`);
  const warning =
    counts["cannot tell"] > 0
      ? [`Warning: checks that could not be made say nothing about the account; see "cannot tell".`]
      : [];
  return [
    `Model card account ${accountId} in ${region}. Nothing is changed.`,
    "",
    ...lines,
    "",
    `${summary.join(", ")}.`,
    ...warning,
    "",
  ].join("\n");
}

/** What is said below a finding; several in a row with the same share it. */
function adviceOf(finding: Finding | undefined): string | undefined {
  return finding === undefined || finding.status === "ok"
    ? undefined
    : [finding.advice, ...(finding.commands ?? [])].join("\n");
}

/** The same for machines. */
export function reportJson(findings: readonly Finding[], place: Place): string {
  return `${JSON.stringify({ ...place, counts: countsOf(findings), findings }, null, 2)}\n`;
}
