import type { EventEnvelope } from "../../events/envelope.ts";
import type { LocalContext } from "../context.ts";
import { describeUnexpected } from "../endpoint/unexpected-error.ts";
import { durableMap } from "../journal/durable-map.ts";
import { deliveryFailure } from "./delivery-failure.ts";
import type { DeliveryFailure } from "./delivery-failure.ts";
import type { IngestedEvent } from "./target-input.ts";
import type { Target } from "./target.ts";

/** What a target answers; the execution's ARN from a state machine. */
export interface TargetAnswer {
  executionArn?: string;
}

/** What became of one attempt to hand an event to one target. */
export interface DeliveryReport {
  event: EventEnvelope;
  ruleName: string;
  targetArn: string;
  /** Of the execution that the event started, for a state machine. */
  executionArn?: string;
  outcome: "delivered" | "retrying" | "dead-lettered" | "dropped";
  /** EventBridge's code, for example `NO_PERMISSIONS`, for every outcome but `delivered`. */
  errorCode?: string;
}

/** One event for one target. Plain data, kept until it is delivered or given up. */
export interface Delivery extends IngestedEvent {
  rule: { arn: string; name: string };
  target: Target;
  /** Whether another bus forwarded the event to the bus of this rule. */
  forwarded: boolean;
  retries: number;
}

/** A delivery that is under way, and when it is tried next. */
interface UnderWay extends Delivery {
  id: string;
  dueAt: Date;
}

/** Waits before the first retry, in milliseconds; each following wait is twice as long. */
const firstBackoffMs = 1000;
/** Longest wait, in milliseconds, so that 185 retries span about a day. */
const longestBackoffMs = 600_000;

/**
 * Hands events to targets, each delivery on its own: retries with exponential back-off and jitter as the target's retry
 * policy says, then the dead-letter queue. By default 185 retries within 24 hours.
 *
 * @param attempt - Calls the target once. Throws `AwsError` or `UndeliverableError` where it does not take the event.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export function createDeliveries(
  context: LocalContext,
  dependencies: {
    attempt: (delivery: Delivery) => Promise<TargetAnswer>;
    sendToDeadLetterQueue: (message: {
      queueArn: string;
      body: string;
      attributes: Record<string, string>;
    }) => void;
    report: (report: DeliveryReport) => void;
  },
): { start(delivery: Delivery): void; resume(): void } {
  /** Every delivery that is under way, as plain data apart from its timer. */
  const underWay = durableMap<UnderWay>(context, "events/deliveries");
  const restored = [...underWay.values()];
  let started = 0;

  function start(delivery: Delivery): void {
    started += 1;
    const now = context.clock.now();
    // Unique also among those of an earlier process.
    const id = `${now.getTime()}/${delivery.rule.arn}/${delivery.target.Id}/${started}`;
    const begun = { ...delivery, id, dueAt: now };
    underWay.set(id, begun);
    void attempt(begun);
  }

  /** An attempt that the end of the process has cut short may have reached the target, and is made again. */
  function resume(): void {
    for (const delivery of restored.splice(0)) {
      const waitMs = delivery.dueAt.getTime() - context.clock.now().getTime();
      context.clock.after(Math.max(0, waitMs), () => void attempt(delivery));
    }
  }

  async function attempt(delivery: UnderWay): Promise<void> {
    let answer: TargetAnswer;
    try {
      answer = await dependencies.attempt(delivery);
    } catch (error) {
      fail(delivery, error);
      return;
    }
    underWay.delete(delivery.id);
    const { executionArn } = answer;
    report(delivery, "delivered", executionArn === undefined ? {} : { executionArn });
  }

  function fail(delivery: UnderWay, error: unknown): void {
    const failure = deliveryFailure(error);
    if (failure === undefined) {
      // A bug, not an answer of AWS: its text may quote the event, so only its place is logged.
      context.log(`events: delivery to ${delivery.target.Arn} broke: ${describeUnexpected(error)}`);
      giveUp(delivery, { errorCode: "INTERNAL_ERROR", errorMessage: "Internal error", retriable: false });
    } else if (failure.retriable) {
      retry(delivery, failure);
    } else {
      giveUp(delivery, failure);
    }
  }

  function retry(delivery: UnderWay, failure: DeliveryFailure): void {
    const { MaximumRetryAttempts = 185, MaximumEventAgeInSeconds = 86_400 } =
      delivery.target.RetryPolicy ?? {};
    if (delivery.retries >= MaximumRetryAttempts) {
      giveUp(delivery, failure, "MaximumRetryAttempts");
      return;
    }
    const ageMs = context.clock.now().getTime() - delivery.ingestedAt.getTime();
    const remainingMs = MaximumEventAgeInSeconds * 1000 - ageMs;
    if (remainingMs <= 0) {
      giveUp(delivery, failure, "MaximumEventAgeInSeconds");
      return;
    }
    const backoffMs = Math.min(firstBackoffMs * 2 ** delivery.retries, longestBackoffMs);
    const waitMs = Math.min(backoffMs * (0.5 + context.random() / 2), remainingMs);
    delivery.retries += 1;
    delivery.dueAt = new Date(context.clock.now().getTime() + waitMs);
    underWay.touch(delivery.id);
    report(delivery, "retrying", { errorCode: failure.errorCode });
    context.clock.after(waitMs, () => void attempt(delivery));
  }

  function giveUp(delivery: UnderWay, failure: DeliveryFailure, exhaustedRetryCondition?: string): void {
    underWay.delete(delivery.id);
    const { errorCode } = failure;
    const deadLettered = sendToDeadLetterQueue(delivery, {
      RULE_ARN: delivery.rule.arn,
      TARGET_ARN: delivery.target.Arn,
      ERROR_CODE: errorCode,
      ERROR_MESSAGE: failure.errorMessage,
      ...(exhaustedRetryCondition === undefined
        ? {}
        : { EXHAUSTED_RETRY_CONDITION: exhaustedRetryCondition }),
      RETRY_ATTEMPTS: String(delivery.retries),
    });
    report(delivery, deadLettered ? "dead-lettered" : "dropped", { errorCode });
  }

  /** @returns whether the event is kept now. */
  function sendToDeadLetterQueue(delivery: Delivery, attributes: Record<string, string>): boolean {
    const queueArn = delivery.target.DeadLetterConfig?.Arn;
    if (queueArn === undefined) return false;
    try {
      dependencies.sendToDeadLetterQueue({ queueArn, body: delivery.text, attributes });
      return true;
    } catch (error) {
      const reason = deliveryFailure(error)?.errorCode ?? describeUnexpected(error);
      context.log(`events: dead-letter queue ${queueArn} did not take an event: ${reason}`);
      return false;
    }
  }

  function report(
    { event, rule, target }: Delivery,
    outcome: DeliveryReport["outcome"],
    details: { executionArn?: string; errorCode?: string },
  ): void {
    if (details.errorCode !== undefined) {
      context.log(`events: rule ${rule.name}, target ${target.Arn}: ${outcome}, ${details.errorCode}`);
    }
    dependencies.report({ event, ruleName: rule.name, targetArn: target.Arn, outcome, ...details });
  }

  return { start, resume };
}
