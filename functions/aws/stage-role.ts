import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { ResourceNotReadyError } from "../errors.ts";
import { stageRoleExternalId } from "../lifecycle/verifier-role.ts";
import { type Runtime, type StageCredentials, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

/**
 * Takes roles that stage accounts keep for Cardway, for 15 minutes at a time.
 *
 * The function answers nothing where the account has no such role or does not let Cardway take it: STS does not tell which.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function createStageRoles(
  runtime: Runtime,
): (roleArn: string) => Promise<StageCredentials | undefined> {
  const sts = runtime.trace(new STSClient(clientConfig(runtime)));
  return async (roleArn) => {
    const answer = await awsCall(
      "STS AssumeRole",
      () =>
        sts.send(
          new AssumeRoleCommand({
            RoleArn: roleArn,
            RoleSessionName: "cardway",
            ExternalId: stageRoleExternalId(runtime.settings.modelCardAccountId),
            DurationSeconds: 900,
          }),
        ),
      { AccessDenied: () => undefined },
    );
    if (answer === undefined) return undefined;
    const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
      throw new ResourceNotReadyError(`STS gave no credentials for ${roleArn}.`);
    }
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  };
}
