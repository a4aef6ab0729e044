import { SageMakerModelCardStateChange } from "../../events/sagemaker-model-card-state-change.ts";
import type { EventEnvelope } from "../../events/envelope.ts";
import type { LocalContext } from "../context.ts";
import type { ModelCard, ModelCardVersion } from "./model-card-store.ts";

/**
 * The event that SageMaker itself sends of a card's new state, to the owner's default event bus. Tells only the new
 * status, and of the content nothing but the model's id.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html#eventbridge-model-card-state
 */
export function modelCardStateChange(
  card: ModelCard,
  version: ModelCardVersion,
  context: LocalContext,
): EventEnvelope {
  const modelId = version.metadata.model_overview?.model_id;
  return {
    version: "0",
    id: context.newId(),
    "detail-type": SageMakerModelCardStateChange.detailType,
    source: SageMakerModelCardStateChange.source,
    account: card.accountId,
    time: wholeSeconds(context.clock.now()),
    region: card.region,
    resources: [card.arn],
    detail: {
      ModelCardVersion: version.version,
      LastModifiedTime: version.lastModifiedTime
        .toISOString()
        .replace("Z", `${version.lastModifiedNanoseconds}Z`),
      LastModifiedBy: version.lastModifiedBy,
      CreationTime: card.creationTime.toISOString(),
      CreatedBy: card.createdBy,
      ModelCardName: card.name,
      ...(modelId === undefined ? {} : { ModelId: modelId }),
      ModelCardStatus: version.status,
      AccountId: card.accountId,
      SecurityConfig: card.kmsKeyId === undefined ? {} : { KmsKeyId: card.kmsKeyId },
    },
  };
}

/** ISO 8601 UTC without milliseconds, as events carry their time. */
export function wholeSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, "Z");
}
