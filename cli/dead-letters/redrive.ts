import type { SQSClient } from "@aws-sdk/client-sqs";
import { v5 as uuidV5 } from "uuid";
import { CardwayError } from "../../functions/errors.ts";
import type { ActOutcome } from "../../functions/operate/act.ts";
import { type Reading, read } from "../reading.ts";
import type { DeadLetter } from "./dead-letter.ts";
import { remove } from "./queues.ts";

/** What became of one message. */
export type Outcome =
  | { done: "re-driven"; executionArn: string }
  | { done: "discarded" }
  /** It is still in its queue. */
  | { failed: string };

interface Dependencies {
  sqs: SQSClient;
  /** Starts what messages should have started, on record with who asks. */
  start: (act: StartOfBatch) => Promise<ActOutcome>;
  queueUrlOf: (ruleName: string) => string;
  /** Is told how many messages have their outcome. */
  show: (done: number) => void;
}

/** What is asked for of the messages that one execution settles. */
export interface StartOfBatch {
  act: "redrive-dead-letters";
  /** Derived from the newest message. */
  actId: string;
  messages: number;
  modelCardArn?: string;
}

/** Messages that one execution settles, the newest last: all of one card, or all of the sweep's. */
interface Batch {
  modelCardArn?: string;
  letters: DeadLetter[];
}

/** Namespace of the ids of acts, which name executions, so that the same message starts the same one. */
const executionNamespace = "6a3f9d52-8c1e-4b70-9a64-2d0e7f5b1c38";

/** How many batches are at work at once. */
const atOnce = 5;

/**
 * Starts what each event should have started, once for a card however many events name it, and deletes messages whose
 * execution has started. Safe to repeat, and to run twice at a time: an execution is named after the newest of its messages,
 * which is deleted last, so whoever comes again after an interruption starts it no second time, and an event that came
 * meanwhile starts another.
 *
 * @returns what became of each message, by its id. One that fails keeps no other from being re-driven.
 */
export async function redrive(
  letters: DeadLetter[],
  dependencies: Dependencies,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const { messageId, subject } of letters) {
    if (subject.kind !== "malformed") continue;
    outcomes.set(messageId, { failed: "there is nothing to start; discard it once you know why" });
  }
  const batches = batchesOf(letters);
  await inTurns(batches, async (batch) => {
    await redriveBatch(batch, outcomes, dependencies);
    dependencies.show(outcomes.size);
  });
  return outcomes;
}

/** Deletes messages without starting anything. */
export async function discard(
  letters: DeadLetter[],
  { sqs, queueUrlOf }: Pick<Dependencies, "sqs" | "queueUrlOf">,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  await inTurns(letters, async ({ messageId, receiptHandle, ruleName }) => {
    const removed = await remove(sqs, queueUrlOf(ruleName), receiptHandle);
    outcomes.set(messageId, "seen" in removed ? { done: "discarded" } : { failed: refusal(removed) });
  });
  return outcomes;
}

function batchesOf(letters: DeadLetter[]): Batch[] {
  const batches = new Map<string, Batch>();
  const newestLast = letters.toSorted(
    (a, b) => a.sentAt.localeCompare(b.sentAt) || a.messageId.localeCompare(b.messageId),
  );
  for (const letter of newestLast) {
    const { subject } = letter;
    if (subject.kind === "malformed") continue;
    const key = subject.kind === "card" ? subject.modelCardArn : "";
    const batch = batches.get(key) ?? {
      letters: [],
      ...(subject.kind === "card" && { modelCardArn: subject.modelCardArn }),
    };
    batch.letters.push(letter);
    batches.set(key, batch);
  }
  return [...batches.values()];
}

async function redriveBatch(
  batch: Batch,
  outcomes: Map<string, Outcome>,
  { sqs, start, queueUrlOf }: Dependencies,
): Promise<void> {
  const { modelCardArn, letters } = batch;
  const actId = uuidV5(letters.at(-1)?.messageId ?? "", executionNamespace);
  const started = await startedBy(() =>
    start({
      act: "redrive-dead-letters",
      actId,
      messages: letters.length,
      ...(modelCardArn !== undefined && { modelCardArn }),
    }),
  );
  if ("failed" in started) {
    for (const { messageId } of letters) outcomes.set(messageId, started);
    return;
  }
  const { executionArn } = started;
  // The newest, whose name the execution has, may go only when the others are gone.
  let failed: string | undefined;
  for (const { messageId, receiptHandle, ruleName } of letters) {
    if (failed === undefined) {
      const removed = await remove(sqs, queueUrlOf(ruleName), receiptHandle);
      if ("unseen" in removed) failed = `its execution has started, but ${refusal(removed)}`;
    }
    outcomes.set(messageId, failed === undefined ? { done: "re-driven", executionArn } : { failed });
  }
}

/** What was started; why nothing was, where AWS or Cardway's function refuses. */
async function startedBy(
  start: () => Promise<ActOutcome>,
): Promise<{ executionArn: string } | { failed: string }> {
  try {
    const reading = await read("lambda:InvokeFunction", start);
    if ("unseen" in reading) return { failed: refusal(reading) };
    return { executionArn: reading.seen.executionArn ?? "" };
  } catch (error) {
    if (error instanceof CardwayError) return { failed: error.message.replace(/\.$/, "") };
    throw error;
  }
}

function refusal(reading: Extract<Reading<unknown>, { unseen: unknown }>): string {
  const { action, errorName } = reading.unseen;
  return `AWS refused ${action} with ${errorName}`;
}

/** A few at once, so that a full queue does not take an hour, and AWS is not asked a thousand things in one moment. */
async function inTurns<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
