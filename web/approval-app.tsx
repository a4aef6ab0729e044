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
import type { Answer } from "./approval-notice.tsx";
import { ApprovalPage, InvalidLinkPage } from "./approval-page.tsx";
import { consequenceOf } from "./consequences.ts";
import { type FormFault, type SentForm, formFault, sentForm } from "./decision-form.ts";
import { formToken, isForeign, isFormToken } from "./form-token.ts";
import { MessagePage, Notice, methodNotAllowed, pageHeaders, serveStylesheet, showPage } from "./page.tsx";
import { type Rate, rateLimit } from "./rate-limit.ts";

export interface ApprovalAppDependencies extends ApprovalPageDependencies {
  /** Hears of unexpected errors, by class name only. */
  log: (message: string) => void;
  /** A new unguessable text for each page. */
  newNonce: () => string;
  /** How often one link may be used. */
  ratePerLink?: Rate;
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

/** Far more than a person needs, and little enough to keep a link from being hammered. */
const usualRate: Rate = { burst: 240, perMinute: 60 };

/** What became of a post, and what goes back into its form. */
interface Answered {
  status: ContentfulStatusCode;
  answer?: Answer;
  sent?: SentForm;
  fault?: FormFault;
}

/**
 * The approval page. GET and HEAD show what an approver is asked and change nothing; only a POST of the page's own form
 * votes. Every link that Cardway did not make is answered with the same 404.
 */
export function createApprovalApp(dependencies: ApprovalAppDependencies): Hono {
  const { now } = dependencies;
  const app = new Hono();
  app.use(pageHeaders());
  serveStylesheet(app);

  const secondsToWait = rateLimit(dependencies.ratePerLink ?? usualRate, now);
  app.use(linkRoute, async (context, next) => {
    const seconds = secondsToWait(context.req.path);
    return seconds === 0 ? next() : tooOften(context, seconds);
  });

  app.get(linkRoute, async (context) => {
    const link = linkOf(context);
    const view = link && (await viewApproval(link, dependencies));
    return link === undefined || view === undefined
      ? invalidLink(context)
      : showView(context, link, view, { status: 200 }, dependencies);
  });

  app.post(linkRoute, bodyLimit({ maxSize: largestFormBytes, onError: tooLarge }), async (context) => {
    const link = linkOf(context);
    const view = link && (await viewApproval(link, dependencies));
    if (link === undefined || view === undefined) return invalidLink(context);
    const show = (shown: ApprovalView, answered: Answered) =>
      showView(context, link, shown, answered, dependencies);
    const sent = sentForm(await context.req.text());
    const form = DecisionFormSchema.safeParse(sent);
    const forged = isForged(context, sent, link, now());
    if (view.state !== "open" && (!form.success || forged)) {
      return show(view, { status: refusalStatus(view), answer: "not-recorded" });
    }
    if (!form.success) {
      return show(view, { status: 400, answer: "invalid", sent, fault: formFault(form.error, sent) });
    }
    if (forged) return show(view, { status: 403, answer: "forged", sent });
    if (view.content === undefined && form.data.decision === "approve") {
      return show(view, { status: 409, answer: "content-missing", sent });
    }
    const result = await decideApproval(link, form.data, dependencies);
    if (result === undefined) return invalidLink(context);
    return result.votedNow
      ? show(result, { status: 200, answer: "voted" })
      : show(result, { status: refusalStatus(result), answer: "not-recorded", sent });
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
            Open the link in your mail again: the page then says whether your decision is recorded. If it is
            not, send it again; it counts only once.
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

/** Whether a form was not posted from a page of ours that showed this very link a while ago. */
function isForged(context: Context, sent: SentForm, link: ApprovalLink, now: Date): boolean {
  const foreign = isForeign({
    fetchSite: context.req.header("Sec-Fetch-Site"),
    origin: context.req.header("Origin"),
    host: context.req.header("Host") ?? new URL(context.req.url).host,
  });
  return foreign || !isFormToken(sent.token, link, now);
}

function invalidLink(context: Context) {
  return showPage(context, <InvalidLinkPage />, 404);
}

function tooOften(context: Context, seconds: number) {
  context.header("Retry-After", String(seconds));
  return showPage(
    context,
    <MessagePage title="This link was used too often" area="Model card approval">
      <Notice kind="bad" title="Nothing was recorded">
        <p>Wait {seconds === 1 ? "a second" : `${seconds} seconds`}, then try again.</p>
      </Notice>
    </MessagePage>,
    429,
  );
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
function showView(
  context: Context,
  link: ApprovalLink,
  view: ApprovalView,
  { status, answer, sent, fault }: Answered,
  { now, newNonce }: ApprovalAppDependencies,
) {
  const { lifecycle, request } = view;
  const decision = {
    consequences: {
      approve: consequenceOf("approve", lifecycle, request.card.status),
      reject: consequenceOf("reject", lifecycle, request.card.status),
    },
    policy: request.policy,
    approvable: view.content !== undefined,
    token: formToken(link, { now: now(), nonce: newNonce() }),
    sent,
    fault,
  };
  return showPage(
    context,
    <ApprovalPage view={view} answer={answer} decision={decision} now={now()} />,
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
