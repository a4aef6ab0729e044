import type { JSX } from "hono/jsx/jsx-runtime";
import type { ApprovalView } from "../functions/approval-page/approval-page.ts";
import { AccessAfterApproval } from "./access-after.tsx";
import { ApprovalFacts } from "./approval-facts.tsx";
import { type Answer, ApprovalNotice, changesId } from "./approval-notice.tsx";
import { subjectOf } from "./approval-words.ts";
import { CardContent } from "./card-content.tsx";
import { ContentChangesPanel } from "./content-changes-panel.tsx";
import { contentChanges } from "./content-changes.ts";
import { DecisionPanel, type DecisionPanelProps } from "./decision-panel.tsx";
import { readContent } from "./model-card-content.ts";
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
          <ApprovalFacts view={view} now={now} />
          <Changes view={view} />
          {request.status === "open" && <AccessAfterApproval lifecycle={view.lifecycle} />}
          <CardContent content={readContent(view.content)} version={request.card.version} />
        </div>
        {state === "open" && <DecisionPanel {...decision} />}
      </div>
    </Page>
  );
}

/** What a reader has to look at anew: since the version that they reviewed, or since the one that was approved last. */
function Changes({ view }: { view: ApprovalView }): JSX.Element {
  const { movedTo, approvedLast, content, request } = view;
  const { version } = request.card;
  if (movedTo !== undefined) {
    return (
      <ChangesBetween
        title={`What changed from version ${version ?? "unknown"} to version ${movedTo.version}`}
        before={content}
        after={movedTo.content}
      />
    );
  }
  if (approvedLast === undefined || version === undefined || request.status !== "open") return <></>;
  if (approvedLast.version !== version) return <ChangesSince approvedLast={approvedLast} content={content} />;
  return approvedLast.approvedHere ? (
    <Notice title="This very version was approved before">
      <p>Its content has not changed since. It was sent to review again.</p>
    </Notice>
  ) : (
    <Notice title="This very version was set to Approved without a decision" kind="warn">
      <p>Somebody did that outside Cardway, and nobody was asked. Then it was sent to review.</p>
    </Notice>
  );
}

function ChangesSince({
  approvedLast,
  content,
}: {
  approvedLast: NonNullable<ApprovalView["approvedLast"]>;
  content: string | undefined;
}): JSX.Element {
  return (
    <ChangesBetween
      title={`What changed since version ${approvedLast.version}, ${approvedLast.approvedHere ? "approved last" : "set to Approved outside Cardway"}`}
      before={approvedLast.content}
      after={content}
    />
  );
}

function ChangesBetween({
  title,
  before,
  after,
}: {
  title: string;
  before: string | undefined;
  after: string | undefined;
}): JSX.Element {
  const changes = contentChanges(readContent(before), readContent(after));
  return <ContentChangesPanel id={changesId} title={title} changes={changes} />;
}

function titleOf({ request, state }: ApprovalView, answer: Answer): string {
  const subject = subjectOf(request);
  const decided = request.status === "approved" || request.status === "rejected";
  if (answer === "voted" && decided) return `You ${request.status} ${subject}`;
  if (answer === "voted") return `Your vote on ${subject} is recorded`;
  if (state === "open") return `Approve ${subject}?`;
  if (state === "voted") return `${subject} waits for others`;
  if (decided) return `${subject} was ${request.status}`;
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
        <p>If it still does not open, ask the team that runs Cardway, or the owner of the card.</p>
      </Notice>
    </MessagePage>
  );
}
