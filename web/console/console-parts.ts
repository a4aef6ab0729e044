import type { Context } from "hono";
import type { EvidenceArchives } from "../../functions/console/evidence-archives.ts";
import type { Act, ActOutcome } from "../../functions/operate/act.ts";
import type { QuerySources } from "../../queries/sources.ts";
import type { BehindDoor } from "./console-door.tsx";
import type { ConsoleIdentity } from "./console-identity.ts";
import type { Visit } from "./console-layout.tsx";

export interface ConsoleDependencies {
  sources: QuerySources;
  /** Does an act in somebody's name, on record. */
  act: (act: Act, identity: ConsoleIdentity) => Promise<ActOutcome>;
  /** Who makes a request; `undefined` for nobody. */
  identityOf: (context: Context) => ConsoleIdentity | undefined;
  newId: () => string;
  /** Whether the executions are in AWS, where they have a page of its console. */
  inAws: boolean;
  /** Collects evidence, and keeps what was collected. */
  evidence: EvidenceArchives;
  /** Path that a post to ends the session; absent where nobody has one. */
  logoutPath?: string | undefined;
  /** Hears of unexpected errors, by class name only. */
  log: (message: string) => void;
}

/** What pages need beside what they read. */
export interface ConsoleParts extends ConsoleDependencies {
  /** Begins a page: what happens from then on shows it anew. */
  begin: (context: Context<BehindDoor>) => Promise<Visit>;
  /** The frame of a page that says why there is nothing to show. */
  bare: (context: Context<BehindDoor>) => Visit;
}
