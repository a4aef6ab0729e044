import type { Hono } from "hono";
import { readAccessMatrix } from "../../queries/access-matrix.ts";
import { readMatters } from "../../queries/attention.ts";
import { readCardDetail } from "../../queries/card.ts";
import { readCards } from "../../queries/cards.ts";
import { readOpenRequests, readRequest } from "../../queries/requests.ts";
import { readSweeps } from "../../queries/sweeps.ts";
import { showPage } from "../page.tsx";
import { AccessPage } from "./access-page.tsx";
import { AttentionPage } from "./attention-page.tsx";
import { AuditPage, readShownAudit } from "./audit-page.tsx";
import { CardPage } from "./card-page.tsx";
import { CardsPage } from "./cards-page.tsx";
import type { ConsoleParts } from "./console-parts.ts";
import type { BehindDoor } from "./console-door.tsx";
import { consolePath } from "./console-paths.ts";
import { showNothing } from "./error-pages.tsx";
import { ifItCanBe } from "./named-by-visitor.ts";
import { ExecutionPage, readShownExecution } from "./execution-page.tsx";
import { ExecutionsPage, readShownExecutions } from "./executions-page.tsx";
import {
  AuditQuerySchema,
  CardsQuerySchema,
  ExecutionsQuerySchema,
  PageQuerySchema,
  TokenQuerySchema,
  VerificationQuerySchema,
  namePart,
} from "./list-query.ts";
import { OverviewPage, readOverview } from "./overview-page.tsx";
import {
  accessPath,
  attentionPath,
  auditPath,
  cardsPath,
  executionsPath,
  requestsPath,
  sweepsPath,
  verificationPath,
} from "./page-paths.ts";
import { RequestPage, RequestsPage, requestsOnAPage } from "./requests-page.tsx";
import { SweepsPage, sweepsOnAPage } from "./sweeps-page.tsx";
import { readVersionChanges } from "./version-changes.ts";
import { VerificationPage, verifyNext } from "./verification-page.tsx";

const cardsOnAPage = 50;

/** Each row asks AWS RAM about its card. */
const rowsOnAPage = 25;

/** The pages that only show. Each reads no more than it shows. */
export function addPages(app: Hono<BehindDoor>, { sources, inAws, begin, bare }: ConsoleParts): void {
  const { settings, now } = sources;

  // As people type it.
  app.get(`${consolePath}/`, (context) => context.redirect(consolePath, 301));
  app.get(consolePath, async (context) => {
    const visit = await begin(context);
    const overview = await readOverview(sources);
    return showPage(context, <OverviewPage overview={overview} now={now()} visit={visit} />);
  });

  app.get(attentionPath, async (context) => {
    const visit = await begin(context);
    const { page } = PageQuerySchema.parse(context.req.query());
    const matters = await readMatters(sources);
    return showPage(context, <AttentionPage matters={matters} page={page} now={now()} visit={visit} />);
  });

  app.get(cardsPath, async (context) => {
    const visit = await begin(context);
    const query = CardsQuerySchema.parse(context.req.query());
    const { name, fault } = namePart(query.name);
    const { status, order, next: nextToken } = query;
    const page =
      fault === undefined
        ? await readCards({ status, order, nameContains: name, nextToken, limit: cardsOnAPage }, sources)
        : { cards: [] };
    return showPage(context, <CardsPage page={page} query={query} fault={fault} now={now()} visit={visit} />);
  });

  app.get(`${cardsPath}/:name`, async (context) => {
    const visit = await begin(context);
    const { page } = PageQuerySchema.parse(context.req.query());
    const detail = await ifItCanBe(() => readCardDetail(context.req.param("name"), sources));
    if (detail === undefined) return showNothing(context, bare(context), "card");
    const { modelCardArn, version } = detail.card;
    const changes =
      version === undefined ? undefined : await readVersionChanges(modelCardArn, version, sources);
    return showPage(
      context,
      <CardPage
        detail={detail}
        changes={changes}
        settings={settings}
        page={page}
        now={now()}
        visit={visit}
      />,
    );
  });

  app.get(executionsPath, async (context) => {
    const visit = await begin(context);
    const query = ExecutionsQuerySchema.parse(context.req.query());
    const shown = await ifItCanBe(() => readShownExecutions(query, sources));
    return showPage(
      context,
      <ExecutionsPage
        shown={shown ?? { executions: [], cards: new Map() }}
        query={query}
        fault={shown === undefined ? noSuchName : undefined}
        now={now()}
        visit={visit}
      />,
    );
  });

  app.get(`${executionsPath}/:workflow{promotion|sweep}/:name`, async (context) => {
    const visit = await begin(context);
    const workflow = context.req.param("workflow") === "sweep" ? "sweep" : "promotion";
    const shown = await readShownExecution(workflow, context.req.param("name"), sources);
    if (shown === undefined) return showNothing(context, bare(context), "execution");
    return showPage(context, <ExecutionPage shown={shown} inAws={inAws} now={now()} visit={visit} />);
  });

  app.get(requestsPath, async (context) => {
    const visit = await begin(context);
    const { page } = PageQuerySchema.parse(context.req.query());
    const skip = (page - 1) * requestsOnAPage;
    const { requests, total } = await readOpenRequests({ skip, limit: requestsOnAPage }, sources);
    return showPage(
      context,
      <RequestsPage requests={requests} total={total} page={page} now={now()} visit={visit} />,
    );
  });

  app.get(`${requestsPath}/:id`, async (context) => {
    const visit = await begin(context);
    const request = await readRequest(context.req.param("id"), sources);
    if (request === undefined) return showNothing(context, bare(context), "request");
    return showPage(context, <RequestPage request={request} now={now()} visit={visit} />);
  });

  app.get(accessPath, async (context) => {
    const visit = await begin(context);
    const query = CardsQuerySchema.parse(context.req.query());
    const { name, fault } = namePart(query.name);
    const { status, order, next: nextToken } = query;
    const matrix =
      fault === undefined
        ? await readAccessMatrix(
            { status, order, nameContains: name, nextToken, limit: rowsOnAPage },
            sources,
          )
        : { accounts: [], rows: [] };
    return showPage(context, <AccessPage matrix={matrix} query={query} fault={fault} visit={visit} />);
  });

  app.get(auditPath, async (context) => {
    const visit = await begin(context);
    const query = AuditQuerySchema.parse(context.req.query());
    const shown = await ifItCanBe(() => readShownAudit(query, sources));
    return showPage(
      context,
      <AuditPage
        shown={shown ?? { entries: [] }}
        query={query}
        fault={shown === undefined ? noSuchName : undefined}
        settings={settings}
        visit={visit}
      />,
    );
  });

  app.get(verificationPath, async (context) => {
    // How far it has come is in the address, and anybody can write one: what another site or a mail leads to begins anew.
    const from = context.req.header("Sec-Fetch-Site") ?? "same-origin";
    const query = VerificationQuerySchema.parse(from === "same-origin" ? context.req.query() : {});
    const progress = await verifyNext(query, sources);
    return showPage(context, <VerificationPage progress={progress} visit={bare(context)} />);
  });

  app.get(sweepsPath, async (context) => {
    const visit = await begin(context);
    const { next } = TokenQuerySchema.parse(context.req.query());
    const shown = await readSweeps({ nextToken: next, limit: sweepsOnAPage }, sources);
    const everyHours = settings.deployment.sweepEveryHours;
    return showPage(
      context,
      <SweepsPage shown={shown} everyHours={everyHours} next={next} now={now()} visit={visit} />,
    );
  });
}

const noSuchName = "A card's name has letters of a to z, digits and hyphens, 63 at most.";
