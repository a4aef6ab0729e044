import type { ConsoleRole } from "../../functions/lifecycle/console-role.ts";

/** Who uses the operations console. */
export interface ConsoleIdentity {
  role: ConsoleRole;
  /** What the issuer knows the person by for good (`sub`): what records name. */
  identity: string;
  /** What the person is called. Untrusted, and for pages only. */
  name: string;
}
