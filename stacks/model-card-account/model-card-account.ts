import type { Settings } from "../../functions/lifecycle/settings.ts";
import { deploymentOf } from "../definitions/deployment.ts";
import { createAlarms } from "./alarms.ts";
import { createApprovalApi, createApprovalRoute } from "./approval-page.ts";
import { createConsoleApi, createConsoleRoutes } from "./console.ts";
import { createDeadLetterQueues } from "./dead-letters.ts";
import { createEvidenceBucket } from "./evidence-bucket.ts";
import { createEventBus } from "./event-bus.ts";
import { createFunctions, lambdaFunctions } from "./functions.ts";
import { createDataKey, createLinkKey } from "./keys.ts";
import { createMailSender } from "./mail.ts";
import { createPersonaRoles } from "./personas.ts";
import { createRules } from "./rules.ts";
import { createShareRetirement } from "./shares.ts";
import { createTable } from "./table.ts";
import { createStateMachines } from "./workflows.ts";

/**
 * The account that owns the cards, in the order in which a change flows: what is remembered and announced, who acts, in which
 * order, what starts it, and who is told when it does not go on.
 *
 * Removal goes the other way round: nothing starts any more, nothing runs any more, all shares are retired, and only then the
 * functions go that could do so.
 */
export function createModelCardAccount(settings: Settings) {
  // Where everything is, but for the addresses of pages, which are known once they have one.
  const place = deploymentOf(settings, "");
  const dataKey = createDataKey(place, settings);
  const api = createApprovalApi(settings, dataKey);
  // There is no console where the settings do not say who signs in to it.
  const consoleApi = settings.deployment.console && createConsoleApi(settings, dataKey);
  const deployment = $util
    .all([api.url, consoleApi?.url])
    .apply(([approvalPageUrl, consoleUrl]) =>
      deploymentOf(settings, approvalPageUrl, settings.deployment.region, consoleUrl),
    );

  const table = createTable(settings);
  createEvidenceBucket(place, settings);
  const { log, announcing } = createEventBus(place, settings, dataKey);
  const linkKey = createLinkKey(place, settings);
  const mail = createMailSender(settings);
  const functions = createFunctions({
    place,
    deployment,
    settings,
    dataKey,
    needs: [table, ...announcing, linkKey, mail],
  });

  const shares = createShareRetirement(settings, functions);
  const stateMachines = createStateMachines({
    place,
    settings,
    dataKey,
    needs: [shares, ...lambdaFunctions(functions)],
  });
  createApprovalRoute(api, functions);
  if (consoleApi) createConsoleRoutes(consoleApi, functions);

  const deadLetters = createDeadLetterQueues(place);
  createRules(place, settings, [...stateMachines, ...deadLetters]);
  createPersonaRoles(place, settings);
  createAlarms({ place, settings, dataKey, log });
  return { approvalPage: api.url, ...(consoleApi && { console: consoleApi.url }) };
}
