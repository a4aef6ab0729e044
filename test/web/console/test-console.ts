import { createEvidenceDependencies } from "../../../functions/console/evidence-dependencies.ts";
import { createOperateDependencies } from "../../../functions/operate/handler.ts";
import { operate } from "../../../functions/operate/operate.ts";
import { createQuerySources } from "../../../queries/sources.ts";
import { createConsoleApp } from "../../../web/console/console-app.tsx";
import type { ConsoleDependencies } from "../../../web/console/console-parts.ts";
import type { ConsoleIdentity } from "../../../web/console/console-identity.ts";
import { type TestCloud, region } from "../../workflow/test-cloud.ts";

export const operator: ConsoleIdentity = { role: "operator", identity: "person-1", name: "Olive Operator" };
export const auditor: ConsoleIdentity = { role: "auditor", identity: "person-2", name: "Audrey Auditor" };

/** The console of a system that tests move, for whom they say. */
export function testConsole(
  test: TestCloud,
  identityOf: ConsoleDependencies["identityOf"] = () => operator,
  changes: Partial<ConsoleDependencies> = {},
) {
  const operations = createOperateDependencies(test.cloud.functionRuntime("operate", region));
  let ids = 0;
  const administrator = test.cloud.administratorRuntime(region);
  const sources = createQuerySources(administrator, region);
  return createConsoleApp({
    sources,
    evidence: createEvidenceDependencies(administrator, sources),
    act: (act, { identity }) => operate(act, { identity, through: "console" }, operations),
    identityOf,
    newId: () => `7c9e6679-7425-40de-944b-${(ids += 1).toString(16).padStart(12, "0")}`,
    inAws: false,
    log: (line) => test.logged.push(line),
    ...changes,
  });
}
