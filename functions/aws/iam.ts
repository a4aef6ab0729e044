import { type EvaluationResult, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { ReaderRoleMissingError, ResourceNotReadyError } from "../errors.ts";
import { type ReadOnlyViolation, readerRoleArn, readerRoleName } from "../lifecycle/read-only.ts";
import { verifierExternalId, verifierRoleArn, verifierRoleName } from "../lifecycle/verifier-role.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

/** What the reader role of a read-only stage may really do. */
export interface ReaderRoles {
  /**
   * Evaluates the reader role's policies and permissions boundary in its own account.
   *
   * The card belongs to another account, whose consent the simulation may count as missing, so only an explicit deny proves
   * that the role cannot update, and that its own policies allow is enough to see that it can read.
   *
   * @throws {ReaderRoleMissingError} the stage account has no reader or verifier role (permanent).
   */
  permissionsOf(
    accountId: string,
    modelCardArn: string,
  ): Promise<{ mayRead: boolean; deniesUpdate: boolean }>;
}

const readAction = "sagemaker:DescribeModelCard";
const updateAction = "sagemaker:UpdateModelCard";

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html */
export function createReaderRoles(runtime: Runtime): ReaderRoles {
  const sts = runtime.trace(new STSClient(clientConfig(runtime)));

  const clientIn = async (accountId: string): Promise<IAMClient> => {
    const answer = await awsCall(
      "STS AssumeRole",
      () =>
        sts.send(
          new AssumeRoleCommand({
            RoleArn: verifierRoleArn(accountId),
            RoleSessionName: "cardway",
            ExternalId: verifierExternalId(runtime.settings.modelCardAccountId),
            DurationSeconds: 900,
          }),
        ),
      {
        AccessDenied: () => {
          throw new ReaderRoleMissingError(
            `Account ${accountId} does not let Cardway assume ${verifierRoleName}. Deploy the stage account's roles, then redrive this execution.`,
          );
        },
      },
    );
    const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
      throw new ResourceNotReadyError(`STS gave no credentials for account ${accountId}.`);
    }
    const credentials = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    return runtime.trace(new IAMClient({ ...clientConfig(runtime), credentials }));
  };

  return {
    async permissionsOf(accountId, modelCardArn) {
      const iam = await clientIn(accountId);
      const answer = await awsCall(
        "IAM SimulatePrincipalPolicy",
        () =>
          iam.send(
            new SimulatePrincipalPolicyCommand({
              PolicySourceArn: readerRoleArn(accountId),
              ActionNames: [readAction, updateAction],
              ResourceArns: [modelCardArn],
            }),
          ),
        {
          NoSuchEntityException: () => {
            throw new ReaderRoleMissingError(
              `Account ${accountId} has no role ${readerRoleName}. Deploy the stage account's roles, then redrive this execution.`,
            );
          },
        },
      );
      const resultOf = (action: string) =>
        answer.EvaluationResults?.find(({ EvalActionName }) => EvalActionName === action);
      return {
        mayRead: ownPoliciesAllow(resultOf(readAction)),
        deniesUpdate: resultOf(updateAction)?.EvalDecision === "explicitDeny",
      };
    },
  };
}

/** For a resource of another account the result is broken down by kind of policy. */
function ownPoliciesAllow(result: EvaluationResult | undefined): boolean {
  if (result?.EvalDecision !== "implicitDeny") return result?.EvalDecision === "allowed";
  const details = [result, ...(result.ResourceSpecificResults ?? [])].map(
    ({ EvalDecisionDetails }) => EvalDecisionDetails,
  );
  return details.some((decisions) => Object.values(decisions ?? {}).includes("allowed"));
}

/**
 * What is wrong with a stage's reader role: that nothing denies it the update.
 *
 * @throws {ReaderRoleMissingError} the role is not there or cannot read (permanent).
 */
export async function readerRoleViolation(
  { stage, accountId }: { stage: string; accountId: string },
  modelCardArn: string,
  readerRoles: ReaderRoles,
): Promise<ReadOnlyViolation | undefined> {
  const { mayRead, deniesUpdate } = await readerRoles.permissionsOf(accountId, modelCardArn);
  if (!deniesUpdate) return { kind: "reader-role", principal: readerRoleArn(accountId) };
  if (mayRead) return undefined;
  throw new ReaderRoleMissingError(
    `The role ${readerRoleName} of stage ${stage} (account ${accountId}) may not describe the card. Restore its policies, then redrive this execution.`,
  );
}
