import type { EventEnvelope } from "../../events/envelope.ts";
import type { LocalContext } from "../context.ts";
import { awsJsonService } from "../wire/aws-json.ts";
import type { Service } from "../wire/service.ts";
import { ExportJobStore } from "./export-job-store.ts";
import { ExportJobs, type PutObject } from "./export-jobs.ts";
import { exportOperations } from "./export-operations.ts";
import { listOperations } from "./list-operations.ts";
import { parseModelCardArn } from "./model-card-arn.ts";
import type { ModelCardBehaviour } from "./model-card-behaviour.ts";
import { modelCardOperations } from "./model-card-operations.ts";
import { type ModelCard, ModelCardStore } from "./model-card-store.ts";
import { SearchIndex } from "./search-index.ts";
import { searchOperation } from "./search-operation.ts";
import { tagOperations } from "./tag-operations.ts";

export { defaultModelCardBehaviour, type ModelCardBehaviour } from "./model-card-behaviour.ts";

/**
 * SageMaker's model cards: all accounts and regions of one machine.
 *
 * @param dependencies.publish - Takes SageMaker's and CloudTrail's events, for the default bus of the event's `account`
 *   and `region`.
 * @param dependencies.putObject - Writes what export jobs make.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards.html
 */
export function createSageMaker(
  context: LocalContext,
  dependencies: {
    publish(event: EventEnvelope): void;
    putObject: PutObject;
    behaviour: ModelCardBehaviour;
  },
): {
  service: Service;
  /** The model card with this ARN, unless it is being deleted. */
  findModelCard: (modelCardArn: string) => ModelCard | undefined;
  /** Goes on with what an earlier process has left under way. */
  resume(): void;
} {
  const { behaviour } = dependencies;
  const index = new SearchIndex(context.clock, () => behaviour.searchLagMs);
  const jobs = new ExportJobStore(context);
  const store = new ModelCardStore(context, (card, isGone) => {
    index.note(card, isGone);
    if (isGone) jobs.removeOf(card);
  });
  const exports = new ExportJobs(context, store, jobs, dependencies.putObject);
  const publish = (event: EventEnvelope) => dependencies.publish(event);
  return {
    service: awsJsonService({
      signingName: "sagemaker",
      version: "1.1",
      targetPrefix: "SageMaker",
      sensitive: ["Content"],
      operations: {
        ...modelCardOperations({ context, store, behaviour, publish }),
        ...listOperations(store),
        ...exportOperations({ context, cards: store, jobs, exports, behaviour }),
        ...searchOperation(context, store, index),
        ...tagOperations(context, store),
      },
    }),
    resume: () => exports.resume(),
    findModelCard(modelCardArn) {
      const reference = parseModelCardArn(modelCardArn);
      const card = reference === undefined ? undefined : store.find(reference);
      return card?.deletionTime === undefined ? card : undefined;
    },
  };
}
