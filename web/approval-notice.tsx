import type { JSX } from "hono/jsx/jsx-runtime";
import type { ApprovalView } from "../functions/approval-page/approval-page.ts";
import { isAbout } from "../functions/records/approval-request.ts";
import { deciderOf, endSentence, movedSentence, statusName } from "./approval-words.ts";
import type { DecisionPanelProps } from "./decision-panel.tsx";
import { Notice } from "./page.tsx";
import { Time } from "./time.tsx";

/** What happened to the answer that was just sent; `undefined` where the page was only opened. */
export type Answer = "decided" | "not-recorded" | "content-missing" | "invalid" | undefined;

/** What matters most: what became of the answer, and why the page asks for none. */
export function ApprovalNotice({
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
        {view.card.status !== "Deleted" && (
          <p>Where it needs a decision again, you get a new mail about it.</p>
        )}
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

function outcomeOf({ request }: ApprovalView): "approve" | "reject" {
  return request.status === "approved" ? "approve" : "reject";
}

function noticeKind(status: ApprovalView["request"]["status"]): "good" | "bad" | "warn" {
  return status === "approved" ? "good" : status === "rejected" ? "bad" : "warn";
}
