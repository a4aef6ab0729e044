import { randomUUID } from "node:crypto";
import { appendFileSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { RoleWatcher } from "../../local/identity/authorization.ts";
import { evaluate } from "../../local/identity/policy-evaluation.ts";
import type { Role } from "../../local/identity/roles.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the calls that roles make in this run; only in a run of all tests. */
    roleCallsFolder?: string;
  }
}

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

// The same worlds are also built where no tests run: for pictures and measurements.
const folder =
  process.env["VITEST"] === undefined ? undefined : (await import("vitest")).inject("roleCallsFolder");
const fileName = `${randomUUID()}.jsonl`;
const recorded = new Set<string>();

/** Records what the roles of one local cloud ask for, where `readRoleCalls` finds it at the end of the run. */
export function recordRoleCalls(): RoleWatcher {
  const definitions = new Map<string, Role>();
  return {
    defined: (role) => void definitions.set(role.roleArn, role),
    asked(roleArn, question) {
      const definition = definitions.get(roleArn);
      if (definition === undefined || folder === undefined) return;
      const call: RoleCall = {
        roleName: roleNameOf(roleArn),
        action: question.action,
        resource: question.resource,
        allowed: evaluate(definition.policies, question).decision === "allowed",
      };
      const line = `${JSON.stringify(call)}\n`;
      if (recorded.has(line)) return;
      recorded.add(line);
      appendFileSync(join(folder, fileName), line);
    },
  };
}

/** Everything that roles asked for in the tests that have run so far, each thing once. */
export function readRoleCalls(folder: string): RoleCall[] {
  const lines = readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), "utf8").trimEnd().split("\n"),
  );
  return [...new Set(lines)].map((line) => RoleCallSchema.parse(JSON.parse(line)));
}

export function roleNameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf("/") + 1);
}
