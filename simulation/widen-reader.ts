import {
  DeleteRolePermissionsBoundaryCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { readerRoleName } from "../functions/lifecycle/read-only.ts";

/**
 * Lets an account's reader role update cards, past its own deny and its boundary.
 *
 * @param iam - Calls as an administrator of that account.
 * @returns takes that back.
 */
export async function widenReader(iam: IAMClient): Promise<() => Promise<void>> {
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sagemaker:*", Resource: "*" }],
  });
  const role = { RoleName: readerRoleName };
  const policy = { ...role, PolicyName: readerRoleName };
  const { PolicyDocument: before = "" } = await iam.send(new GetRolePolicyCommand(policy));
  const { PermissionsBoundary: boundary } = (await iam.send(new GetRoleCommand(role))).Role ?? {};
  await iam.send(new DeleteRolePermissionsBoundaryCommand(role));
  await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
  return async () => {
    await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: decodeURIComponent(before) }));
    const PermissionsBoundary = boundary?.PermissionsBoundaryArn ?? "";
    await iam.send(new PutRolePermissionsBoundaryCommand({ ...role, PermissionsBoundary }));
  };
}
