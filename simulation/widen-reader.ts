import {
  DeleteRolePermissionsBoundaryCommand,
  type IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { readerRoleName } from "../functions/lifecycle/read-only.ts";

/**
 * Lets an account's reader role update cards, past its own deny and its boundary.
 *
 * @param iam - Calls as an administrator of that account.
 */
export async function widenReader(iam: IAMClient): Promise<void> {
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sagemaker:*", Resource: "*" }],
  });
  const role = { RoleName: readerRoleName };
  await iam.send(new DeleteRolePermissionsBoundaryCommand(role));
  await iam.send(new PutRolePolicyCommand({ ...role, PolicyName: readerRoleName, PolicyDocument }));
}
