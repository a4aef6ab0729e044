import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Log } from "../wire/service.ts";
import type { Place } from "./event-bus.ts";
import { compileTargetInput } from "./target-input.ts";

/** Settings of kinds of targets that the local endpoint does not have. */
const foreignMembers = z.object({
  AppSyncParameters: z.unknown().optional(),
  BatchParameters: z.unknown().optional(),
  EcsParameters: z.unknown().optional(),
  HttpParameters: z.unknown().optional(),
  KinesisParameters: z.unknown().optional(),
  RedshiftDataParameters: z.unknown().optional(),
  RunCommandParameters: z.unknown().optional(),
  SageMakerPipelineParameters: z.unknown().optional(),
  SqsParameters: z.unknown().optional(),
});

/**
 * A target as `PutTargets` takes it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
 */
export const TargetSchema = z.strictObject({
  Id: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[.\-_A-Za-z0-9]+$/),
  Arn: z.string().min(1).max(1600),
  RoleArn: z.string().min(1).max(1600).optional(),
  Input: z.string().max(8192).optional(),
  InputPath: z.string().max(256).optional(),
  InputTransformer: z
    .strictObject({
      InputPathsMap: z
        .record(
          z
            .string()
            .min(1)
            .max(256)
            .regex(/^[A-Za-z0-9_-]+$/),
          z.string().max(256),
        )
        .refine((paths) => Object.keys(paths).length <= 100, {
          error: "Member must have length less than or equal to 100",
        })
        .default({}),
      InputTemplate: z.string().min(1).max(8192),
    })
    .optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().min(1).max(1600).optional() }).optional(),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: z.int().min(0).max(185).optional(),
      MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
    })
    .optional(),
  ...foreignMembers.shape,
});

export type Target = z.output<typeof TargetSchema>;

export type TargetKind = "state machine" | "function" | "queue" | "event bus";

/**
 * Refuses what AWS refuses in a target, and every kind of target other than a state machine, a Lambda function, a
 * standard queue and an event bus of the rule's own account.
 *
 * @throws {AwsError} `ValidationException`, `AccessDeniedException` for another account's resource.
 */
export function requireValidTarget(target: Target, place: Place, log: Log): void {
  const kind = targetKind(target.Arn);
  if (kind === undefined) throw unusableTarget(target.Arn, log);
  requireSamePlace(target.Arn, place, kind);
  const foreign = Object.entries(foreignMembers.parse(target)).find(([, value]) => value !== undefined);
  if (foreign !== undefined) {
    throw invalid(`Parameter(s) ${foreign[0]} not supported for target: ${target.Id}.`);
  }
  if (kind === "state machine" && target.RoleArn === undefined) {
    throw invalid(`RoleArn is required for target ${target.Arn}.`);
  }
  if (kind === "event bus" && (target.Input ?? target.InputPath ?? target.InputTransformer) !== undefined) {
    throw invalid(`Modifying the input for target ${target.Id} is not supported.`);
  }
  compileTargetInput(target);
  requireValidDeadLetterQueue(target, place, log);
}

/** @returns nothing for an ARN of any other kind, and for what is no ARN. */
export function targetKind(arn: string): TargetKind | undefined {
  const [, service, resource = ""] = /^arn:aws[\w-]*:([\w-]+):[\w-]*:\d{12}:(.+)$/.exec(arn) ?? [];
  if (service === "states" && resource.startsWith("stateMachine:")) return "state machine";
  if (service === "lambda" && resource.startsWith("function:")) return "function";
  if (service === "events" && resource.startsWith("event-bus/")) return "event bus";
  if (service === "sqs" && !resource.endsWith(".fifo")) return "queue";
  return undefined;
}

function unusableTarget(arn: string, log: Log): AwsError {
  const service = /^arn:aws[\w-]*:([\w-]+):[\w-]*:(?:\d{12})?:.+$/.exec(arn)?.[1];
  if (service === undefined || service === "states" || service === "lambda") {
    return invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  log(`events: a target like ${arn} is not built in the local endpoint`);
  return invalid(`Parameter ${arn} is not valid. Reason: such a target is not built in the local endpoint.`);
}

function requireSamePlace(arn: string, place: Place, kind: TargetKind): void {
  const [, , , region, accountId] = arn.split(":");
  if (accountId !== place.accountId) {
    throw new AwsError(
      "AccessDeniedException",
      `Access to the resource ${arn} is denied. Reason: Adding cross-account target is not permitted.`,
    );
  }
  if (region !== place.region && kind !== "event bus") {
    throw invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
}

function requireValidDeadLetterQueue(target: Target, place: Place, log: Log): void {
  const arn = target.DeadLetterConfig?.Arn;
  if (arn === undefined) return;
  const [prefix, , service = "", region, accountId, resource] = arn.split(":");
  if (prefix !== "arn" || resource === undefined) {
    throw invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  }
  if (service !== "sqs") throw invalid(`${service} is not supported as a dead letter resource.`);
  if (resource.endsWith(".fifo")) throw invalid("SQS FIFO is not supported by Dead Letter Queues.");
  if (region !== place.region) {
    throw invalid(`The dead letter queue ${arn} is not in the region of the rule, ${place.region}.`);
  }
  if (accountId !== place.accountId) {
    log(`events: dead-letter queue ${arn} of another account is not built in the local endpoint`);
    throw invalid("A dead letter queue of another account is not built in the local endpoint.");
  }
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
