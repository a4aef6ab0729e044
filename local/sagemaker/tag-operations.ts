import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import { operation, type Operation } from "../wire/operation.ts";
import { parseModelCardArn } from "./model-card-arn.ts";
import type { ModelCard, ModelCardStore } from "./model-card-store.ts";
import { TagKeysSchema, TagsSchema, toTagList, toTagMap } from "./tags.ts";

const ResourceArnSchema = z
  .string()
  .max(256)
  .regex(/^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+$/);

/**
 * `AddTags`, `ListTags` and `DeleteTags`, for model cards only.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html
 */
export function tagOperations(context: LocalContext, store: ModelCardStore): Record<string, Operation> {
  function taggedCard(arn: string, call: Call): ModelCard {
    const reference = parseModelCardArn(arn);
    if (reference === undefined)
      context.log("sagemaker: only model cards can have tags in the local endpoint");
    const card = reference?.region === call.region ? store.find(reference) : undefined;
    if (card === undefined) {
      throw new AwsError("ValidationException", `Could not find resource with ARN "${arn}".`);
    }
    return card;
  }

  return {
    AddTags: operation({
      input: z.strictObject({ ResourceArn: ResourceArnSchema, Tags: TagsSchema }),
      action: "sagemaker:AddTags",
      resource: ({ ResourceArn }) => ResourceArn,
      run: ({ ResourceArn, Tags }, call) => {
        const card = taggedCard(ResourceArn, call);
        card.tags = toTagMap(Tags, card.tags);
        store.changed(card);
        return { Tags: toTagList(card.tags) };
      },
    }),

    ListTags: operation({
      input: z.strictObject({
        ResourceArn: ResourceArnSchema,
        NextToken: z.string().max(8192).optional(),
        MaxResults: z.int().min(50).optional(),
      }),
      action: "sagemaker:ListTags",
      resource: ({ ResourceArn }) => ResourceArn,
      run: ({ ResourceArn, NextToken }, call) => {
        // A resource has 50 tags at most, which is also the smallest page: no token was ever given out.
        if (NextToken !== undefined) throw new AwsError("ValidationException", "Invalid NextToken.");
        return { Tags: toTagList(taggedCard(ResourceArn, call).tags) };
      },
    }),

    DeleteTags: operation({
      input: z.strictObject({ ResourceArn: ResourceArnSchema, TagKeys: TagKeysSchema }),
      action: "sagemaker:DeleteTags",
      resource: ({ ResourceArn }) => ResourceArn,
      run: ({ ResourceArn, TagKeys }, call) => {
        const card = taggedCard(ResourceArn, call);
        card.tags = new Map([...card.tags].filter(([key]) => !TagKeys.includes(key)));
        store.changed(card);
        return {};
      },
    }),
  };
}
