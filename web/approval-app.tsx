import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import * as z from "zod";
import {
  type ApprovalLink,
  type ApprovalPageDependencies,
  type ApprovalView,
  DecisionFormSchema,
  decideApproval,
  viewApproval,
} from "../functions/approval-page/approval-page.ts";
import { lifecycleOf, routesNeedTags } from "../functions/lifecycle/routes.ts";
import type { Answer } from "./approval-notice.tsx";
import { ApprovalPage, InvalidLinkPage } from "./approval-page.tsx";
import { consequenceOf } from "./consequences.ts";
import { type FormFault, type SentForm, formFault, sentForm } from "./decision-form.ts";
import type { DecisionPanelProps } from "./decision-panel.tsx";
import { MessagePage, Notice, methodNotAllowed, pageHeaders, serveStylesheet, showPage } from "./page.tsx";

export interface ApprovalAppDependencies extends ApprovalPageDependencies {
  /** Hears of unexpected errors, by class name only. */
  log: (message: string) => void;
}

/** What can stand in a link: anything else is none of ours, and is not looked up. */
const LinkSchema = z.object({
  requestId: z.uuid(),
  approverId: z.string(),
  /** 32 bytes in base64url. The last character carries four bits only: other spellings of the same bytes are not the link that was sent. */
  mac: z.string().regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/),
});

const linkRoute = "/approvals/:requestId/:approverId/:mac";

/** The longest comment in a script of three bytes a character takes 18 kB in a form. */
const largestFormBytes = 24 * 1024;

/**
 * The approval page. GET and HEAD show what an approver is asked and change nothing; only a POST decides. Every link that
 * Cardway did not make is answered with the same 404.
 */
export function createApprovalApp(dependencies: ApprovalAppDependencies): Hono {
  const app = new Hono();
  app.use(pageHeaders());
  serveStylesheet(app);

  app.get(linkRoute, async (context) => {
    const link = linkOf(context);
    const view = link && (await viewApproval(link, dependencies));
    return view === undefined ? invalidLink(context) : showView(context, view, { status: 200 }, dependencies);
  });

  app.post(linkRoute, bodyLimit({ maxSize: largestFormBytes, onError: tooLarge }), async (context) => {
    const link = linkOf(context);
    const view = link && (await viewApproval(link, dependencies));
    if (link === undefined || view === undefined) return invalidLink(context);
    const sent = sentForm(await context.req.text());
    const form = DecisionFormSchema.safeParse(sent);
    if (!form.success) {
      const fault = formFault(form.error, sent);
      return view.state === "open"
        ? showView(context, view, { status: 400, answer: "invalid", sent, fault }, dependencies)
        : showView(context, view, { status: refusalStatus(view), answer: "not-recorded" }, dependencies);
    }
    if (view.state === "open" && view.content === undefined && form.data.decision === "approve") {
      return showView(context, view, { status: 409, answer: "content-missing", sent }, dependencies);
    }
    const result = await decideApproval(link, form.data, dependencies);
    if (result === undefined) return invalidLink(context);
    return result.decidedNow
      ? showView(context, result, { status: 200, answer: "decided" }, dependencies)
      : showView(
          context,
          result,
          { status: refusalStatus(result), answer: "not-recorded", sent },
          dependencies,
        );
  });

  app.all(linkRoute, methodNotAllowed("GET, HEAD, POST"));
  app.notFound(invalidLink);
  app.onError((error, context) => {
    dependencies.log(`The approval page failed: ${classNames(error)}.`);
    return showPage(
      context,
      <MessagePage title="Something went wrong on our side" area="Model card approval">
        <Notice kind="bad" title="What you can do">
          <p>
            Open the link in your mail again: the page then says whether a decision is recorded. If it does
            not, send yours again; a decision counts only once.
          </p>
        </Notice>
      </MessagePage>,
      500,
    );
  });
  return app;
}

function linkOf(context: Context): ApprovalLink | undefined {
  return LinkSchema.safeParse(context.req.param()).data;
}

function invalidLink(context: Context) {
  return showPage(context, <InvalidLinkPage />, 404);
}

function tooLarge(context: Context) {
  return showPage(
    context,
    <MessagePage title="Your answer is too long" area="Model card approval">
      <Notice kind="bad" title="Your decision was not recorded">
        <p>Go back, shorten the comment, and send your decision again.</p>
      </Notice>
    </MessagePage>,
    413,
  );
}

/** Shows a genuine link's page, and what became of the answer that was sent. */
async function showView(
  context: Context,
  view: ApprovalView,
  { status, ...rest }: { status: ContentfulStatusCode; answer?: Answer; sent?: SentForm; fault?: FormFault },
  { settings, modelCards, now }: ApprovalPageDependencies,
) {
  const { card, modelCardName } = view.request;
  const tags = routesNeedTags(settings) ? await modelCards.tags(card.modelCardArn) : {};
  const lifecycle = lifecycleOf({ modelCardName, tags }, settings);
  const decision: DecisionPanelProps = {
    consequences: {
      approve: consequenceOf("approve", lifecycle, card.status),
      reject: consequenceOf("reject", lifecycle, card.status),
    },
    approvable: view.content !== undefined,
    sent: rest.sent,
    fault: rest.fault,
  };
  return showPage(
    context,
    <ApprovalPage view={view} answer={rest.answer} decision={decision} now={now()} />,
    status,
  );
}

/** The status of a decision that is not taken. */
function refusalStatus({ state, request }: ApprovalView): ContentfulStatusCode {
  if (state === "own-card") return 403;
  return state === "expired" || request.status === "expired" ? 410 : 409;
}

/** An error's class and that of its cause. Their texts can hold what must not be logged. */
function classNames(error: Error): string {
  return error.cause instanceof Error ? `${error.name} (${error.cause.name})` : error.name;
}
