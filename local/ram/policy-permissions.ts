import type { Permission } from "../wire/operation.ts";
import type { ResourceShare } from "./resource-share.ts";

const actions = [
  "sagemaker:GetResourcePolicy",
  "sagemaker:PutResourcePolicy",
  "sagemaker:DeleteResourcePolicy",
];

/**
 * What RAM asks of its caller where the policies of cards change: it reads and writes these as the caller. Which of the three a
 * call needs AWS does not say, so every one does here. SageMaker's reference gives them no resource.
 *
 * @param share - The share that is changed, where there is one yet.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
export function policyPermissions(
  resourceArns: readonly string[] = [],
  share?: Pick<ResourceShare, "liveCount">,
): Permission[] {
  const changesCards = resourceArns.length + (share?.liveCount.RESOURCE ?? 0) > 0;
  return changesCards ? actions.map((action) => ({ action, resource: "*" })) : [];
}
