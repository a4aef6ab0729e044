import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { EventEnvelope } from "../../../events/envelope.ts";
import {
  createSageMaker,
  defaultModelCardBehaviour,
  type ModelCardBehaviour,
} from "../../../local/sagemaker/sagemaker.ts";
import { createS3 } from "../../../local/s3/s3.ts";
import type { Caller } from "../../../local/wire/caller.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";
import { calledAs, userOf } from "./callers.ts";

export const ownerAccountId = "111111111111";
export const region = "eu-west-1";

/** SageMaker in this process, with real clients of it and all the events that it sends. */
export function startSageMaker(behaviour: Partial<ModelCardBehaviour> = {}) {
  const context = testContext();
  const events: EventEnvelope[] = [];
  const switched: ModelCardBehaviour = { ...defaultModelCardBehaviour, ...behaviour };
  const s3 = createS3(context, { baseUrl: () => "http://localhost:4566", authorize: () => undefined });
  const sageMaker = createSageMaker(context, {
    publish: (event) => {
      events.push(event);
    },
    putObject: (object, call) => s3.putObject(object, call),
    behaviour: switched,
  });
  const clientOf = (caller: Caller, callRegion = region) =>
    new SageMakerClient(
      sdkClientSettings(calledAs(sageMaker.service, caller), { region: callRegion, log: context.log }),
    );
  return {
    ...sageMaker,
    context,
    s3,
    behaviour: switched,
    events,
    /** The status changes that were sent so far, as `status@version`. */
    stateChanges: () =>
      events
        .filter((event) => event["detail-type"] === "SageMaker Model Card State Change")
        .map(({ detail }) => `${String(detail["ModelCardStatus"])}@${String(detail["ModelCardVersion"])}`),
    clientOf,
    client: clientOf(userOf(ownerAccountId)),
  };
}
