import * as z from "zod";
import { ConsoleSettingsSchema } from "./console-settings.ts";
import { HostedDomainSchema } from "./hosted-domain.ts";
import { PersonaSettingsSchema } from "./persona-settings.ts";

/** Days that CloudWatch Logs can keep a log for. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const KeyIdSchema = z.guid("must be the id of a KMS key, for example 1234abcd-12ab-34cd-56ef-1234567890ab");

/** Where and how Cardway stands in AWS. No part of the policy that requests are decided by. */
export const DeploymentSettingsSchema = z.strictObject({
  /** Region that the cards are in. RAM shares within a Region, so all of Cardway stands there. */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, "must be an AWS Region, for example eu-west-1")
    // Every ARN of Cardway's begins with arn:aws.
    .regex(
      /^(?!cn-|us-gov-|us-iso|eu-isoe-)/,
      "is a Region of another partition than aws, for which Cardway is not made",
    )
    .default("us-east-1"),
  /** Whether the deployment makes the sender an identity of SES, or the address or its domain is one already. */
  senderIdentity: z.enum(["create", "existing"]).default("create"),
  /**
   * Ids of the KMS keys that an earlier removal kept: the deployment takes them over, with the table and its records, instead of
   * making new ones. May stay in the settings.
   */
  keptKeys: z.strictObject({ links: KeyIdSchema, data: KeyIdSchema }).optional(),
  /** Addresses that hear of alarms. */
  operators: z.array(z.email({ error: "must be an e-mail address" })).default([]),
  /** Address of the approval page; API Gateway's own where it is left out. */
  approvalPageDomain: HostedDomainSchema.optional(),
  /** Who signs in to the operations console, and how; without it there is no console. */
  console: ConsoleSettingsSchema.optional(),
  /** Hours from one comparison of all cards with their access to the next: an alarm tells of two that are missing in its week. */
  sweepEveryHours: z.int().min(1).max(84).default(1),
  /** How many days logs are kept. The records of what was decided are kept for good, whatever this says. */
  logRetentionDays: z.literal(retentionDays).default(365),
  /** Customer managed keys that cards are encrypted with, in the model card account and its Region. */
  cardKeyArns: z
    .array(
      z
        .string()
        .regex(/^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key\/[a-zA-Z0-9-]+$/, "must be the ARN of a KMS key"),
    )
    .default([]),
  /** Roles, by ARN with `*`, that deploy stage accounts: the service control policy lets nobody else change what they make. */
  stageDeployerArns: z
    .array(z.string().regex(/^arn:aws:iam::(\*|[0-9]{12}):role\/\S+$/, "must be the ARN of an IAM role"))
    .min(1)
    .default([
      "arn:aws:iam::*:role/stacksets-exec-*",
      "arn:aws:iam::*:role/AWSCloudFormationStackSetExecutionRole",
    ]),
  /** Who may take the persona roles, and under which conditions. */
  personas: PersonaSettingsSchema.prefault({}),
});
