import type { Call } from "../wire/caller.ts";
import type { Log } from "../wire/service.ts";
import { AwsError } from "../wire/aws-error.ts";
import { invalidParameter, operationNotPermitted } from "./ram-error.ts";

const resourcePattern =
  /^arn:aws[a-z-]*:(?<service>[a-z0-9-]+):(?<region>[a-z0-9-]*):(?<accountId>[0-9]{12}):(?<type>[a-z-]+)[/:].+$/;

/**
 * Checks that the caller may share a resource: a model card of its own account, in the region of the call. Whether the
 * card exists is another matter: RAM finds that out later.
 *
 * @throws {AwsError} `MalformedArnException`, `InvalidParameterException`, `OperationNotPermittedException`.
 */
export function checkSharedResource(resourceArn: string, { caller, region }: Call, log: Log): void {
  const parts = resourcePattern.exec(resourceArn)?.groups;
  if (parts === undefined) {
    throw new AwsError(
      "MalformedArnException",
      `The specified resource ARN ${resourceArn} is not valid. Verify the ARN and try again.`,
    );
  }
  if (parts["service"] !== "sagemaker" || parts["type"] !== "model-card") {
    log(`ram: sharing ${parts["service"]}:${parts["type"]} is not built in the local endpoint`);
    throw new AwsError("MalformedArnException", "You cannot share the selected resource type.");
  }
  if (parts["region"] !== region) {
    throw invalidParameter(
      `The resource ${resourceArn} is not in the Region ${region} of the resource share.`,
    );
  }
  if (parts["accountId"] !== caller.accountId) {
    throw operationNotPermitted(`You cannot share the resource ${resourceArn}, because you do not own it.`);
  }
}
