import type { JSX } from "hono/jsx/jsx-runtime";
import type { ApprovalView } from "../functions/approval-page/approval-page.ts";
import { ApprovalFacts } from "./approval-facts.tsx";
import { type Answer, ApprovalNotice } from "./approval-notice.tsx";
import { subjectOf } from "./approval-words.ts";
import { CardContent } from "./card-content.tsx";
import { DecisionPanel, type DecisionPanelProps } from "./decision-panel.tsx";
import { readContent, riskRatingOf } from "./model-card-content.ts";
import { MessagePage, Notice, Page } from "./page.tsx";

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
      <ApprovalNotice view={view} answer={answer} decision={decision} />
      <div class={state === "open" ? "columns with-decision" : "columns"}>
        <div class="content">
          <ApprovalFacts view={view} riskRating={riskRatingOf(content)} now={now} />
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
