import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import type { Operation } from "../wire/operation.ts";
import { operation } from "../wire/operation.ts";
import type { EventBuses, Place, Rule, RuleState } from "./event-bus.ts";
import {
  EventBusNameOrArnSchema,
  RuleNameSchema,
  RuleStateSchema,
  TagListSchema,
  placeOf,
  resolveEventBus,
  ruleArn,
} from "./event-bus.ts";
import { compileEventPattern } from "./event-pattern.ts";
import { PageSchema, pageOf } from "./page.ts";
import { rateOf } from "./schedule-expression.ts";
import type { Schedules } from "./schedules.ts";

/** The API model allows 4096 characters; the service itself refuses more than its quota. */
const maximumPatternLength = 2048;

export const PutRuleSchema = z.strictObject({
  Name: RuleNameSchema,
  EventBusName: EventBusNameOrArnSchema.optional(),
  EventPattern: z.string().max(4096).optional(),
  ScheduleExpression: z.string().max(256).optional(),
  State: RuleStateSchema.default("ENABLED"),
  Description: z.string().max(512).optional(),
  RoleArn: z.string().min(1).max(1600).optional(),
  Tags: TagListSchema.default([]),
});

/**
 * Creates a rule or replaces an existing one; its targets and tags stay, its schedule starts anew.
 *
 * @throws {AwsError} `ValidationException`, `InvalidEventPatternException`, `ResourceNotFoundException` without the bus.
 */
export function putRule(
  context: LocalContext,
  { buses, schedules }: { buses: EventBuses; schedules: Schedules },
  place: Place,
  request: z.output<typeof PutRuleSchema>,
): Rule {
  const { Name, EventPattern = "", ScheduleExpression = "", Description, RoleArn } = request;
  const bus = buses.require(request.EventBusName, place);
  if (EventPattern === "" && ScheduleExpression === "") {
    throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
  }
  if (ScheduleExpression !== "") {
    if (bus.name !== "default") {
      throw invalid("ScheduleExpression is supported only on the default event bus.");
    }
    rateOf(ScheduleExpression, context.log);
  }
  if (EventPattern.length > maximumPatternLength) {
    throw invalid(`Parameter EventPattern for rule ${Name} exceeds limit of ${maximumPatternLength}.`);
  }
  if (EventPattern !== "") compileEventPattern(EventPattern);
  const existing = bus.rules.get(Name);
  const rule: Rule = {
    name: Name,
    arn: ruleArn(place, bus.name, Name),
    eventBusName: bus.name,
    ...(EventPattern === "" ? {} : { eventPattern: EventPattern }),
    ...(ScheduleExpression === "" ? {} : { scheduleExpression: ScheduleExpression }),
    state: request.State,
    tags: existing?.tags ?? Object.fromEntries(request.Tags.map(({ Key, Value }) => [Key, Value])),
    targets: existing?.targets ?? new Map(),
    ...(Description === undefined ? {} : { description: Description }),
    ...(RoleArn === undefined ? {} : { roleArn: RoleArn }),
  };
  bus.rules.set(Name, rule);
  buses.changed(request.EventBusName, place);
  schedules.follow(rule, place);
  return rule;
}

/** Removes a rule whether or not it has targets; does nothing where there is none. */
export function removeRule(
  { buses, schedules }: { buses: EventBuses; schedules: Schedules },
  place: Place,
  ruleName: string,
  eventBusName?: string,
): void {
  const { rules } = buses.require(eventBusName, place);
  const rule = rules.get(ruleName);
  if (rule !== undefined) schedules.stop(rule.arn);
  rules.delete(ruleName);
  buses.changed(eventBusName, place);
}

const RuleReferenceSchema = z.strictObject({
  Name: RuleNameSchema,
  EventBusName: EventBusNameOrArnSchema.optional(),
});

/** The operations on rules. */
export function ruleOperations(
  context: LocalContext,
  state: { buses: EventBuses; schedules: Schedules },
): Record<string, Operation> {
  const { buses, schedules } = state;
  const setState = (action: string, ruleState: RuleState): Operation =>
    operation({
      input: RuleReferenceSchema,
      action,
      resource: ruleArnOf,
      run: ({ Name, EventBusName }, call) => {
        const rule = buses.requireRule(Name, EventBusName, placeOf(call));
        if (rule.state === ruleState) return {};
        rule.state = ruleState;
        buses.changed(EventBusName, placeOf(call));
        schedules.follow(rule, placeOf(call));
        return {};
      },
    });

  return {
    PutRule: operation({
      input: PutRuleSchema,
      action: "events:PutRule",
      resource: ruleArnOf,
      run: (input, call) => ({ RuleArn: putRule(context, state, placeOf(call), input).arn }),
    }),

    DescribeRule: operation({
      input: RuleReferenceSchema,
      action: "events:DescribeRule",
      resource: ruleArnOf,
      run: ({ Name, EventBusName }, call) => ({
        ...describedRule(buses.requireRule(Name, EventBusName, placeOf(call))),
        CreatedBy: call.caller.accountId,
      }),
    }),

    ListRules: operation({
      input: PageSchema.extend({
        EventBusName: EventBusNameOrArnSchema.optional(),
        NamePrefix: RuleNameSchema.default(""),
      }),
      action: "events:ListRules",
      run: ({ EventBusName, NamePrefix, ...paging }, call) => {
        const { rules } = buses.require(EventBusName, placeOf(call));
        const found = [...rules.values()]
          .filter(({ name }) => name.startsWith(NamePrefix))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const { page, NextToken } = pageOf(found, ({ name }) => name, paging);
        return { Rules: page.map(describedRule), NextToken };
      },
    }),

    DeleteRule: operation({
      input: RuleReferenceSchema.extend({ Force: z.boolean().optional() }),
      action: "events:DeleteRule",
      resource: ruleArnOf,
      run: ({ Name, EventBusName }, call) => {
        const { rules } = buses.require(EventBusName, placeOf(call));
        const rule = rules.get(Name);
        if (rule !== undefined && rule.targets.size > 0) {
          throw invalid("Rule can't be deleted since it has targets.");
        }
        removeRule(state, placeOf(call), Name, EventBusName);
        return {};
      },
    }),

    EnableRule: setState("events:EnableRule", "ENABLED"),
    DisableRule: setState("events:DisableRule", "DISABLED"),
  };
}

/** ARN of the rule that a request names, whether or not it exists. */
export function ruleArnOf(
  { Name, EventBusName }: { Name: string; EventBusName?: string | undefined },
  call: Call,
): string {
  const { name, ...place } = resolveEventBus(EventBusName, placeOf(call));
  return ruleArn(place, name, Name);
}

function describedRule(rule: Rule): object {
  const { name, arn, eventBusName, eventPattern, scheduleExpression, state, description, roleArn } = rule;
  return {
    Name: name,
    Arn: arn,
    EventPattern: eventPattern,
    ScheduleExpression: scheduleExpression,
    State: state,
    Description: description,
    RoleArn: roleArn,
    EventBusName: eventBusName,
  };
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
