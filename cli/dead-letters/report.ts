import { nameOf } from "../../functions/aws/sagemaker.ts";
import type { Open } from "../finding.ts";
import { counted, paragraph } from "../layout.ts";
import type { Place } from "../place.ts";
import type { Screen } from "../screen.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { effortOf, explain } from "./explain.ts";
import type { Outcome } from "./redrive.ts";

/** What was found in one rule's queue. */
export interface QueueReport {
  ruleName: string;
  queueName: string;
  letters: DeadLetter[];
  /** Messages that somebody else has received and not given back. */
  hidden: number;
  /** Why there may be more. */
  unread?: Open;
}

/** What there is, in words: by queue, and in it by reason. */
export function listWords(
  queues: readonly QueueReport[],
  { accountId, region }: Place,
  screen: Screen,
): string {
  const blocks = queues.map((queue) => [
    headOf(queue),
    ...byCode(queue.letters).flatMap((letters) => reasonLines(letters, screen)),
    ...(queue.hidden > 0
      ? [
          `  ${counted(queue.hidden, "other message")} received by somebody else and not given back; look again in some minutes.`,
        ]
      : []),
    ...(queue.unread === undefined
      ? []
      : [lines(queue.unread.saw, screen), lines(queue.unread.advice, screen, "→ ")]),
    "",
  ]);
  return [`Undeliverable events of account ${accountId} in ${region}.`, "", ...blocks.flat(), ""].join("\n");
}

function headOf({ queueName, letters, unread }: QueueReport): string {
  const events = counted(letters.length, "event");
  if (unread === undefined) return `${queueName}: ${events}`;
  return letters.length === 0 ? `${queueName}: could not be read` : `${queueName}: ${events}, perhaps more`;
}

/** Lines without the end of the last one. */
function lines(text: string, screen: Screen, mark = ""): string {
  return paragraph(text, screen, 2 + mark.length, mark).trimEnd();
}

function reasonLines([first, ...others]: [DeadLetter, ...DeadLetter[]], screen: Screen): string[] {
  const letters = [first, ...others];
  const { code } = first.failure;
  const { meaning, advice } = explain(first.failure);
  const said = new Set(letters.flatMap(({ failure }) => failure.message ?? []));
  return [
    "",
    lines(`${code === "" ? "No code" : code}: ${meaning}`, screen),
    ...[...said].map((message) => lines(`AWS says: ${message}`, screen)),
    lines(advice, screen, "→ "),
    ...letters.flatMap((letter) => [
      `    ${letter.messageId}  ${letter.sentAt}`,
      paragraph(`${titleOf(letter)}, ${effortOf(letter.failure)}`, screen, 6).trimEnd(),
    ]),
  ];
}

function byCode(letters: readonly DeadLetter[]): [DeadLetter, ...DeadLetter[]][] {
  const groups = new Map<string, [DeadLetter, ...DeadLetter[]]>();
  for (const letter of letters.toSorted((a, b) => a.sentAt.localeCompare(b.sentAt))) {
    const group = groups.get(letter.failure.code);
    if (group === undefined) groups.set(letter.failure.code, [letter]);
    else group.push(letter);
  }
  return [...groups.values()];
}

/** What an event is about, in a few words. */
function titleOf({ subject }: DeadLetter): string {
  if (subject.kind === "card") return nameOf(subject.modelCardArn);
  return subject.kind === "sweep" ? "the sweep" : `malformed (${subject.why})`;
}

/** What became of messages, and which of them are still there. */
export function outcomeWords(letters: readonly DeadLetter[], outcomes: ReadonlyMap<string, Outcome>): string {
  const done = { "re-driven": 0, discarded: 0 };
  const started = new Set<string>();
  const failed: string[] = [];
  for (const letter of letters) {
    const outcome = outcomes.get(letter.messageId);
    if (outcome === undefined) continue;
    if ("failed" in outcome) {
      failed.push(`  ${letter.messageId}  ${titleOf(letter)}: ${outcome.failed}.`);
      continue;
    }
    done[outcome.done] += 1;
    if (outcome.done === "re-driven") started.add(outcome.executionArn);
  }
  return [
    ...(done["re-driven"] > 0
      ? [`${counted(done["re-driven"], "event")} re-driven by ${counted(started.size, "execution")}.`]
      : []),
    ...(done.discarded > 0 ? [`${counted(done.discarded, "message")} discarded.`] : []),
    ...(failed.length > 0 ? [`${counted(failed.length, "message")} still in the queue:`, ...failed] : []),
    "",
  ].join("\n");
}

/** The same for machines. */
export function reportJson(
  queues: readonly QueueReport[],
  outcomes: ReadonlyMap<string, Outcome>,
  place: Place,
): string {
  const report = {
    ...place,
    queues: queues.map(({ letters, ...queue }) => ({
      ...queue,
      letters: letters.map(({ receiptHandle: _handle, ...letter }) => ({
        ...letter,
        ...explain(letter.failure),
        ...(outcomes.has(letter.messageId) && { outcome: outcomes.get(letter.messageId) }),
      })),
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
