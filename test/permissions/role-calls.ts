import * as z from "zod";
import type { RoleWatcher } from "../../local/identity/authorization.ts";
import { evaluate } from "../../local/identity/policy-evaluation.ts";
import type { Role } from "../../local/identity/roles.ts";
import { createRecording } from "../recording.ts";

const RoleCallSchema = z.object({
  roleName: z.string(),
  /** For example `sagemaker:DescribeModelCard`. */
  action: z.string(),
  /** ARN, or `*` where the action knows no resource. */
  resource: z.string(),
  /** Whether the role's definition allows it, whatever a test has made of the role since. */
  allowed: z.boolean(),
});

/** Something that a role asked for in `local/`. */
export type RoleCall = z.output<typeof RoleCallSchema>;

const recording = createRecording("role-calls");

/** Records what the roles of one local cloud ask for, where `readRoleCalls` finds it at the end of the run. */
export function recordRoleCalls(): RoleWatcher {
  const definitions = new Map<string, Role>();
  return {
    defined: (role) => void definitions.set(role.roleArn, role),
    asked(roleArn, question) {
      const definition = definitions.get(roleArn);
      if (definition === undefined || !recording.isOn) return;
      const call: RoleCall = {
        roleName: roleNameOf(roleArn),
        action: question.action,
        resource: question.resource,
        allowed: evaluate(definition.policies, question).decision === "allowed",
      };
      recording.write(JSON.stringify(call));
    },
  };
}

/** Everything that roles asked for in the tests that have run so far, each thing once; only in a run of all tests. */
export function readRoleCalls(): RoleCall[] | undefined {
  return recording.read()?.map((line) => RoleCallSchema.parse(JSON.parse(line)));
}

export function roleNameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf("/") + 1);
}
