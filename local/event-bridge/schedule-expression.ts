import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";

const unitMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * How often a `ScheduleExpression` asks for an event, in milliseconds: `rate(1 hour)`, `rate(2 hours)`.
 *
 * @throws {AwsError} `ValidationException` for what is no expression, and for `cron(…)`, which is not built.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function rateOf(expression: string, log: LocalContext["log"]): number {
  if (/^cron\(.*\)$/.test(expression)) {
    log("events: a ScheduleExpression with cron is not built in the local endpoint");
    throw notValid(" Reason: cron is not built in the local endpoint; use rate.");
  }
  const [, count = "", unit = "", plural = ""] =
    /^rate\(([1-9][0-9]{0,8}) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const everyMs = unitMs[unit];
  // AWS takes `1 hour` and `2 hours`, and neither `1 hours` nor `2 hour`.
  if (everyMs === undefined || (count === "1") !== (plural === "")) throw notValid();
  return Number(count) * everyMs;
}

function notValid(reason = ""): AwsError {
  return new AwsError("ValidationException", `Parameter ScheduleExpression is not valid.${reason}`);
}
