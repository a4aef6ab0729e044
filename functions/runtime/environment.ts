import * as z from "zod";

/** What each function reads from its environment; `stacks/definitions/functions.ts` sets exactly these. */
export const TableEnvironmentSchema = z.object({ TABLE_NAME: z.string().min(1) });

/** For functions that keep effects and announce them. */
export const EffectsEnvironmentSchema = TableEnvironmentSchema.extend({ EVENT_BUS_NAME: z.string().min(1) });

/** For functions that send mails. */
export const MailEnvironmentSchema = EffectsEnvironmentSchema.extend({
  /** Name of the configuration set that mails are sent with. */
  CONFIGURATION_SET_NAME: z.string().min(1),
});

/** For the function that asks approvers. */
export const RequestApprovalEnvironmentSchema = MailEnvironmentSchema.extend({
  /** KMS key, by its alias, that signs the links of new requests. */
  LINK_KEY_ID: z.string().min(1),
  /** Base address of the approval page, without a slash at the end. */
  APPROVAL_PAGE_URL: z.url(),
});

/** For the approval page. */
export const ApprovalPageEnvironmentSchema = TableEnvironmentSchema.extend({
  STATE_MACHINE_ARN: z.string().min(1),
});

/** For the function that signs people in to the operations console. */
export const ConsoleLoginEnvironmentSchema = z.object({
  /** Base address of the console, without a slash at the end. */
  CONSOLE_URL: z.url(),
});

/** For the sweep. */
export const SweepEnvironmentSchema = EffectsEnvironmentSchema.extend({
  /** ARN of the promotion workflow. */
  STATE_MACHINE_ARN: z.string().min(1),
});

/** For what operators set going. */
export const OperateEnvironmentSchema = SweepEnvironmentSchema.extend({
  /** ARN of the sweep's workflow. */
  SWEEP_STATE_MACHINE_ARN: z.string().min(1),
  /** ARN of the function itself, which acts about no execution name as what recorded them. */
  FUNCTION_ARN: z.string().min(1),
});

/** For the function that retires shares. */
export const RetireSharesEnvironmentSchema = EffectsEnvironmentSchema.extend({
  /** ARN of the function itself, which its effects name as what caused them. */
  FUNCTION_ARN: z.string().min(1),
  /** What removing Cardway keeps, one sentence a line. */
  KEPT: z.string().transform((text) => text.split("\n")),
});
