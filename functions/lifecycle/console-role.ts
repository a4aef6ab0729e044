import type { ConsoleSettings } from "./console-settings.ts";

/** What somebody may do in the operations console: an operator may act, an auditor may only look. */
export type ConsoleRole = "operator" | "auditor";

/** The role that groups give; `undefined` where none of them has one. */
export function roleOf(
  groups: readonly string[],
  { operators, auditors }: Pick<ConsoleSettings, "operators" | "auditors">,
): ConsoleRole | undefined {
  if (groups.some((group) => operators.includes(group))) return "operator";
  return groups.some((group) => auditors.includes(group)) ? "auditor" : undefined;
}

/** Where a path ends that collects evidence: somebody only looks, and goes on record with it. */
export const collectingPath = "/acts/collect-evidence";

/** Whether a role may make a request: looking is for everybody who has one. */
export function roleMay(
  role: ConsoleRole,
  { method, path }: { method: string; /** Without the query. */ path: string },
): boolean {
  return isLook(method) || role === "operator" || path.endsWith(collectingPath);
}

/** Whether a request of this HTTP method changes nothing. */
export function isLook(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
