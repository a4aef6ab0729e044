import { randomUUID } from "node:crypto";
import { createApprovalPageDependencies } from "../functions/approval-page/handler.ts";
import type { ConsoleRole } from "../functions/lifecycle/console-role.ts";
import { createEvidenceDependencies } from "../functions/console/evidence-dependencies.ts";
import { createOperateDependencies } from "../functions/operate/handler.ts";
import { operate } from "../functions/operate/operate.ts";
import { createQuerySources } from "../queries/sources.ts";
import { createApprovalApp } from "../web/approval-app.tsx";
import { createConsoleApp } from "../web/console/console-app.tsx";
import type { ConsoleIdentity } from "../web/console/console-identity.ts";
import { createInboxApp } from "../web/inbox-app.tsx";
import { createLocalApp } from "../web/local-app.tsx";
import type { LocalCloud } from "./cloud.ts";
import { type WebApplication, byRegion } from "./web-server.ts";
import type { Log } from "./wire/service.ts";

/**
 * The web pages of all Regions: those of the home Region, with the inbox and the console, at the root.
 *
 * @param options.consoleRole - What the machine's own user, whom nobody asks to sign in, may do in the console.
 */
export function createPages(
  cloud: LocalCloud,
  { homeRegion, consoleRole, log }: { homeRegion: string; consoleRole: ConsoleRole; log: Log },
): WebApplication {
  const approvalPages = (region: string) =>
    createApprovalApp({
      ...createApprovalPageDependencies(cloud.functionRuntime("approval-page", region)),
      log,
      newNonce: randomUUID,
    });
  const pagesOfOtherRegions = new Map<string, ReturnType<typeof approvalPages>>();
  const homePages = createLocalApp({
    approvals: approvalPages(homeRegion),
    inbox: createInboxApp({ messages: () => cloud.ses.messages() }),
    operations: localConsole(cloud, homeRegion, consoleRole, log),
  });
  return byRegion({ fetch: (request) => homePages.fetch(request) }, (region) => {
    if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return undefined;
    cloud.open(region);
    const pages = pagesOfOtherRegions.get(region) ?? approvalPages(region);
    pagesOfOtherRegions.set(region, pages);
    return pages;
  });
}

/** The console of the machine's own user: it looks with an administrator's eyes, and acts as `cardway-operate` does. */
function localConsole(cloud: LocalCloud, region: string, role: ConsoleRole, log: Log) {
  const operations = createOperateDependencies(cloud.functionRuntime("operate", region));
  const administrator = cloud.administratorRuntime(region);
  const sources = createQuerySources(administrator, region);
  return createConsoleApp({
    sources,
    evidence: createEvidenceDependencies(administrator, sources),
    act: (act, { identity }) => operate(act, { identity, through: "console" }, operations),
    identityOf: () => localIdentity(role),
    newId: randomUUID,
    inAws: false,
    log,
  });
}

function localIdentity(role: ConsoleRole): ConsoleIdentity {
  return { role, identity: `local-${role}`, name: `Local ${role}` };
}
