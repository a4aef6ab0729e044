import * as z from "zod";
import { SageMakerModelCardStateChange } from "../../events/sagemaker-model-card-state-change.ts";
import { ModelCardArnSchema, ModelCardStatusSchema } from "../../events/model-card.ts";
import { modelCardArnOf } from "../aws/sagemaker.ts";
import { InvalidInputError } from "../errors.ts";
import { type CardUpdate, accountOfArn, updateOf } from "../lifecycle/foreign-update.ts";

const noEditors: string[] = [];
const noUpdates: CardUpdate[] = [];

/** SageMaker gives nanoseconds; a reading of the card has milliseconds. */
function updatesIn({
  ModelCardVersion: version,
  LastModifiedTime,
  LastModifiedBy,
}: z.output<typeof SageMakerModelCardStateChange.schema>["detail"]): CardUpdate[] {
  const modifiedMs = Date.parse(LastModifiedTime ?? "");
  if (Number.isNaN(modifiedMs)) return [];
  const lastEditor = [LastModifiedBy?.UserProfileArn, LastModifiedBy?.IamIdentity?.Arn].filter(
    (name) => name !== undefined,
  );
  return [
    updateOf({ version, lastModifiedTime: new Date(modifiedMs).toISOString(), lastEditor }) ?? [],
  ].flat();
}

function updatesBy(call: {
  eventName: string;
  caller: string;
  callerAccount: string;
  eventId: string;
  eventTime?: string | undefined;
  status?: CardUpdate["status"];
}): CardUpdate[] {
  const { eventName, caller, callerAccount, eventId, eventTime, status } = call;
  const accountId = callerAccount === "" ? accountOfArn(caller) : callerAccount;
  if (eventName !== "UpdateModelCard" || accountId === undefined || eventTime === undefined) return [];
  const principal = caller === "" ? accountId : caller;
  return [{ key: eventId, accountId, principal, at: eventTime, ...(status && { status }) }];
}

/** SageMaker's event as the rule hands it over, whole. */
const StateChangeSchema = SageMakerModelCardStateChange.schema
  .extend({ resources: z.tuple([ModelCardArnSchema], z.string()) })
  .transform(({ resources: [modelCardArn], detail }) => ({
    modelCardArn,
    isHint: true,
    version: detail.ModelCardVersion,
    updates: updatesIn(detail),
    creator: noEditors,
    editors: [detail.LastModifiedBy, detail.CreatedBy].flatMap((user) =>
      [user?.UserProfileArn, user?.UserProfileName, user?.IamIdentity?.Arn].filter(
        (name) => name !== undefined,
      ),
    ),
  }));

/** What an event does not have, its rule leaves out, as AWS says, or fills in with nothing or null. */
const TextSchema = z
  .string()
  .nullish()
  .transform((text) => text ?? "");

/** The members of a CloudTrail event that its rule passes on: a call's parameters may hold card content. */
export const ApiCallSchema = z
  .object({
    apiCall: z.object({
      modelCardName: z.string().min(1),
      account: z.string(),
      region: z.string(),
      eventName: TextSchema,
      /** ARN of who called, which CloudTrail may leave out of a call from another account. */
      caller: TextSchema,
      callerAccount: TextSchema,
      eventId: TextSchema,
      /** ISO 8601 UTC, whole seconds. */
      eventTime: z.iso.datetime().optional().catch(undefined),
      /** The status that the call set; absent where it set the content. */
      status: ModelCardStatusSchema.optional().catch(undefined),
    }),
  })
  .transform(({ apiCall }, context) => ({
    modelCardArn: cardCalled(apiCall, context),
    isHint: true,
    version: undefined,
    updates: updatesBy(apiCall),
    editors: apiCall.caller === "" ? [] : [apiCall.caller],
    creator: apiCall.caller !== "" && apiCall.eventName === "CreateModelCard" ? [apiCall.caller] : [],
  }));

/** What names no card is malformed, as anything else is: it has a place in the list of what is wrong. */
export function cardCalled(
  call: { modelCardName: string; account: string; region: string },
  context: z.RefinementCtx,
): string {
  try {
    return modelCardArnOf(call.modelCardName, call);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
}

/** Somebody who knows that there is something to do: the approval page, an operator, a sweep. */
export const LookRequestSchema = z.object({ modelCardArn: ModelCardArnSchema, reason: z.string().max(200) });

/**
 * What starts the workflow. An event is only a hint that a card should be looked at, so of all that it says only the card
 * counts. A hint may find that the state is settled already and end there; a request always looks.
 */
export const TriggerSchema = z.union([
  StateChangeSchema,
  ApiCallSchema,
  LookRequestSchema.transform(({ modelCardArn }) => ({
    modelCardArn,
    isHint: false,
    version: undefined,
    updates: noUpdates,
    editors: noEditors,
    creator: noEditors,
  })),
]);
