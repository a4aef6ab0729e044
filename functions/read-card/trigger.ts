import * as z from "zod";
import { SageMakerModelCardStateChange } from "../../events/sagemaker-model-card-state-change.ts";
import { ModelCardArnSchema } from "../../events/model-card.ts";
import { modelCardArnOf } from "../aws/sagemaker.ts";
import { InvalidInputError } from "../errors.ts";

const noEditors: string[] = [];

/** SageMaker's event as the rule hands it over, whole. */
const StateChangeSchema = SageMakerModelCardStateChange.schema
  .extend({ resources: z.tuple([ModelCardArnSchema], z.string()) })
  .transform(({ resources: [modelCardArn], detail }) => ({
    modelCardArn,
    isHint: true,
    version: detail.ModelCardVersion,
    creator: noEditors,
    editors: [detail.LastModifiedBy, detail.CreatedBy].flatMap((user) =>
      [user?.UserProfileArn, user?.UserProfileName, user?.IamIdentity?.Arn].filter(
        (name) => name !== undefined,
      ),
    ),
  }));

/** The members of a CloudTrail event that its rule passes on: a call's parameters may hold card content. */
export const ApiCallSchema = z
  .object({
    apiCall: z.object({
      modelCardName: z.string().min(1),
      account: z.string(),
      region: z.string(),
      eventName: z.string().default(""),
      /** ARN of who called. */
      caller: z.string().default(""),
    }),
  })
  .transform(({ apiCall }, context) => ({
    modelCardArn: cardCalled(apiCall, context),
    isHint: true,
    version: undefined,
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
    editors: noEditors,
    creator: noEditors,
  })),
]);
