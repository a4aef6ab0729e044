import { AssumeRoleCommand, STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import { roleArnOf } from "../../stacks/definitions/deployment.ts";
import { accounts } from "../workflow/test-cloud.ts";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/**
 * Credentials of a person with no more than the operator's role.
 *
 * @param administrator - With what an administrator of the model card account calls.
 */
export async function operatorCredentials(administrator: STSClientConfig): Promise<Credentials> {
  const RoleArn = roleArnOf("cardway-operator", accounts.owner);
  const { Credentials } = await new STSClient(administrator).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "operator" }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
}
