import { AssumeRoleCommand, STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import { roleArnOf } from "../../stacks/definitions/deployment.ts";
import { type Ended, startProgram } from "../program.ts";
import { accounts } from "../workflow/test-cloud.ts";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/**
 * Runs a command of `cli/` to its end, with the variables of a person who works beside `npm start`.
 *
 * @param words - The program, for example `cli/sweep.ts`, and its flags.
 * @param options.aws - Address of the local AWS endpoint.
 * @param options.variables - Further variables, credentials for example.
 * @param options.answer - What the person types.
 */
export function runCommand(
  words: [program: string, ...args: string[]],
  { aws, variables = {}, answer }: { aws: string; variables?: Record<string, string>; answer?: string },
): Promise<Ended> {
  const environment = { AWS_ENDPOINT_URL: aws, AWS_EC2_METADATA_DISABLED: "true", ...variables };
  return startProgram(words, { variables: environment, answer }).ended;
}

/** The variables that give a program its credentials. */
export function variablesOf({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: Credentials): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
  };
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
