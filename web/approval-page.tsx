import type { JSX } from "hono/jsx/jsx-runtime";
import type { ApprovalView } from "../functions/approval-page/approval-page.ts";
import { isAbout } from "../functions/records/approval-request.ts";
import { deciderOf, endSentence, movedSentence, statusName, subjectOf } from "./approval-words.ts";
import { CardContent } from "./card-content.tsx";
import { DecisionPanel, type DecisionPanelProps } from "./decision-panel.tsx";
import { readContent, riskRatingOf } from "./model-card-content.ts";
import { MessagePage, Notice, Page } from "./page.tsx";
import { Time, timeLeft } from "./time.tsx";

/** What happened to the answer that was just sent; `undefined` where the page was only opened. */
export type Answer = "decided" | "not-recorded" | "content-missing" | "invalid" | undefined;

/** The approval page in each of its states. */
export function ApprovalPage({
  view,
  answer,
  decision,
  now,
}: {
  view: ApprovalView;
  answer: Answer;
  decision: DecisionPanelProps;
  now: Date;
}): JSX.Element {
  const { request, approver, state } = view;
  const title = titleOf(view, answer);
  const content = readContent(view.content);
  return (
    <Page
      title={answer === "invalid" ? `Error: ${title}` : title}
      area="Model card approval"
      footer="Opening or reloading this page changes nothing. All times are in UTC."
      narrow={state !== "open"}
    >
      {state === "open" && (
        <a class="skip" href="#decision">
          Skip to your decision
        </a>
      )}
      <div>
        <h1>{title}</h1>
        {state === "open" && (
          <p class="lead">
            {approver.name}, you are asked to review this version of the model card. Read what it says, then{" "}
            <a href="#decision">approve or reject it</a>.
          </p>
        )}
      </div>
      <StateNotice view={view} answer={answer} decision={decision} />
      <div class={state === "open" ? "columns with-decision" : "columns"}>
        <div class="content">
          <Facts view={view} riskRating={riskRatingOf(content)} now={now} />
          <CardContent content={content} version={request.card.version} />
        </div>
        {state === "open" && <DecisionPanel {...decision} />}
      </div>
    </Page>
  );
}

function titleOf({ request, state }: ApprovalView, answer: Answer): string {
  const subject = subjectOf(request);
  if (answer === "decided")
    return `You ${request.status === "approved" ? "approved" : "rejected"} ${subject}`;
  if (state === "open") return `Approve ${subject}?`;
  if (request.status === "approved" || request.status === "rejected")
    return `${subject} was ${request.status}`;
  return state === "own-card"
    ? `${subject} is for others to decide`
    : `${subject} takes no decision any more`;
}

/** What matters most: what became of the answer, and why the page asks for none. */
function StateNotice({
  view,
  answer,
  decision,
}: {
  view: ApprovalView;
  answer: Answer;
  decision: DecisionPanelProps;
}): JSX.Element {
  const { request, state } = view;
  if (answer === "decided")
    return <DecidedNotice view={view} consequence={decision.consequences[outcomeOf(view)]} />;
  const refused =
    answer === "not-recorded" ? <p>Your answer was not recorded, and nothing was changed.</p> : <></>;
  const alert = answer !== undefined;
  if (state === "open") return <OpenNotice answer={answer} fault={decision.fault} />;
  if (state === "ended") {
    return (
      <Notice kind={noticeKind(request.status)} title={endSentence(view)} alert={alert}>
        <Comment view={view} />
        {refused}
        <AfterDecision view={view} />
      </Notice>
    );
  }
  if (state === "expired") {
    return (
      <Notice kind="warn" title="The time to decide is up" alert={alert}>
        <p>
          This request ended on <Time at={request.expiresAt} />, and nobody had decided.
        </p>
        {refused}
        <p>To ask again, the card has to be sent to review again.</p>
      </Notice>
    );
  }
  if (state === "card-moved") {
    return (
      <Notice kind="warn" title="The card has changed" alert={alert}>
        <p>{movedSentence(view)}</p>
        {refused}
        <p>Where the new version needs a decision, you get a new mail about it.</p>
      </Notice>
    );
  }
  return (
    <Notice kind="warn" title="You cannot decide about this card" alert={alert}>
      <p>You created it or edited it last, and nobody approves their own card.</p>
      {refused}
      <Others view={view} />
    </Notice>
  );
}

function OpenNotice({ answer, fault }: { answer: Answer; fault: DecisionPanelProps["fault"] }): JSX.Element {
  if (answer === "invalid" && fault !== undefined) {
    return (
      <Notice kind="bad" title="Your decision was not recorded" alert>
        <p>
          <a href={`#${fault.field}`}>{fault.sentence}</a>
        </p>
      </Notice>
    );
  }
  if (answer === "content-missing") {
    return (
      <Notice kind="bad" title="Your approval was not recorded" alert>
        <p>
          The content of this version could not be read, and you can approve only what you have reviewed. Try
          again later.
        </p>
      </Notice>
    );
  }
  if (answer === "not-recorded") {
    return (
      <Notice kind="bad" title="Your decision was not recorded" alert>
        <p>
          The card was being changed while you sent it. It waits for a decision again: look at it, then send
          yours again.
        </p>
      </Notice>
    );
  }
  return <></>;
}

function DecidedNotice({ view, consequence }: { view: ApprovalView; consequence: string }): JSX.Element {
  const { request, card } = view;
  const at = request.decision?.at ?? request.requestedAt;
  return (
    <Notice kind={noticeKind(request.status)} title="Your decision is recorded" alert>
      <p>
        Recorded at <Time at={at} /> for version {request.card.version ?? "unknown"} and no other.
      </p>
      <Comment view={view} />
      {isAbout(request, card) ? (
        <p>What happens now: {consequence} You can close this page.</p>
      ) : (
        <AfterDecision view={view} />
      )}
    </Notice>
  );
}

/** What a person wrote with a decision. */
function Comment({ view }: { view: ApprovalView }): JSX.Element {
  const { decision } = view.request;
  const comment = decision?.comment ?? "";
  if (comment === "") return <></>;
  const yours = decision?.approverId === view.approver.id;
  return (
    <div>
      <p class="small">{yours ? "Your comment:" : `Comment of ${deciderOf(view)}:`}</p>
      <blockquote class="said">{comment}</blockquote>
    </div>
  );
}

/** Where the card stands after a request has ended. */
function AfterDecision({ view }: { view: ApprovalView }): JSX.Element {
  const { request, card } = view;
  const decided = request.status === "approved" || request.status === "rejected";
  const moved = movedSentence(view);
  if (moved !== undefined) return <p>{moved}</p>;
  return decided ? (
    <p>Cardway is about to carry it out; until then the card stays {statusName(card.status)}.</p>
  ) : (
    <p>The card is still {statusName(card.status)}.</p>
  );
}

function Others({ view }: { view: ApprovalView }): JSX.Element {
  const others = view.request.approvers.filter(({ approverId }) => approverId !== view.approver.id);
  if (others.length === 0) return <></>;
  return <p>It was also sent to: {others.map(({ name }) => name).join(", ")}.</p>;
}

/** What the request is about and who is asked, at a glance. */
function Facts({
  view,
  riskRating,
  now,
}: {
  view: ApprovalView;
  riskRating: string;
  now: Date;
}): JSX.Element {
  const { request, approver, card } = view;
  const waiting = view.state === "open" || view.state === "own-card";
  const asked = request.approvers.map(({ approverId, name }) =>
    approverId === approver.id ? `${name} (you)` : name,
  );
  return (
    <section class="panel" aria-label="This request">
      <dl class="facts">
        <Fact name="Model card">{request.modelCardName}</Fact>
        <Fact name="Version">{request.card.version ?? "unknown"}</Fact>
        <Fact name="Status of the card now">
          <span class={`badge ${statusKind(card.status)}`}>{statusName(card.status)}</span>
        </Fact>
        <Fact name="Risk rating">
          <span class={`badge ${riskKind(riskRating)}`}>{riskRating}</span>
        </Fact>
        <Fact name="Cardway asks">{asked.join(", ")}</Fact>
        <Fact name="Asked on">
          <Time at={request.requestedAt} />
        </Fact>
        <Fact name={waiting ? "Answer until" : "Answer was due"}>
          <Time at={request.expiresAt} />
          {waiting && <span class="small"> ({timeLeft(request.expiresAt, now)} left)</span>}
        </Fact>
        {isAbout(request, card) && card.editors.length > 0 && (
          <Fact name="Created or edited by" whole>
            {[...new Set(card.editors)].join(", ")}
          </Fact>
        )}
        <Fact name="ARN" whole>
          <code>{request.card.modelCardArn}</code>
        </Fact>
      </dl>
    </section>
  );
}

function Fact({
  name,
  whole = false,
  children,
}: {
  name: string;
  whole?: boolean;
  children?: unknown;
}): JSX.Element {
  return (
    <div class={whole ? "whole" : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** One page for every link that Cardway did not make, so that it tells a stranger nothing. */
export function InvalidLinkPage(): JSX.Element {
  return (
    <MessagePage title="This link is not valid" area="Model card approval">
      <Notice kind="info" title="What you can do">
        <p>
          Open the link in the mail again. Some mail programs cut long links: then copy the whole link into
          the browser.
        </p>
        <p>If it still does not open, ask who sent you the mail.</p>
      </Notice>
    </MessagePage>
  );
}

function outcomeOf({ request }: ApprovalView): "approve" | "reject" {
  return request.status === "approved" ? "approve" : "reject";
}

function noticeKind(status: ApprovalView["request"]["status"]): "good" | "bad" | "warn" {
  return status === "approved" ? "good" : status === "rejected" ? "bad" : "warn";
}

function statusKind(status: string): string {
  return status === "Approved" ? "good" : status === "PendingReview" ? "warn" : "";
}

/** A card without a rating, or with `Unknown`, counts as high risk. */
function riskKind(riskRating: string): string {
  return riskRating === "Low" ? "good" : riskRating === "Medium" ? "warn" : "bad";
}
