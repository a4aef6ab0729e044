import type { ExecutionStatus } from "@aws-sdk/client-sfn";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { Health } from "../../queries/cards.ts";
import { statusName } from "../approval-words.ts";

/** How something is to be taken, which colour only repeats. */
export type Tone = "plain" | "good" | "warn" | "bad";

const statusTones: Record<string, Tone> = { PendingReview: "warn", Approved: "good" };

/** Status of a card. */
export function StatusBadge({ status }: { status: string }): JSX.Element {
  return <span class={`badge ${statusTones[status] ?? "plain"}`}>{statusName(status)}</span>;
}

const healthWords: Record<Health, { word: string; tone: Tone }> = {
  well: { word: "Well", tone: "good" },
  working: { word: "Working", tone: "plain" },
  waiting: { word: "Waiting", tone: "plain" },
  attention: { word: "Needs attention", tone: "bad" },
  unseen: { word: "Not dealt with yet", tone: "warn" },
};

/** How a card is. */
export function HealthMark({ health }: { health: Health }): JSX.Element {
  const { word, tone } = healthWords[health];
  return <Mark tone={tone} word={word} hollow={health === "waiting" || health === "unseen"} />;
}

/** A dot and a word. */
export function Mark({
  tone,
  word,
  hollow = false,
}: {
  tone: Tone;
  word: string;
  hollow?: boolean;
}): JSX.Element {
  return (
    <span class={`mark ${tone}`}>
      <svg class="dot" viewBox="0 0 10 10" aria-hidden="true">
        <circle cx="5" cy="5" r="3.5" class={hollow ? "hollow" : undefined} />
      </svg>
      {word}
    </span>
  );
}

const risks: Record<string, { word: string; tone: Tone }> = {
  Low: { word: "Low risk", tone: "plain" },
  Medium: { word: "Medium risk", tone: "plain" },
  High: { word: "High risk", tone: "bad" },
};

/** Risk rating of a card, as far as it was read. */
export function RiskText({ riskRating }: { riskRating: string | undefined }): JSX.Element {
  const { word, tone } = risks[riskRating ?? ""] ?? { word: "Not rated", tone: "plain" };
  return <span class={`risk ${tone}`}>{word}</span>;
}

const executionStatuses: Record<ExecutionStatus, { word: string; tone: Tone }> = {
  RUNNING: { word: "Running", tone: "plain" },
  PENDING_REDRIVE: { word: "Redrive pending", tone: "plain" },
  SUCCEEDED: { word: "Succeeded", tone: "good" },
  FAILED: { word: "Failed", tone: "bad" },
  TIMED_OUT: { word: "Timed out", tone: "bad" },
  ABORTED: { word: "Stopped", tone: "warn" },
};

/** Status of an execution. */
export function ExecutionBadge({ status }: { status: ExecutionStatus }): JSX.Element {
  const { word, tone } = executionStatuses[status];
  return <Mark tone={tone} word={word} hollow={status === "RUNNING"} />;
}

/** Status of an execution as people read it. */
export function executionStatusName(status: ExecutionStatus): string {
  return executionStatuses[status].word;
}
