import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import { operation, type Operation } from "../wire/operation.ts";
import { pageOf } from "../wire/page.ts";
import { listPage } from "./list-page.ts";
import type { ModelCardStore } from "./model-card-store.ts";
import { type SearchIndex, type SearchOrder, type SearchedCard, searchSortKey } from "./search-index.ts";
import { toTagList } from "./tags.ts";

const orders: readonly SearchOrder[] = ["ModelCardName", "CreationTime", "LastModifiedTime"];

/** AWS's names of what can be searched for. */
const ResourceSchema = z.enum([
  "Endpoint",
  "Experiment",
  "ExperimentTrial",
  "ExperimentTrialComponent",
  "FeatureGroup",
  "FeatureMetadata",
  "HubContent",
  "HyperParameterTuningJob",
  "Image",
  "ImageVersion",
  "Job",
  "Model",
  "ModelCard",
  "ModelPackage",
  "ModelPackageGroup",
  "Pipeline",
  "PipelineExecution",
  "PipelineVersion",
  "Project",
  "TrainingJob",
]);

/**
 * `Search`, for all model cards of the caller's account and Region.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Search.html
 */
export function searchOperation(
  context: LocalContext,
  store: ModelCardStore,
  index: SearchIndex,
): Record<string, Operation> {
  function leftOut(member: string, value: string): AwsError {
    context.log(`sagemaker: Search with ${member} ${value} is left out of the local endpoint`);
    return new AwsError("ValidationException", `${member} ${value} is not supported.`);
  }

  return {
    Search: operation({
      input: z.strictObject({
        Resource: ResourceSchema,
        SortBy: z.string().min(1).max(255).default("LastModifiedTime"),
        SortOrder: z.enum(["Ascending", "Descending"]).default("Descending"),
        MaxResults: z.int().min(1).max(100).default(10),
        NextToken: z.string().max(8192).optional(),
      }),
      action: "sagemaker:Search",
      run: ({ MaxResults, NextToken, ...request }, { caller, region }) => {
        if (request.Resource !== "ModelCard") throw leftOut("Resource", request.Resource);
        const order = orders.find((known) => known === request.SortBy);
        if (order === undefined) throw leftOut("SortBy", request.SortBy);
        const owner = { accountId: caller.accountId, region };
        // Completes deletions whose time has come.
        store.list(owner, "Name");
        const items = index.list(owner, order);
        const { page, nextToken } = listPage(request, NextToken, (after) =>
          pageOf({
            items,
            keyOf: (card) => searchSortKey(card, order),
            after,
            order: request.SortOrder,
            matches: () => true,
            maxResults: MaxResults,
          }),
        );
        return {
          Results: page.map((card) => ({ ModelCard: searchedCard(card) })),
          NextToken: nextToken,
          TotalHits: { Value: items.length, Relation: "EqualTo" },
        };
      },
    }),
  };
}

function searchedCard({ card, version, tags }: SearchedCard): object {
  const { model_overview, intended_uses, model_package_details } = version.metadata;
  return {
    ModelCardArn: card.arn,
    ModelCardName: card.name,
    ModelCardVersion: version.version,
    Content: version.content,
    ModelCardStatus: version.status,
    SecurityConfig: card.kmsKeyId === undefined ? undefined : { KmsKeyId: card.kmsKeyId },
    CreationTime: card.creationTime,
    CreatedBy: card.createdBy,
    LastModifiedTime: version.lastModifiedTime,
    LastModifiedBy: version.lastModifiedBy,
    Tags: toTagList(tags),
    ModelId: model_overview?.model_id,
    RiskRating: intended_uses?.risk_rating,
    ModelPackageGroupName: model_package_details?.model_package_group_name,
  };
}
