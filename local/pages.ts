import { randomUUID } from "node:crypto";
import { createApprovalPageDependencies } from "../functions/approval-page/handler.ts";
import { createApprovalApp } from "../web/approval-app.tsx";
import { createInboxApp } from "../web/inbox-app.tsx";
import { createLocalApp } from "../web/local-app.tsx";
import type { LocalCloud } from "./cloud.ts";
import { type WebApplication, byRegion } from "./web-server.ts";
import type { Log } from "./wire/service.ts";

/** The web pages of all Regions: those of the home Region, with the inbox, at the root. */
export function createPages(cloud: LocalCloud, homeRegion: string, log: Log): WebApplication {
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
  });
  return byRegion({ fetch: (request) => homePages.fetch(request) }, (region) => {
    if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return undefined;
    cloud.open(region);
    const pages = pagesOfOtherRegions.get(region) ?? approvalPages(region);
    pagesOfOtherRegions.set(region, pages);
    return pages;
  });
}
