import { type WebServer, startWebServer } from "../../local/web-server.ts";
import { createInboxApp } from "../../web/inbox-app.tsx";
import { createLocalApp } from "../../web/local-app.tsx";
import lifecycleSettings from "../../lifecycle.config.ts";
import { testConsole } from "../web/console/test-console.ts";
import { customerChurnContent } from "../web/customer-churn-card.ts";
import { atRest, linkOf } from "../workflow/reviews.ts";
import { createTestCloud, pageUrl } from "../workflow/test-cloud.ts";

/** The whole system on a clock that tests move, with its pages on a real port for a real browser. */
export interface ServedCloud {
  test: ReturnType<typeof createTestCloud>;
  server: WebServer;
  modelCardArn: string;
  /** The newest link that was mailed to an address, complete. */
  linkOf(address: string): string;
}

/** A realistic card of high risk in review, with questions to two approvers open. */
export async function serveCardInReview(): Promise<ServedCloud> {
  const test = createTestCloud({ settings: lifecycleSettings });
  const inbox = createInboxApp({ messages: () => test.cloud.ses.messages() });
  const operations = testConsole(test);
  const server = await startWebServer(createLocalApp({ approvals: test.page, inbox, operations }), 0);
  const content = JSON.parse(customerChurnContent);
  const highRisk = { ...content, intended_uses: { ...content.intended_uses, risk_rating: "High" } };
  const modelCardArn = await test.createCard("Customer-Churn-Model-Card", "PendingReview", highRisk);
  await test.until("both mails", () => (test.links("Customer-Churn").length === 2 ? true : undefined));
  await atRest(test, 1);
  return {
    test,
    server,
    modelCardArn,
    linkOf(address) {
      return `${server.url}${linkOf(test, address)}`;
    },
  };
}

/** An address of the mails, as it is reached on the real port. */
export function reachable(url: string, { server }: ServedCloud): string {
  return url.startsWith(pageUrl) ? `${server.url}${url.slice(pageUrl.length)}` : url;
}
