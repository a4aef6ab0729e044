import type { EventEnvelope } from "../../events/envelope.ts";
import type { LocalContext } from "../context.ts";
import type { Place, Rule } from "./event-bus.ts";
import { type DurableMap, durableMap } from "../journal/durable-map.ts";
import { rateOf } from "./schedule-expression.ts";
import { eventTime } from "./target-input.ts";

/** The timers of the rules that have a schedule, and when each schedule began. */
export class Schedules {
  private readonly context: LocalContext;
  private readonly fire: (rule: Rule, event: EventEnvelope) => void;
  /** What ends a rule's timer, by the rule's ARN. */
  private readonly running = new Map<string, () => void>();
  /** When a rule's schedule began, by the rule's ARN. */
  private readonly begun: DurableMap<Date>;

  /** @param fire - Hands a scheduled event to the targets that the rule has then. */
  constructor(context: LocalContext, fire: (rule: Rule, event: EventEnvelope) => void) {
    this.context = context;
    this.fire = fire;
    this.begun = durableMap(context, "events/schedules");
  }

  /** Starts a rule's schedule anew, or ends it where the rule is disabled or has none. The first event comes after one interval. */
  follow(rule: Rule, place: Place): void {
    this.stop(rule.arn);
    if (rule.scheduleExpression === undefined || rule.state === "DISABLED") return;
    this.begun.set(rule.arn, this.context.clock.now());
    this.resume(rule, place);
  }

  /** Takes a schedule up that began in an earlier process: it keeps its moments, and makes up for none that has passed. */
  resume(rule: Rule, place: Place): void {
    const startMs = this.begun.get(rule.arn)?.getTime();
    if (startMs === undefined || rule.scheduleExpression === undefined || this.running.has(rule.arn)) return;
    const { clock, log, newId } = this.context;
    const everyMs = rateOf(rule.scheduleExpression, log);
    const wait = (round: (intervals: number) => number): void => {
      // Counted from the start, so that intervals do not drift, and a machine that slept makes up for none.
      const elapsedMs = clock.now().getTime() - startMs;
      const nextMs = (round(elapsedMs / everyMs) + 1) * everyMs;
      const cancel = clock.after(nextMs - elapsedMs, () => {
        // A timer may go off a little early, which is no reason to go off twice.
        wait(Math.round);
        this.fire(rule, scheduledEvent(rule, place, newId(), clock.now()));
      });
      this.running.set(rule.arn, cancel);
    };
    wait(Math.floor);
  }

  stop(ruleArn: string): void {
    this.running.get(ruleArn)?.();
    this.running.delete(ruleArn);
    this.begun.delete(ruleArn);
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
