import {
  DescribeModelCardCommand,
  type DescribeModelCardCommandOutput,
  ListModelCardVersionsCommand,
  ListTagsCommand,
  SageMakerClient,
  type Tag,
  UpdateModelCardCommand,
  type UserContext,
} from "@aws-sdk/client-sagemaker";
import { type ModelCardStatus, ModelCardArnSchema, ModelCardStatusSchema } from "../../events/model-card.ts";
import { AwsCallFailedError, InvalidInputError, ResourceNotReadyError } from "../errors.ts";
import type { Card } from "../lifecycle/card.ts";
import { reviewedContent } from "../lifecycle/reviewed-content.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { allPages, awsCall } from "./aws-call.ts";

/** Model cards, as the model card account sees them. */
export interface ModelCards {
  /** The card as it is now, without content but for its risk rating; status `Deleted` where it is gone or going. */
  read(modelCardArn: string): Promise<Card>;
  /** Content of one version, a JSON text. `undefined` where the card or version is gone. */
  content(modelCardArn: string, version: number): Promise<string | undefined>;
  tags(modelCardArn: string): Promise<Record<string, string>>;
  /** Status that a version was left in. `undefined` where there is no such version. */
  statusOfVersion(modelCardArn: string, version: number): Promise<ModelCardStatus | undefined>;
  /**
   * Sets the status of the newest version. SageMaker takes no expected version: read before and after.
   *
   * @throws {ResourceNotReadyError} somebody else is changing the card (transient).
   */
  setStatus(modelCardArn: string, status: ModelCardStatus): Promise<void>;
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeModelCard.html */
export function createModelCards(runtime: Runtime): ModelCards {
  const client = runtime.trace(new SageMakerClient(clientConfig(runtime)));

  const describe = (input: ConstructorParameters<typeof DescribeModelCardCommand>[0]) =>
    awsCall("SageMaker DescribeModelCard", () => client.send(new DescribeModelCardCommand(input)), {
      ResourceNotFound: () => undefined,
      ValidationException: (error) => {
        // Says "Model card is being deleted" while a deletion runs; any other text is a real refusal.
        if (/being deleted/i.test(error.message)) return undefined;
        throw new AwsCallFailedError(`SageMaker DescribeModelCard was refused: ${error.message}`, {
          cause: error,
        });
      },
    });

  return {
    async read(modelCardArn) {
      const found = await describe({ ModelCardName: modelCardArn, IncludedData: "MetadataOnly" });
      return found === undefined || isGoing(found)
        ? deletedCard(modelCardArn)
        : presentCard(modelCardArn, found);
    },

    async content(modelCardArn, version) {
      const found = await describe({ ModelCardName: modelCardArn, ModelCardVersion: version });
      return found?.Content;
    },

    async tags(modelCardArn) {
      const tags = await allPages(async (nextToken) => {
        const answer = await awsCall(
          "SageMaker ListTags",
          () => client.send(new ListTagsCommand({ ResourceArn: modelCardArn, NextToken: nextToken })),
          { ResourceNotFound: () => undefined },
        );
        return { items: answer?.Tags, nextToken: answer?.NextToken };
      });
      return tagsOf(tags);
    },

    async statusOfVersion(modelCardArn, version) {
      const versions = await allPages(async (nextToken) => {
        const answer = await awsCall(
          "SageMaker ListModelCardVersions",
          () =>
            client.send(
              new ListModelCardVersionsCommand({ ModelCardName: modelCardArn, NextToken: nextToken }),
            ),
          { ResourceNotFound: () => undefined },
        );
        return { items: answer?.ModelCardVersionSummaryList, nextToken: answer?.NextToken };
      });
      const found = versions.find(({ ModelCardVersion }) => ModelCardVersion === version);
      return found === undefined ? undefined : ModelCardStatusSchema.parse(found.ModelCardStatus);
    },

    async setStatus(modelCardArn, status) {
      const update = { ModelCardName: modelCardArn, ModelCardStatus: status };
      await awsCall(
        "SageMaker UpdateModelCard",
        () => client.send(new UpdateModelCardCommand(update)),
        whileOthersChangeIt,
      );
    },
  };
}

/** On its way a card is `ContentDeleted` and `ExportJobsDeleted` too; one whose deletion failed stays. */
function isGoing({ ModelCardProcessingStatus: status }: DescribeModelCardCommandOutput): boolean {
  return status?.includes("Delete") === true && status !== "DeleteFailed";
}

/** How an update ends while somebody else changes the card: the whole step is run again, which looks at the card first. */
export const whileOthersChangeIt = {
  ConflictException: (error: Error): never => {
    throw new ResourceNotReadyError(`SageMaker is at work on the card for somebody else: ${error.message}`, {
      cause: error,
    });
  },
};

function presentCard(modelCardArn: string, found: DescribeModelCardCommandOutput): Card {
  return {
    modelCardArn,
    modelCardName: nameOf(modelCardArn),
    status: ModelCardStatusSchema.parse(found.ModelCardStatus),
    ...timesOf(found),
    ...(found.ModelCardVersion !== undefined && { version: found.ModelCardVersion }),
    editors: [...identitiesOf(found.CreatedBy), ...identitiesOf(found.LastModifiedBy)],
    creator: identitiesOf(found.CreatedBy),
    lastEditor: identitiesOf(found.LastModifiedBy),
    riskRating: reviewedContent(found.Content).riskRating,
  };
}

export function timesOf({
  CreationTime,
  LastModifiedTime,
}: {
  CreationTime?: Date | undefined;
  LastModifiedTime?: Date | undefined;
}): Pick<Card, "creationTime" | "lastModifiedTime"> {
  return {
    ...(CreationTime !== undefined && { creationTime: CreationTime.toISOString() }),
    ...(LastModifiedTime !== undefined && { lastModifiedTime: LastModifiedTime.toISOString() }),
  };
}

export function tagsOf(tags: Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value ?? ""]));
}

function deletedCard(modelCardArn: string): Card {
  return {
    modelCardArn,
    modelCardName: nameOf(modelCardArn),
    status: "Deleted",
    editors: [],
    riskRating: "Unknown",
  };
}

/** Name of a card, from its ARN. */
export function nameOf(modelCardArn: string): string {
  return modelCardArn.slice(modelCardArn.indexOf("/") + 1);
}

function identitiesOf(user: UserContext | undefined): string[] {
  return [
    user?.UserProfileArn,
    user?.UserProfileName,
    user?.IamIdentity?.Arn,
    user?.IamIdentity?.SourceIdentity,
  ].filter((identity) => identity !== undefined);
}

/**
 * The ARN of a card from its name or ARN, in the account and Region of the event that named it.
 *
 * @throws {InvalidInputError} where that makes no ARN of a model card.
 */
export function modelCardArnOf(
  nameOrArn: string,
  { account, region }: { account: string; region: string },
): string {
  const arn = nameOrArn.startsWith("arn:")
    ? nameOrArn
    : `arn:aws:sagemaker:${region}:${account}:model-card/${nameOrArn}`;
  const parsed = ModelCardArnSchema.safeParse(arn);
  if (!parsed.success) {
    throw new InvalidInputError(
      "The event names no model card: its name, account and Region do not make a model card's ARN.",
    );
  }
  return parsed.data;
}
