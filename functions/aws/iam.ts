import { type EvaluationResult, IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { AwsCallFailedError, ReaderRoleMissingError } from "../errors.ts";
import { cardConditions } from "../lifecycle/persona-settings.ts";
import { type ReadOnlyViolation, readerRoleArn, readerRoleName } from "../lifecycle/read-only.ts";
import { verifierRoleArn, verifierRoleName } from "../lifecycle/verifier-role.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";
import { createStageRoles } from "./stage-role.ts";

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
  const takeRole = createStageRoles(runtime);

  // The simulator knows nothing of a reader's network and tags: it is asked about one who fulfils what the settings ask for.
  const { StringEquals = {} } = cardConditions(runtime.settings.deployment.personas);
  const contextEntries = Object.entries(StringEquals).map(([ContextKeyName, ContextKeyValues]) => ({
    ContextKeyName,
    ContextKeyType: "string" as const,
    ContextKeyValues: ContextKeyValues.slice(0, 1),
  }));

  const clientIn = async (accountId: string): Promise<IAMClient> => {
    const credentials = await takeRole(verifierRoleArn(accountId));
    if (credentials === undefined) {
      throw new ReaderRoleMissingError(
        `Account ${accountId} does not let Cardway assume ${verifierRoleName}. Deploy the stage account's roles, then redrive this execution.`,
      );
    }
    return runtime.trace(new IAMClient(clientConfig(runtime, credentials)));
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
              ...(contextEntries.length > 0 && { ContextEntries: contextEntries }),
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

/** The same where access is already there: what cannot be proved counts as broken, because access must not outlive its proof. */
export async function unprovedReaderRole(
  stage: { stage: string; accountId: string },
  modelCardArn: string,
  readerRoles: ReaderRoles,
): Promise<ReadOnlyViolation | undefined> {
  try {
    return await readerRoleViolation(stage, modelCardArn, readerRoles);
  } catch (error) {
    if (!(error instanceof ReaderRoleMissingError || error instanceof AwsCallFailedError)) throw error;
    return { kind: "reader-role", principal: readerRoleArn(stage.accountId) };
  }
}
