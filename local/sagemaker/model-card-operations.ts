import * as z from "zod";
import { type ModelCardStatus, ModelCardStatusSchema } from "../../events/model-card.ts";
import type { EventEnvelope } from "../../events/envelope.ts";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call, Caller } from "../wire/caller.ts";
import { operation, type Operation } from "../wire/operation.ts";
import { callViaCloudTrail } from "./cloudtrail-event.ts";
import {
  ModelCardNameOrArnSchema,
  ModelCardNameSchema,
  parseModelCardArn,
  requestedModelCard,
  requestedModelCardArn,
} from "./model-card-arn.ts";
import type { ModelCardBehaviour } from "./model-card-behaviour.ts";
import { limitExceeded } from "./limit-exceeded.ts";
import { readModelCardContent } from "./model-card-content.ts";
import { modelCardStateChange } from "./model-card-event.ts";
import {
  latestVersion,
  type ModelCard,
  modelCardNotFound,
  type ModelCardStore,
  type ModelCardVersion,
  type UserContext,
  versionOf,
} from "./model-card-store.ts";
import { TagsSchema, toTagMap } from "./tags.ts";

/** Limit and secrecy are AWS's. AWS's pattern `.*` is left out: line breaks are accepted. */
const ContentSchema = z.string().max(100_000);

const KmsKeyIdSchema = z
  .string()
  .max(2048)
  .regex(/^[a-zA-Z0-9:/_-]*$/);

/** What the operations on one card work with. */
interface ModelCardOperationsDependencies {
  context: LocalContext;
  store: ModelCardStore;
  behaviour: ModelCardBehaviour;
  publish: (event: EventEnvelope) => void;
}

/**
 * `CreateModelCard`, `DescribeModelCard`, `UpdateModelCard` and `DeleteModelCard`. Changes send SageMaker's own event
 * and CloudTrail's, in this order, to the account that owns the card.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateModelCard.html
 */
export function modelCardOperations(
  dependencies: ModelCardOperationsDependencies,
): Record<string, Operation> {
  const { context, store, behaviour, publish } = dependencies;
  let modifications = 0;

  /** What marks a change: never the same twice, though the clock may stand still. */
  function modifiedBy(caller: Caller, lastModifiedTime: Date) {
    modifications += 1;
    return {
      lastModifiedTime,
      lastModifiedNanoseconds: String(modifications % 1_000_000).padStart(6, "0"),
      lastModifiedBy: userContext(caller),
    };
  }

  function userContext({ arn, userId }: Caller): UserContext {
    return behaviour.userContext === "empty" ? {} : { IamIdentity: { Arn: arn, PrincipalId: userId } };
  }

  function sendStateChange(card: ModelCard, version: ModelCardVersion): void {
    for (let copy = 0; copy < behaviour.eventCopies; copy += 1) {
      publish(modelCardStateChange(card, version, context));
    }
  }

  function updateStatus(card: ModelCard, status: ModelCardStatus, caller: Caller): void {
    const version = latestVersion(card);
    if (version.status === "Archived" && status !== "Archived" && !behaviour.statusMayLeaveArchived) {
      throw modelCardIsArchived();
    }
    const updated = { ...version, status, ...modifiedBy(caller, context.clock.now()) };
    card.versions[card.versions.length - 1] = updated;
    store.changed(card);
    sendStateChange(card, updated);
  }

  function updateContent(card: ModelCard, content: string, caller: Caller): void {
    const { status } = latestVersion(card);
    if (status === "Archived" && behaviour.archivedRefusesContent) throw modelCardIsArchived();
    const metadata = readModelCardContent(content);
    if (card.versions.length >= behaviour.versionsPerCard) {
      throw limitExceeded({
        quota: "Maximum number of model card versions allowed per account.",
        things: "Model Card Versions",
        limit: behaviour.versionsPerCard,
        utilization: card.versions.length,
      });
    }
    const now = context.clock.now();
    const version = {
      version: card.versions.length + 1,
      status: behaviour.statusOfNewVersion === "kept" ? status : behaviour.statusOfNewVersion,
      content,
      metadata,
      creationTime: now,
      ...modifiedBy(caller, now),
    };
    card.versions.push(version);
    store.changed(card);
    if (behaviour.emitsOnContentUpdate) sendStateChange(card, version);
  }

  /** Lets CloudTrail record a call's answer or refusal. */
  function recorded<Input extends { ModelCardName: string }>(
    eventName: string,
    run: (input: Input, call: Call) => object,
  ): (input: Input, call: Call) => object {
    return (request, call) => {
      const ownerAccountId = parseModelCardArn(request.ModelCardName)?.accountId ?? call.caller.accountId;
      const record = (outcome: { answer: object } | { error: AwsError }) =>
        publish(callViaCloudTrail({ call, eventName, request, outcome, ownerAccountId }, context));
      try {
        const answer = run(request, call);
        record({ answer });
        return answer;
      } catch (error) {
        if (error instanceof AwsError) record({ error });
        throw error;
      }
    };
  }

  return {
    CreateModelCard: operation({
      input: z.strictObject({
        ModelCardName: ModelCardNameSchema,
        Content: ContentSchema,
        ModelCardStatus: ModelCardStatusSchema,
        SecurityConfig: z.strictObject({ KmsKeyId: KmsKeyIdSchema.optional() }).optional(),
        Tags: TagsSchema.optional(),
      }),
      action: "sagemaker:CreateModelCard",
      resource: ({ ModelCardName }, call) => requestedModelCardArn(ModelCardName, call),
      run: recorded("CreateModelCard", (input, call) => {
        const metadata = readModelCardContent(input.Content);
        const now = context.clock.now();
        const version = {
          version: 1,
          status: input.ModelCardStatus,
          content: input.Content,
          metadata,
          creationTime: now,
          ...modifiedBy(call.caller, now),
        };
        const card = store.add({
          ...requestedModelCard(input.ModelCardName, call),
          creationTime: now,
          createdBy: userContext(call.caller),
          kmsKeyId: input.SecurityConfig?.KmsKeyId,
          tags: toTagMap(input.Tags ?? []),
          versions: [version],
        });
        if (behaviour.emitsOnCreate) sendStateChange(card, version);
        return { ModelCardArn: card.arn };
      }),
    }),

    DescribeModelCard: operation({
      input: z.strictObject({
        ModelCardName: ModelCardNameOrArnSchema,
        ModelCardVersion: z.int().optional(),
        IncludedData: z.enum(["AllData", "MetadataOnly"]).optional(),
      }),
      action: "sagemaker:DescribeModelCard",
      resource: ({ ModelCardName }, call) => requestedModelCardArn(ModelCardName, call),
      run: ({ ModelCardName, ModelCardVersion, IncludedData }, call) => {
        const card = store.get(requestedModelCard(ModelCardName, call));
        const version = versionOf(card, ModelCardVersion);
        return {
          ModelCardArn: card.arn,
          ModelCardName: card.name,
          ModelCardVersion: version.version,
          Content: IncludedData === "MetadataOnly" ? JSON.stringify(version.metadata) : version.content,
          ModelCardStatus: version.status,
          SecurityConfig: card.kmsKeyId === undefined ? undefined : { KmsKeyId: card.kmsKeyId },
          CreationTime: card.creationTime,
          CreatedBy: card.createdBy,
          LastModifiedTime: version.lastModifiedTime,
          LastModifiedBy: version.lastModifiedBy,
        };
      },
    }),

    UpdateModelCard: operation({
      input: z.strictObject({
        ModelCardName: ModelCardNameOrArnSchema,
        Content: ContentSchema.optional(),
        ModelCardStatus: ModelCardStatusSchema.optional(),
      }),
      action: "sagemaker:UpdateModelCard",
      resource: ({ ModelCardName }, call) => requestedModelCardArn(ModelCardName, call),
      run: recorded("UpdateModelCard", ({ ModelCardName, Content, ModelCardStatus }, call) => {
        if (Content !== undefined && ModelCardStatus !== undefined) {
          throw new AwsError(
            "ValidationException",
            "You cannot update both model card content and model card status in a single call.",
          );
        }
        const card = store.get(requestedModelCard(ModelCardName, call));
        if (Content !== undefined) updateContent(card, Content, call.caller);
        else if (ModelCardStatus !== undefined) updateStatus(card, ModelCardStatus, call.caller);
        else {
          throw new AwsError(
            "ValidationException",
            "You must specify either the model card content or the model card status to update.",
          );
        }
        return { ModelCardArn: card.arn };
      }),
    }),

    DeleteModelCard: operation({
      input: z.strictObject({ ModelCardName: ModelCardNameSchema }),
      action: "sagemaker:DeleteModelCard",
      resource: ({ ModelCardName }, call) => requestedModelCardArn(ModelCardName, call),
      run: recorded("DeleteModelCard", ({ ModelCardName }, call) => {
        const card = store.find(requestedModelCard(ModelCardName, call));
        if (card === undefined) throw modelCardNotFound(ModelCardName);
        if (card.deletionTime !== undefined) {
          throw new AwsError("ConflictException", "Model card is being deleted");
        }
        store.delete(card, behaviour.deletingMs);
        if (behaviour.emitsOnDelete) sendStateChange(card, latestVersion(card));
        return {};
      }),
    }),
  };
}

function modelCardIsArchived(): AwsError {
  return new AwsError("ValidationException", "Model Card is in Archived state");
}
