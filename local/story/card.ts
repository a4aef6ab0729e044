import {
  CreateModelCardCommand,
  DescribeModelCardCommand,
  ResourceNotFound,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { firstContent } from "./content.ts";

export const modelCardName = "Customer-Churn-Model-Card";

/** The story's card as an earlier process has left it. */
export async function cardOf(
  owner: SageMakerClient,
): Promise<{ modelCardArn: string; status: string; version: number } | undefined> {
  try {
    const card = await owner.send(new DescribeModelCardCommand({ ModelCardName: modelCardName }));
    return {
      modelCardArn: card.ModelCardArn ?? "",
      status: card.ModelCardStatus ?? "",
      version: card.ModelCardVersion ?? 1,
    };
  } catch (error) {
    if (error instanceof ResourceNotFound) return undefined;
    throw error;
  }
}

/** @returns the card's ARN. */
export async function createCard(owner: SageMakerClient): Promise<string> {
  const { ModelCardArn = "" } = await owner.send(
    new CreateModelCardCommand({
      ModelCardName: modelCardName,
      Content: JSON.stringify(firstContent),
      ModelCardStatus: "Draft",
    }),
  );
  return ModelCardArn;
}
