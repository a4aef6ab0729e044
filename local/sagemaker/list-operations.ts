import * as z from "zod";
import { ModelCardStatusSchema } from "../../events/model-card.ts";
import { operation, type Operation } from "../wire/operation.ts";
import {
  ModelCardNameOrArnSchema,
  ModelCardNameSchema,
  requestedModelCard,
  requestedModelCardArn,
} from "./model-card-arn.ts";
import { latestVersion, modelCardSortKey, type ModelCardStore } from "./model-card-store.ts";
import { pageOf } from "../wire/page.ts";
import { listPage } from "./list-page.ts";
import { TimestampSchema } from "./timestamp.ts";

const listing = {
  CreationTimeAfter: TimestampSchema.optional(),
  CreationTimeBefore: TimestampSchema.optional(),
  ModelCardStatus: ModelCardStatusSchema.optional(),
  SortOrder: z.enum(["Ascending", "Descending"]).default("Ascending"),
  MaxResults: z.int().min(1).max(100).default(10),
  NextToken: z.string().max(8192).optional(),
};

/**
 * `ListModelCards` and `ListModelCardVersions`.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListModelCards.html
 */
export function listOperations(store: ModelCardStore): Record<string, Operation> {
  return {
    ListModelCards: operation({
      input: z.strictObject({
        ...listing,
        NameContains: ModelCardNameSchema.optional(),
        SortBy: z.enum(["Name", "CreationTime"]).default("CreationTime"),
      }),
      action: "sagemaker:ListModelCards",
      run: ({ MaxResults, NextToken, ...request }, { caller, region }) => {
        const nameContains = request.NameContains?.toLowerCase() ?? "";
        const { page, nextToken } = listPage(request, NextToken, (after) =>
          pageOf({
            items: store.list({ accountId: caller.accountId, region }, request.SortBy),
            keyOf: (card) => modelCardSortKey(card, request.SortBy),
            after,
            order: request.SortOrder,
            matches: (card) =>
              isWanted(latestVersion(card).status, card.creationTime, request) &&
              card.name.toLowerCase().includes(nameContains),
            maxResults: MaxResults,
          }),
        );
        return {
          ModelCardSummaries: page.map((card) => ({
            ModelCardName: card.name,
            ModelCardArn: card.arn,
            ModelCardStatus: latestVersion(card).status,
            CreationTime: card.creationTime,
            LastModifiedTime: latestVersion(card).lastModifiedTime,
          })),
          NextToken: nextToken,
        };
      },
    }),

    ListModelCardVersions: operation({
      input: z.strictObject({
        ...listing,
        ModelCardName: ModelCardNameOrArnSchema,
        SortBy: z.enum(["Version"]).default("Version"),
      }),
      action: "sagemaker:ListModelCardVersions",
      resource: ({ ModelCardName }, call) => requestedModelCardArn(ModelCardName, call),
      run: ({ MaxResults, NextToken, ...request }, call) => {
        const card = store.get(requestedModelCard(request.ModelCardName, call));
        const { page, nextToken } = listPage(request, NextToken, (after) =>
          pageOf({
            items: card.versions,
            keyOf: ({ version }) => [version],
            after,
            order: request.SortOrder,
            matches: (version) => isWanted(version.status, version.creationTime, request),
            maxResults: MaxResults,
          }),
        );
        return {
          ModelCardVersionSummaryList: page.map((version) => ({
            ModelCardName: card.name,
            ModelCardArn: card.arn,
            ModelCardStatus: version.status,
            ModelCardVersion: version.version,
            CreationTime: version.creationTime,
            LastModifiedTime: version.lastModifiedTime,
          })),
          NextToken: nextToken,
        };
      },
    }),
  };
}

function isWanted(
  status: string,
  creationTime: Date,
  filter: { ModelCardStatus?: string; CreationTimeAfter?: Date; CreationTimeBefore?: Date },
): boolean {
  return (
    (filter.ModelCardStatus === undefined || status === filter.ModelCardStatus) &&
    (filter.CreationTimeAfter === undefined || creationTime > filter.CreationTimeAfter) &&
    (filter.CreationTimeBefore === undefined || creationTime < filter.CreationTimeBefore)
  );
}
