import { ListModelCardsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { type ModelCardStatus, ModelCardArnSchema, ModelCardStatusSchema } from "../../events/model-card.ts";
import type { Card } from "../lifecycle/card.ts";
import { routesNeedTags } from "../lifecycle/routes.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";
import { nameOf, tagsOf, timesOf } from "./sagemaker.ts";
import { SearchModelCardsCommand } from "./search-model-cards.ts";

/** A card as lists show it: without its version. */
export type ListedCard = Pick<
  Card,
  "modelCardArn" | "modelCardName" | "creationTime" | "lastModifiedTime"
> & {
  status: ModelCardStatus;
  /** Absent where no route asks for tags. */
  tags?: Record<string, string>;
};

/** `nextToken` is absent on the last page; a page before it may be empty. */
interface ModelCardPage {
  cards: ListedCard[];
  nextToken?: string | undefined;
}

/** All cards of the account and Region, page by page. */
export interface ModelCardList {
  /**
   * Up to 100 cards, by name. Where routes ask for tags, the cards come from SageMaker's search, which carries them: AWS does not
   * say how soon that shows a change, nor that it shows every card.
   */
  page(nextToken: string | undefined): Promise<ModelCardPage>;
}

export function createModelCardList(runtime: Runtime): ModelCardList {
  const client = runtime.trace(new SageMakerClient(clientConfig(runtime)));
  const pageOf = routesNeedTags(runtime.settings) ? searchedPage : listedPage;
  return { page: (nextToken) => pageOf(client, nextToken) };
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListModelCards.html */
async function listedPage(client: SageMakerClient, nextToken: string | undefined): Promise<ModelCardPage> {
  const answer = await awsCall("SageMaker ListModelCards", () =>
    client.send(
      new ListModelCardsCommand({
        SortBy: "Name",
        SortOrder: "Ascending",
        MaxResults: 100,
        NextToken: nextToken,
      }),
    ),
  );
  return { cards: (answer.ModelCardSummaries ?? []).map(listedCard), nextToken: answer.NextToken };
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Search.html */
async function searchedPage(client: SageMakerClient, nextToken: string | undefined): Promise<ModelCardPage> {
  const answer = await awsCall("SageMaker Search", () =>
    client.send(
      new SearchModelCardsCommand({
        Resource: "ModelCard",
        SortBy: "ModelCardName",
        SortOrder: "Ascending",
        MaxResults: 100,
        NextToken: nextToken,
      }),
    ),
  );
  const found = (answer.Results ?? []).flatMap(({ ModelCard }) => ModelCard ?? []);
  // AWS does not say whether a card is found once or once a version: the newest comes last, and stays.
  found.sort((one, other) => (one.ModelCardVersion ?? 0) - (other.ModelCardVersion ?? 0));
  const cards = new Map<string, ListedCard>();
  for (const card of found) {
    const listed = listedCard(card);
    cards.set(listed.modelCardArn, { ...listed, tags: tagsOf(card.Tags) });
  }
  return { cards: [...cards.values()], nextToken: answer.NextToken };
}

/** A card as SageMaker lists it. */
export function listedCard(card: {
  ModelCardArn?: string | undefined;
  ModelCardStatus?: ModelCardStatus | undefined;
  CreationTime?: Date | undefined;
  LastModifiedTime?: Date | undefined;
}): ListedCard {
  const modelCardArn = ModelCardArnSchema.parse(card.ModelCardArn);
  const status = ModelCardStatusSchema.parse(card.ModelCardStatus);
  return { modelCardArn, modelCardName: nameOf(modelCardArn), status, ...timesOf(card) };
}
