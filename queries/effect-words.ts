import * as z from "zod";
import type { AuditEntry } from "../functions/records/audit-chain.ts";

/** The members of effects that say what an effect is, for people. Whatever else is in it is left out. */
const DetailSchema = z.object({
  audience: z.object({ stage: z.string(), accountId: z.string(), access: z.string() }).optional(),
  state: z.string().optional(),
  outcome: z.string().optional(),
  applied: z.boolean().optional(),
  approverId: z.string().optional(),
  approverIds: z.array(z.string()).optional(),
  deputyIds: z.array(z.string()).optional(),
  recipientId: z.string().optional(),
  kind: z.string().optional(),
  stage: z.string().optional(),
  accountId: z.string().optional(),
  accessRemoved: z.boolean().optional(),
  error: z.string().optional(),
  status: z.string().optional(),
  restored: z.string().optional(),
  fromVersion: z.number().optional(),
  toVersion: z.number().optional(),
  act: z.string().optional(),
  operator: z.string().optional(),
  messages: z.number().optional(),
  dryRun: z.boolean().optional(),
});

type Detail = z.output<typeof DetailSchema>;

const words: Record<string, (detail: Detail) => string> = {
  AccessGranted: ({ audience }) => `${audience?.stage} (${audience?.accountId}) has ${audience?.access}`,
  AccessRevoked: ({ audience }) =>
    `${audience?.stage} (${audience?.accountId}) has ${audience?.access} no more`,
  AccessWaiting: ({ audience, state }) => `${audience?.stage} (${audience?.accountId}) waits: ${state}`,
  ApprovalRequested: ({ approverIds = [] }) => `asked ${approverIds.join(", ")}`,
  ApproversReminded: ({ approverIds = [] }) => `reminded ${approverIds.join(", ")}`,
  ApprovalEscalated: ({ deputyIds = [] }) => `asked the deputies ${deputyIds.join(", ")}`,
  ApprovalDecided: ({ outcome, approverId, applied }) =>
    `the request ended: ${outcome}${approverId === undefined ? "" : ` by ${approverId}`}${applied === false ? ", without effect" : ""}`,
  ApprovalUndone: ({ status, restored }) => `${status} fell on another version, set back to ${restored}`,
  NotificationFailed: ({ kind, recipientId }) =>
    `the ${kind} to ${recipientId ?? "nobody in the settings"} could not be sent`,
  PromotionCompleted: ({ outcome }) => `done: ${outcome}`,
  PromotionFailed: ({ error }) => `failed: ${error}`,
  ReadOnlyBroken: ({ stage, accountId, accessRemoved }) =>
    `${stage} (${accountId}) could write${accessRemoved === true ? ", its access was taken away" : ""}`,
  ReviewReopened: () => "set back to PendingReview",
  UpdateReverted: ({ stage, accountId, fromVersion, toVersion }) =>
    `set back what ${stage} (${accountId}) wrote: version ${fromVersion} to ${toVersion}`,
  OperatorActed: ({ act, operator, messages, dryRun }) =>
    `${operator}: ${act}${messages === undefined ? "" : ` ${messages}`}${dryRun === true ? ", dry run" : ""}`,
};

/** What an entry of the audit says, in a few words for people. */
export function effectWords({ detailType, detail }: Pick<AuditEntry, "detailType" | "detail">): string {
  const parsed = DetailSchema.safeParse(detail);
  const of = Object.hasOwn(words, detailType) ? words[detailType] : undefined;
  return parsed.success && of !== undefined ? of(parsed.data) : detailType;
}
