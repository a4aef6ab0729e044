import type { JSX } from "hono/jsx/jsx-runtime";
import type { ApprovalView } from "../functions/approval-page/approval-page.ts";
import { isAbout, voteOf } from "../functions/records/approval-request.ts";
import { approvalsNeeded, endSentence, movedSentence, statusName } from "./approval-words.ts";
import type { DecisionPanelProps } from "./decision-panel.tsx";
import { Notice } from "./page.tsx";
import { Time, timeText } from "./time.tsx";

/** What happened to the answer that was just sent; `undefined` where the page was only opened. */
export type Answer = "voted" | "not-recorded" | "content-missing" | "invalid" | "forged" | undefined;

/** Where the page shows what changed. */
export const changesId = "changes";

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
  const { request, approver, state } = view;
  if (answer === "voted") return <VotedNotice view={view} decision={decision} />;
  const refused =
    answer !== "not-recorded" ? (
      <></>
    ) : voteOf(request, approver.id) === undefined ? (
      <p>Your answer was not recorded, and nothing was changed.</p>
    ) : (
      <p>Sending an answer again changes nothing: your first one counts.</p>
    );
  const alert = answer !== undefined;
  if (state === "open") return <OpenNotice answer={answer} fault={decision.fault} />;
  if (state === "voted") {
    const vote = voteOf(request, approver.id);
    return (
      <Notice
        kind="info"
        title={`You ${vote?.approve === true ? "approved" : "rejected"} this version`}
        alert={alert}
      >
        <p>
          Your vote was recorded on {timeText(vote?.at ?? request.requestedAt)}, and it stays as it is. The
          request takes {approvalsNeeded(request.policy)}.
        </p>
        {refused}
      </Notice>
    );
  }
  if (state === "ended") {
    return (
      <Notice kind={noticeKind(request.status)} title={endSentence(view)} alert={alert}>
        {refused}
        <AfterDecision view={view} />
        {(request.status === "superseded" || request.status === "withdrawn") && (
          <p>Votes on it count no more. Those who are to decide about the card again get a new mail.</p>
        )}
      </Notice>
    );
  }
  if (state === "expired") {
    return (
      <Notice kind="warn" title="The time to decide is up" alert={alert}>
        <p>
          This request ended on <Time at={request.expiresAt} />, and it was not decided by then.
        </p>
        {refused}
        <p>To ask again, the card has to be sent to review again.</p>
      </Notice>
    );
  }
  if (state === "card-moved") {
    return (
      <Notice kind="warn" title="The card has changed" alert={alert}>
        <Moved view={view} />
        {refused}
        {view.card.status !== "Deleted" && (
          <p>Where it needs a decision again, those who are to decide get a new mail about it.</p>
        )}
      </Notice>
    );
  }
  return (
    <Notice kind="warn" title="You cannot decide about this card" alert={alert}>
      <p>
        You created, edited or own it, or you do not answer for it any more: nobody approves their own card.
      </p>
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
  if (answer === "forged") {
    return (
      <Notice kind="bad" title="Your decision was not recorded" alert>
        <p>
          It did not come from this page, or the page was open for more than a day. Look at the card again,
          then send your decision from here.
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

function VotedNotice({ view, decision }: { view: ApprovalView; decision: DecisionPanelProps }): JSX.Element {
  const { request, approver, card } = view;
  const at = voteOf(request, approver.id)?.at ?? request.requestedAt;
  const decided = request.status === "approved" || request.status === "rejected";
  return (
    <Notice
      kind={decided ? noticeKind(request.status) : "info"}
      title={decided ? "Your decision is recorded" : "Your vote is recorded"}
      alert
    >
      <p>
        Recorded on <Time at={at} /> for version {request.card.version ?? "unknown"} and no other.
      </p>
      {!decided ? (
        <p>
          The request takes {approvalsNeeded(request.policy)}, so it waits for others. You can close this
          page.
        </p>
      ) : isAbout(request, card) ? (
        <p>
          What happens now: {decision.consequences[request.status === "approved" ? "approve" : "reject"]} You
          can close this page.
        </p>
      ) : (
        <AfterDecision view={view} />
      )}
    </Notice>
  );
}

/** Where the card stands after a request has ended. */
function AfterDecision({ view }: { view: ApprovalView }): JSX.Element {
  const { request, card } = view;
  const decided = request.status === "approved" || request.status === "rejected";
  if (movedSentence(view) !== undefined) return <Moved view={view} />;
  return decided ? (
    <p>Cardway is about to carry it out; until then the card stays {statusName(card.status)}.</p>
  ) : (
    <p>The card is still {statusName(card.status)}.</p>
  );
}

/** How the card differs from what the approver reviewed, and the way to what changed. */
function Moved({ view }: { view: ApprovalView }): JSX.Element {
  return (
    <p>
      {movedSentence(view)}
      {view.movedTo !== undefined && (
        <>
          {" "}
          <a href={`#${changesId}`}>See what changed</a>.
        </>
      )}
    </p>
  );
}

function Others({ view }: { view: ApprovalView }): JSX.Element {
  const others = view.request.approvers.filter(({ approverId }) => approverId !== view.approver.id);
  if (others.length === 0) return <></>;
  return <p>It was also sent to: {others.map(({ name }) => name).join(", ")}.</p>;
}

function noticeKind(status: ApprovalView["request"]["status"]): "good" | "bad" | "warn" {
  return status === "approved" ? "good" : status === "rejected" ? "bad" : "warn";
}
