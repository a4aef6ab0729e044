import { isDeepStrictEqual } from "node:util";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { RuleDefinition } from "../../stacks/definitions/rules.ts";
import { type Access, awsCommand } from "../access.ts";
import { type Finding, ok, toDo, toDoLater } from "../finding.ts";
import { counted } from "../layout.ts";
import { unseenFinding } from "../reading.ts";
import { ageOf } from "../times.ts";
import type { DeliveryFacts, LiveRule } from "./event-delivery.ts";

interface DeliveryPlace {
  access: Access;
  isDeployed: boolean;
  settings: Pick<Settings, "deployment">;
  now: Date;
}

const deployed = "Deploy the model card account, which makes it.";
const redeploy = "npx sst deploy --stage production";

/** Whether changes of cards reach Cardway: by each rule, and by the sweep that finds what the rules lost. */
export function judgeDelivery({ rules, lastSweep }: DeliveryFacts, place: DeliveryPlace): Finding[] {
  return [
    ...rules.map((rule) => judgeRule(rule, place)),
    ...rules.map((rule) => judgeDeadLetters(rule, place)),
    judgeSweep(lastSweep, place),
  ];
}

function judgeRule(
  { definition, live }: DeliveryFacts["rules"][number],
  { access, isDeployed }: DeliveryPlace,
): Finding {
  const check = `rule ${definition.name}`;
  if ("unseen" in live) return unseenFinding(check, live.unseen);
  if (live.seen === "missing")
    return absent(check, "There is no such rule on the default event bus", isDeployed);
  if (!live.seen.enabled) {
    return toDo(
      check,
      "The rule is disabled, so it starts nothing.",
      "Find out who disabled it (CloudTrail), then enable it; npx cardway sweep finds what it missed.",
      awsCommand(access, `events enable-rule --name ${definition.name}`),
    );
  }
  const faults = faultsOf(definition, live.seen);
  if (faults.length === 0) return ok(check, "It is enabled, and its pattern and target are as defined.");
  return toDo(
    check,
    `It is enabled, but ${faults.join("; ")}.`,
    "Find out who changed it (CloudTrail), then deploy the model card account again. A deployment sees only what was looked at before it.",
    "npx sst refresh --stage production",
    redeploy,
  );
}

function faultsOf(definition: RuleDefinition, { pattern, scheduleExpression, targets }: LiveRule): string[] {
  const { target } = definition;
  const isDue =
    "pattern" in definition
      ? isDeepStrictEqual(parsed(pattern), definition.pattern)
      : scheduleExpression === definition.scheduleExpression;
  const live = targets.find(({ Arn }) => Arn === target.Arn);
  return [
    ...(isDue
      ? []
      : [`its ${"pattern" in definition ? "pattern" : "schedule"} is another than the defined one`]),
    ...(live === undefined ? ["its target is not there"] : []),
    ...(live !== undefined && live.RoleArn !== target.RoleArn ? ["its target has another role"] : []),
    ...(live !== undefined && live.DeadLetterConfig?.Arn !== target.DeadLetterConfig.Arn
      ? ["what it cannot deliver is kept nowhere, or in another queue"]
      : []),
    ...(live !== undefined && !isDeepStrictEqual(live.InputTransformer, target.InputTransformer)
      ? ["it hands over something else than defined"]
      : []),
  ];
}

function parsed(pattern: string | undefined): unknown {
  try {
    return JSON.parse(pattern ?? "null");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function judgeDeadLetters(
  { definition, deadLetters }: DeliveryFacts["rules"][number],
  { isDeployed }: DeliveryPlace,
): Finding {
  const check = `dead letters of ${definition.name}`;
  if ("unseen" in deadLetters) return unseenFinding(check, deadLetters.unseen);
  if (deadLetters.seen === "missing") return absent(check, "The rule has no queue for them", isDeployed);
  if (deadLetters.seen === 0) return ok(check, "None: every event was delivered.");
  return toDo(
    check,
    `${counted(deadLetters.seen, "event")} could not be delivered.`,
    "See why, mend that, and re-drive them.",
    "npx cardway dead-letters",
  );
}

function judgeSweep(
  lastSweep: DeliveryFacts["lastSweep"],
  { isDeployed, settings, now }: DeliveryPlace,
): Finding {
  const check = "last sweep";
  const { sweepEveryHours } = settings.deployment;
  const every = sweepEveryHours === 1 ? "every hour" : `every ${sweepEveryHours} hours`;
  if ("unseen" in lastSweep) return unseenFinding(check, lastSweep.unseen);
  if (lastSweep.seen === "missing") return absent(check, "There is no workflow cardway-sweep", isDeployed);
  if (lastSweep.seen === "none") return ok(check, `None yet; its rule starts one ${every}.`);
  const { status, startedAt } = lastSweep.seen;
  const started = ageOf(startedAt, now);
  if (status !== "SUCCEEDED" && status !== "RUNNING") {
    return toDo(
      check,
      `It began ${started} and ended as ${status}.`,
      "See why, mend that, and sweep again.",
      "npx cardway executions --workflow sweep",
      "npx cardway sweep",
    );
  }
  const lateMs = 2 * sweepEveryHours * 3_600_000;
  if (now.getTime() - Date.parse(startedAt) > lateMs) {
    return toDo(
      check,
      `It began ${started}; one is due ${every}.`,
      "See what is said of the rule cardway-sweep, and sweep.",
      "npx cardway sweep",
    );
  }
  return ok(check, `It began ${started}: ${status}; one is due ${every}.`);
}

function absent(check: string, what: string, isDeployed: boolean): Finding {
  return isDeployed
    ? toDo(check, `${what}.`, deployed, redeploy)
    : toDoLater(check, `${what}, as it should be before the first deploy.`, deployed, redeploy);
}
