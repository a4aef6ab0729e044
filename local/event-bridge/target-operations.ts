import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Operation } from "../wire/operation.ts";
import { operation } from "../wire/operation.ts";
import type { EventBuses, Place } from "./event-bus.ts";
import { EventBusNameOrArnSchema, RuleNameSchema, placeOf } from "./event-bus.ts";
import { PageSchema, pageOf } from "./page.ts";
import { ruleArnOf } from "./rule-operations.ts";
import type { Target } from "./target.ts";
import { TargetSchema, requireValidTarget } from "./target.ts";

const maximumTargetsPerRule = 5;

const RuleSchema = z.strictObject({ Rule: RuleNameSchema, EventBusName: EventBusNameOrArnSchema.optional() });

export const PutTargetsSchema = RuleSchema.extend({ Targets: z.array(TargetSchema).min(1).max(100) });

/**
 * Adds targets to a rule, or replaces those with the same id. Refuses all if it refuses one.
 *
 * @throws {AwsError} `ValidationException`, `AccessDeniedException`, `LimitExceededException` above five targets,
 *   `ResourceNotFoundException` without the rule.
 */
export function putTargets(
  context: LocalContext,
  buses: EventBuses,
  place: Place,
  { Rule, EventBusName, Targets }: z.output<typeof PutTargetsSchema>,
): void {
  const rule = buses.requireRule(Rule, EventBusName, place);
  for (const target of Targets) requireValidTarget(target, place, context.log);
  const ids = new Set([...rule.targets.keys(), ...Targets.map(({ Id }) => Id)]);
  if (ids.size > maximumTargetsPerRule) {
    throw new AwsError(
      "LimitExceededException",
      "The requested resource exceeds the maximum number allowed.",
    );
  }
  for (const target of Targets) rule.targets.set(target.Id, target);
  buses.changed(EventBusName, place);
}

/** The operations on targets of rules. */
export function targetOperations(context: LocalContext, buses: EventBuses): Record<string, Operation> {
  const arnOfRule = (
    { Rule, EventBusName }: z.output<typeof RuleSchema>,
    call: Parameters<typeof ruleArnOf>[1],
  ): string => ruleArnOf({ Name: Rule, EventBusName }, call);

  return {
    PutTargets: operation({
      input: PutTargetsSchema,
      action: "events:PutTargets",
      resource: arnOfRule,
      run: (input, call) => {
        putTargets(context, buses, placeOf(call), input);
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    }),

    ListTargetsByRule: operation({
      input: RuleSchema.extend(PageSchema.shape),
      action: "events:ListTargetsByRule",
      resource: arnOfRule,
      run: ({ Rule, EventBusName, ...paging }, call) => {
        const { targets } = buses.requireRule(Rule, EventBusName, placeOf(call));
        const sorted = [...targets.values()].sort((a, b) => (a.Id < b.Id ? -1 : 1));
        const { page, NextToken } = pageOf<Target>(sorted, ({ Id }) => Id, paging);
        return { Targets: page, NextToken };
      },
    }),

    RemoveTargets: operation({
      input: RuleSchema.extend({
        Ids: z.array(TargetSchema.shape.Id).min(1).max(100),
        Force: z.boolean().optional(),
      }),
      action: "events:RemoveTargets",
      resource: arnOfRule,
      run: ({ Rule, EventBusName, Ids }, call) => {
        const { targets } = buses.requireRule(Rule, EventBusName, placeOf(call));
        for (const id of Ids) targets.delete(id);
        buses.changed(EventBusName, placeOf(call));
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    }),

    ListRuleNamesByTarget: operation({
      input: PageSchema.extend({
        TargetArn: z.string().min(1).max(1600),
        EventBusName: EventBusNameOrArnSchema.optional(),
      }),
      action: "events:ListRuleNamesByTarget",
      run: ({ TargetArn, EventBusName, ...paging }, call) => {
        const { rules } = buses.require(EventBusName, placeOf(call));
        const names = [...rules.values()]
          .filter(({ targets }) => [...targets.values()].some(({ Arn }) => Arn === TargetArn))
          .map(({ name }) => name)
          .sort();
        const { page, NextToken } = pageOf(names, (name) => name, paging);
        return { RuleNames: page, NextToken };
      },
    }),
  };
}
