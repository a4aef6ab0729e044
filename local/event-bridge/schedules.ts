import type { EventEnvelope } from "../../events/envelope.ts";
import type { LocalContext } from "../context.ts";
import type { Place, Rule } from "./event-bus.ts";
import { rateOf } from "./schedule-expression.ts";
import { eventTime } from "./target-input.ts";

/** The timers of the rules that have a schedule. A rule's own data says nothing of them. */
export class Schedules {
  private readonly context: LocalContext;
  private readonly fire: (rule: Rule, event: EventEnvelope) => void;
  /** What ends a rule's timer, by the rule's ARN. */
  private readonly running = new Map<string, () => void>();

  /** @param fire - Hands a scheduled event to the targets that the rule has then. */
  constructor(context: LocalContext, fire: (rule: Rule, event: EventEnvelope) => void) {
    this.context = context;
    this.fire = fire;
  }

  /** Starts a rule's schedule anew, or ends it where the rule is disabled or has none. The first event comes after one interval. */
  follow(rule: Rule, place: Place): void {
    this.stop(rule.arn);
    if (rule.scheduleExpression === undefined || rule.state === "DISABLED") return;
    const { clock, log, newId } = this.context;
    const everyMs = rateOf(rule.scheduleExpression, log);
    const startMs = clock.now().getTime();
    const wait = (): void => {
      // Counted from the start, so that intervals do not drift, and a machine that slept makes up for none.
      const elapsedMs = clock.now().getTime() - startMs;
      const nextMs = (Math.round(elapsedMs / everyMs) + 1) * everyMs;
      const cancel = clock.after(nextMs - elapsedMs, () => {
        wait();
        this.fire(rule, scheduledEvent(rule, place, newId(), clock.now()));
      });
      this.running.set(rule.arn, cancel);
    };
    wait();
  }

  stop(ruleArn: string): void {
    this.running.get(ruleArn)?.();
    this.running.delete(ruleArn);
  }
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-events.html */
function scheduledEvent({ arn }: Rule, { accountId, region }: Place, id: string, now: Date): EventEnvelope {
  return {
    version: "0",
    id,
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: accountId,
    time: eventTime(now),
    region,
    resources: [arn],
    detail: {},
  };
}
