import { RAMClient } from "@aws-sdk/client-ram";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { createRam, defaultRamBehaviour, type RamBehaviour } from "../../../local/ram/ram.ts";
import { createSageMaker, defaultModelCardBehaviour } from "../../../local/sagemaker/sagemaker.ts";
import type { Caller } from "../../../local/wire/caller.ts";
import type { Authorize } from "../../../local/wire/service.ts";
import { calledAs, userOf } from "../sagemaker/callers.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

export const owner = "111111111111";
export const dev = "222222222222";
export const test = "333333333333";
export const outsider = "999999999999";
export const region = "eu-west-1";

export const cardArn = (name: string, accountId = owner) =>
  `arn:aws:sagemaker:${region}:${accountId}:model-card/${name}`;

/**
 * RAM in this process, with SageMaker behind it, for an organisation of `owner`, `dev` and `test`. Who calls may do
 * anything in its own account, and elsewhere what RAM allows.
 */
export function startRam(settings: { behaviour?: Partial<RamBehaviour>; delayMs?: number } = {}) {
  const context = testContext();
  const switched = { delayMs: settings.delayMs ?? 0, organization: [owner, dev, test] };
  const behaviour: RamBehaviour = { ...defaultRamBehaviour, ...settings.behaviour };
  /** Cards that exist without SageMaker having been asked. */
  const cards = new Set<string>();
  const sageMaker = createSageMaker(context, {
    publish: () => undefined,
    putObject: async () => undefined,
    behaviour: defaultModelCardBehaviour,
  });
  const ram = createRam(context, {
    resourceExists: (arn) => cards.has(arn) || sageMaker.findModelCard(arn) !== undefined,
    organizationAccountIds: () => switched.organization,
    associationDelayMs: () => switched.delayMs,
    behaviour,
  });
  const authorize: Authorize = (permissions, { caller }) => {
    const refused = permissions.find(
      ({ action, resource }) =>
        /^\d{12}$/.test(resource.split(":")[4] ?? "") &&
        resource.split(":")[4] !== caller.accountId &&
        !ram.allows(resource, action, caller),
    );
    return refused && `${caller.arn} is not authorized to perform: ${refused.action}`;
  };
  const options = { authorize, region, log: context.log };
  return {
    ...ram,
    context,
    switched,
    behaviour,
    cards,
    ramOf: (caller: Caller, callRegion = region) =>
      new RAMClient(sdkClientSettings(calledAs(ram.service, caller), { ...options, region: callRegion })),
    sageMakerOf: (caller: Caller) =>
      new SageMakerClient(sdkClientSettings(calledAs(sageMaker.service, caller), options)),
    client: new RAMClient(sdkClientSettings(calledAs(ram.service, userOf(owner)), options)),
  };
}
