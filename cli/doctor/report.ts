import type { Finding } from "../finding.ts";
import { paragraph } from "../layout.ts";
import type { Place } from "../place.ts";
import type { Emphasis, Screen } from "../screen.ts";

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

const emphases: Record<Finding["status"], Emphasis> = {
  ok: "good",
  "to do": "bad",
  "to do later": "warning",
  "cannot tell": "faint",
};

/** One line a check, what to do below it, and the count at the end. */
export function reportWords(
  findings: readonly Finding[],
  { accountId, region }: Place,
  screen: Screen,
): string {
  const indent = "cannot tell".length + 2;
  const lines = findings.map((finding, index) => {
    const { check, status, saw } = finding;
    const mark = screen.style(emphases[status], status.padEnd(indent));
    const line = paragraph(`${check}: ${saw}`, screen, indent, mark);
    if (finding.status === "ok" || adviceOf(finding) === adviceOf(findings[index + 1])) return line;
    const { advice, commands = [] } = finding;
    // Commands stay whole, to be copied.
    const pasted = commands.map((command) => `${" ".repeat(indent + 2)}$ ${command}\n`);
    return `${line}${paragraph(advice, screen, indent + 2, "→ ")}${pasted.join("")}`;
  });
  const counts = countsOf(findings);
  const summary = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status}`);
  const warning =
    counts["cannot tell"] > 0
      ? paragraph(
          'Warning: checks that could not be made say nothing about the account; see "cannot tell".',
          screen,
        )
      : "";
  const head = `Model card account ${accountId} in ${region}. Nothing is changed.\n\n`;
  return `${head}${lines.join("")}\n${summary.join(", ")}.\n${warning}`;
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
