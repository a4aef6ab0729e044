import { SQSClient } from "@aws-sdk/client-sqs";
import type { ActOutcome } from "../../functions/operate/act.ts";
import { type Deployment, sweepStateMachineArn } from "../../stacks/definitions/deployment.ts";
import { deadLetterQueues, startedByRules } from "../../stacks/definitions/rules.ts";
import type { Access } from "../access.ts";
import { counted } from "../layout.ts";
import type { Progress } from "../progress.ts";
import type { Screen } from "../screen.ts";
import { unseenFinding } from "../reading.ts";
import { type DeadLetter, deadLetterOf } from "./dead-letter.ts";
import { giveBack, readQueue } from "./queues.ts";
import { type Outcome, type StartOfBatch, discard, redrive } from "./redrive.ts";
import { type QueueReport, listWords, outcomeWords, reportJson } from "./report.ts";

/** What somebody wants done with dead letters; nothing, where they only look. */
export interface Wish {
  redrive: boolean;
  /** Ids of messages. */
  discard: readonly string[];
  json: boolean;
}

interface World {
  access: Access;
  deployment: Deployment;
  write: (text: string) => void;
  screen: Screen;
  /** Says what is about to be done, and asks whether to go on. */
  agree: (what: string) => Promise<boolean>;
  /** Puts on record that somebody discards so many messages. */
  recordDiscard: (messages: number) => Promise<unknown>;
  /** Starts what messages should have started, on record with who asks. */
  start: (act: StartOfBatch) => Promise<ActOutcome>;
  progress: Pick<Progress, "show" | "end">;
  /** How long a call waits for the last messages of a queue. */
  waitSeconds: number;
}

/** How long messages stay out of others' sight at most, should this end before it gives them back: 15 minutes. */
const visibilitySeconds = 900;

/**
 * Lists the dead letters of every rule, and re-drives or discards them where that is asked for.
 *
 * @returns the exit code: 1 where a queue could not be read, or a message is still there that should not be.
 */
export async function deadLetters(
  { redrive: isRedrive, discard: toDiscard, json }: Wish,
  {
    access: { profile: _named, ...access },
    deployment,
    write,
    screen,
    agree,
    recordDiscard,
    start,
    progress,
    waitSeconds,
  }: World,
): Promise<0 | 1> {
  const config = { maxAttempts: 5, ...access };
  const sqs = new SQSClient(config);
  const place = { accountId: deployment.modelCardAccountId, region: deployment.region };
  const urls = new Map<string, string>();
  const started: Record<string, string> = startedByRules(deployment);
  const sweepArn = sweepStateMachineArn(deployment);

  const queues = await Promise.all(
    deadLetterQueues(deployment).map(async ({ queueName, ruleName }): Promise<QueueReport> => {
      const contents = await readQueue(
        sqs,
        { queueName, accountId: place.accountId },
        { visibilitySeconds, waitSeconds },
      );
      if ("unseen" in contents) {
        const unread = unseenFinding(queueName, contents.unseen);
        return { ruleName, queueName, letters: [], hidden: 0, unread };
      }
      const { queueUrl, messages, hidden, unseen } = contents.seen;
      urls.set(ruleName, queueUrl);
      const starts = started[ruleName] === sweepArn ? "sweep" : "promotion";
      const letters = messages.map((message) => deadLetterOf(message, ruleName, starts));
      const unread = unseen === undefined ? {} : { unread: unseenFinding(queueName, unseen) };
      return { ruleName, queueName, letters, hidden, ...unread };
    }),
  );
  const letters = queues.flatMap((queue) => queue.letters);
  if (!json) write(listWords(queues, place, screen));

  const dependencies = {
    sqs,
    start,
    queueUrlOf: (ruleName: string) => urls.get(ruleName) ?? "",
    show: (done: number) => progress.show(done, redriven.length, "messages"),
  };
  const isDiscarded = ({ messageId }: DeadLetter): boolean => toDiscard.includes(messageId);
  const discarded = letters.filter(isDiscarded);
  const redriven = isRedrive ? letters.filter((letter) => !isDiscarded(letter)) : [];
  const absent = toDiscard.filter((id) => !discarded.some(({ messageId }) => messageId === id));

  const outcomes = new Map<string, Outcome>();
  const chosen = [...redriven, ...discarded];
  const startable = redriven.filter(({ subject }) => subject.kind !== "malformed");
  const isQuestion = startable.length + discarded.length > 0;
  try {
    if (chosen.length > 0 && (!isQuestion || (await agree(questionOf(startable, discarded))))) {
      if (discarded.length > 0) await recordDiscard(discarded.length);
      for (const [id, outcome] of await discard(discarded, dependencies)) outcomes.set(id, outcome);
      for (const [id, outcome] of await redrive(redriven, dependencies)) outcomes.set(id, outcome);
    }
  } finally {
    progress.end();
    const staying = letters.filter(({ messageId }) => !isGone(outcomes.get(messageId)));
    for (const { ruleName, receiptHandle } of staying) {
      await giveBack(sqs, dependencies.queueUrlOf(ruleName), receiptHandle);
    }
  }

  if (json) write(reportJson(queues, outcomes, place));
  else if (outcomes.size > 0) {
    write(outcomeWords(letters, outcomes));
  }
  if (!json) for (const id of absent) write(`There is no message ${id} in any queue.\n`);
  const isIncomplete = [...outcomes.values()].some((outcome) => "failed" in outcome);
  return isIncomplete || absent.length > 0 || queues.some(({ unread }) => unread !== undefined) ? 1 : 0;
}

function isGone(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && "done" in outcome;
}

function questionOf(redriven: readonly DeadLetter[], discarded: readonly DeadLetter[]): string {
  const are = (count: number): string => (count === 1 ? "is" : "are");
  return [
    ...(redriven.length > 0
      ? [`${counted(redriven.length, "event")} ${are(redriven.length)} re-driven`]
      : []),
    ...(discarded.length > 0
      ? [`${counted(discarded.length, "message")} ${are(discarded.length)} discarded`]
      : []),
  ].join(", and ");
}
