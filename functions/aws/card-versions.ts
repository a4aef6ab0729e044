import {
  ListModelCardVersionsCommand,
  SageMakerClient,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import * as z from "zod";
import { ModelCardStatusSchema } from "../../events/model-card.ts";
import type { CardVersion } from "../lifecycle/foreign-update.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { allPages, awsCall } from "./aws-call.ts";
import { whileOthersChangeIt } from "./sagemaker.ts";

/** The versions of a card, and a new one. */
export interface CardVersions {
  /** All versions of a card; none where it is gone. */
  list(modelCardArn: string): Promise<CardVersion[]>;
  /**
   * Makes a version with this content. SageMaker takes no expected version: read before and after.
   *
   * @returns why SageMaker does not take it, where it never will by itself: there are too many versions, or the card is
   *   archived.
   */
  add(modelCardArn: string, content: string): Promise<{ refusal: string } | undefined>;
}

const TimeSchema = z.date().transform((time) => time.toISOString());
const SummarySchema = z
  .object({
    ModelCardVersion: z.int(),
    ModelCardStatus: ModelCardStatusSchema,
    CreationTime: TimeSchema,
    LastModifiedTime: TimeSchema.optional(),
  })
  .transform(({ ModelCardVersion, ModelCardStatus, CreationTime, LastModifiedTime }) => ({
    version: ModelCardVersion,
    status: ModelCardStatus,
    creationTime: CreationTime,
    lastModifiedTime: LastModifiedTime,
  }));

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelCardVersionSummary.html */
export function createCardVersions(runtime: Runtime): CardVersions {
  const client = runtime.trace(new SageMakerClient(clientConfig(runtime)));
  return {
    async list(modelCardArn) {
      const summaries = await allPages(async (NextToken) => {
        const answer = await awsCall(
          "SageMaker ListModelCardVersions",
          () => client.send(new ListModelCardVersionsCommand({ ModelCardName: modelCardArn, NextToken })),
          { ResourceNotFound: () => undefined },
        );
        return { items: answer?.ModelCardVersionSummaryList, nextToken: answer?.NextToken };
      });
      return summaries.map((summary) => SummarySchema.parse(summary));
    },

    async add(modelCardArn, content) {
      return awsCall<undefined, { refusal: string }>(
        "SageMaker UpdateModelCard",
        async () => {
          await client.send(new UpdateModelCardCommand({ ModelCardName: modelCardArn, Content: content }));
        },
        {
          ...whileOthersChangeIt,
          ResourceLimitExceeded: () => ({ refusal: "the quota of model card versions is used up" }),
          ValidationException: () => ({
            refusal: "SageMaker does not take this content for the card as it is",
          }),
        },
      );
    },
  };
}
