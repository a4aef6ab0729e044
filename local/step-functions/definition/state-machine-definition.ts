import * as z from "zod";
import { expressionPattern } from "../jsonata/expression-text.ts";

/**
 * The Amazon States Language as far as the engine runs it: JSONata only, every field named, everything else refused.
 *
 * @see https://states-language.net/spec.html
 */

const ExpressionSchema = z.string().regex(expressionPattern, "Expected a JSONata expression");

/** Longest name of a state or a variable. */
const nameLimit = 80;

const StateNameSchema = z.string().min(1).max(nameLimit);

const VariableNameSchema = z
  .string()
  .max(nameLimit)
  .regex(/^[\p{L}_][\p{L}\p{N}_]*$/u, "A variable name is a Unicode identifier")
  .refine((name) => name !== "states", "The variable name 'states' is reserved");

const AssignSchema = z.record(VariableNameSchema, z.unknown());

const wholeSeconds = (least: number) => z.int().min(least).max(99_999_999);

const secondsOrExpression = (least: number) =>
  z.union([wholeSeconds(least), ExpressionSchema], {
    error: `Expected a whole number from ${least} to 99999999 or a JSONata expression`,
  });

const ErrorEqualsSchema = z.array(z.string().min(1)).min(1);

const RetrierSchema = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: ErrorEqualsSchema,
  IntervalSeconds: wholeSeconds(1).optional(),
  MaxAttempts: z.int().min(0).max(99_999_999).optional(),
  BackoffRate: z.number().min(1).optional(),
  MaxDelaySeconds: z.int().min(1).max(31_622_399).optional(),
  JitterStrategy: z.enum(["FULL", "NONE"]).optional(),
});

const CatcherSchema = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: ErrorEqualsSchema,
  Next: StateNameSchema,
  Output: z.unknown().optional(),
  Assign: AssignSchema.optional(),
});

const ChoiceRuleSchema = z.strictObject({
  Comment: z.string().optional(),
  Condition: ExpressionSchema,
  Next: StateNameSchema,
  Output: z.unknown().optional(),
  Assign: AssignSchema.optional(),
});

const described = {
  Comment: z.string().optional(),
  QueryLanguage: z.literal("JSONata").optional(),
};
const transition = { Next: StateNameSchema.optional(), End: z.boolean().optional() };
const data = { Output: z.unknown().optional(), Assign: AssignSchema.optional() };
const errorHandling = {
  Retry: z.array(RetrierSchema).optional(),
  Catch: z.array(CatcherSchema).optional(),
};

const PassStateSchema = z.strictObject({ Type: z.literal("Pass"), ...described, ...transition, ...data });

const TaskStateSchema = z.strictObject({
  Type: z.literal("Task"),
  ...described,
  ...transition,
  ...data,
  ...errorHandling,
  Resource: z.string().min(1),
  Arguments: z.unknown().optional(),
  TimeoutSeconds: secondsOrExpression(1).optional(),
  HeartbeatSeconds: secondsOrExpression(1).optional(),
});

const ChoiceStateSchema = z.strictObject({
  Type: z.literal("Choice"),
  ...described,
  ...data,
  Choices: z.array(ChoiceRuleSchema).min(1),
  Default: StateNameSchema.optional(),
});

const WaitStateSchema = z.strictObject({
  Type: z.literal("Wait"),
  ...described,
  ...transition,
  ...data,
  Seconds: secondsOrExpression(0).optional(),
  Timestamp: z
    .union([z.iso.datetime({ offset: true }), ExpressionSchema], {
      error: "Expected an RFC 3339 timestamp or a JSONata expression",
    })
    .optional(),
});

const SucceedStateSchema = z.strictObject({
  Type: z.literal("Succeed"),
  ...described,
  Output: z.unknown().optional(),
});

const FailStateSchema = z.strictObject({
  Type: z.literal("Fail"),
  ...described,
  Error: z.string().optional(),
  Cause: z.string().optional(),
});

const BranchSchema: z.ZodType<WorkflowDefinition> = z.lazy(() => WorkflowSchema);

const ParallelStateSchema = z.strictObject({
  Type: z.literal("Parallel"),
  ...described,
  ...transition,
  ...data,
  ...errorHandling,
  Arguments: z.unknown().optional(),
  Branches: z.array(BranchSchema).min(1),
});

const ItemProcessorSchema: z.ZodType<WorkflowDefinition> = z.lazy(() =>
  WorkflowSchema.extend({ ProcessorConfig: z.strictObject({ Mode: z.literal("INLINE") }).optional() }),
);

const MapStateSchema = z.strictObject({
  Type: z.literal("Map"),
  ...described,
  ...transition,
  ...data,
  ...errorHandling,
  Items: z.union([z.array(z.unknown()), ExpressionSchema]).optional(),
  ItemSelector: z.unknown().optional(),
  MaxConcurrency: z
    .union([z.int().min(0), ExpressionSchema], {
      error: "Expected a whole number from 0 or a JSONata expression",
    })
    .optional(),
  ItemProcessor: ItemProcessorSchema,
});

const StateSchema = z.discriminatedUnion("Type", [
  PassStateSchema,
  TaskStateSchema,
  ChoiceStateSchema,
  WaitStateSchema,
  SucceedStateSchema,
  FailStateSchema,
  ParallelStateSchema,
  MapStateSchema,
]);

const WorkflowSchema = z.strictObject({
  Comment: z.string().optional(),
  StartAt: StateNameSchema,
  States: z
    .record(StateNameSchema, StateSchema)
    .refine((states) => Object.keys(states).length > 0, "The field 'States' should be non-empty"),
});

export const StateMachineDefinitionSchema = WorkflowSchema.extend({
  QueryLanguage: z.literal("JSONata"),
  Version: z.literal("1.0").optional(),
  TimeoutSeconds: wholeSeconds(1).optional(),
});

export type StateDefinition = z.output<typeof StateSchema>;
export type RetrierDefinition = z.output<typeof RetrierSchema>;
export type CatcherDefinition = z.output<typeof CatcherSchema>;
export type StateMachineDefinition = z.output<typeof StateMachineDefinitionSchema>;

/** A set of states with an entry: the whole machine, a branch of a Parallel state, or what a Map state runs per item. */
export interface WorkflowDefinition {
  Comment?: string | undefined;
  StartAt: string;
  States: Record<string, StateDefinition>;
}
