import { ListModelCardsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { ModelCardStatus } from "../../events/model-card.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";
import { type ListedCard, listedCard } from "./model-card-list.ts";

/** Which cards somebody wants to see, and from where on. */
export interface CardFilter {
  status?: ModelCardStatus | undefined;
  /** A part of the name; SageMaker takes letters, digits and hyphens. */
  nameContains?: string | undefined;
  /** `newest` by creation, or by name. */
  order?: "newest" | "name";
  nextToken?: string | undefined;
  /** Up to 100. */
  limit: number;
}

/** The account's cards as somebody looks through them. */
export interface ModelCardPages {
  page(filter: CardFilter): Promise<{ cards: ListedCard[]; nextToken?: string | undefined }>;
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListModelCards.html */
export function createModelCardPages(runtime: Runtime): ModelCardPages {
  const client = runtime.trace(new SageMakerClient(clientConfig(runtime)));
  return {
    async page({ status, nameContains, order = "name", nextToken, limit }) {
      const answer = await awsCall("SageMaker ListModelCards", () =>
        client.send(
          new ListModelCardsCommand({
            ModelCardStatus: status,
            NameContains: nameContains,
            SortBy: order === "name" ? "Name" : "CreationTime",
            SortOrder: order === "name" ? "Ascending" : "Descending",
            MaxResults: limit,
            NextToken: nextToken,
          }),
        ),
      );
      return { cards: (answer.ModelCardSummaries ?? []).map(listedCard), nextToken: answer.NextToken };
    },
  };
}
