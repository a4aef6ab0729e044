import type { JSX } from "hono/jsx/jsx-runtime";
import type { ApprovalView } from "../functions/approval-page/approval-page.ts";
import { voteOf } from "../functions/records/approval-request.ts";
import { unreached } from "../functions/records/notice.ts";
import { Time } from "./time.tsx";

/** Who is asked, and who has voted how. Votes of a request that ended without a decision count for nothing. */
export function ApprovalVoters({ view }: { view: ApprovalView }): JSX.Element {
  const { request, approver } = view;
  const untold = unreached(request.notices);
  return (
    <ul class="voters">
      {request.approvers.map(({ approverId, name, roles, deputy }) => (
        <li>
          <div>
            <strong>{approverId === approver.id ? `${name} (you)` : name}</strong>
            <span class="small"> {[...roles, ...(deputy ? ["as a deputy"] : [])].join(", ")}</span>
          </div>
          <VoteLine view={view} approverId={approverId} />
          {untold.includes(approverId) && (
            <p class="fault">The mail to this approver could not be delivered.</p>
          )}
        </li>
      ))}
    </ul>
  );
}

function VoteLine({ view, approverId }: { view: ApprovalView; approverId: string }): JSX.Element {
  const vote = voteOf(view.request, approverId);
  if (vote === undefined) {
    return <p class="small">{view.request.status === "open" ? "Has not voted yet" : "Did not vote"}</p>;
  }
  const isVoid =
    view.state === "card-moved" || ["superseded", "withdrawn", "expired"].includes(view.request.status);
  return (
    <>
      <p>
        <span class={`badge ${isVoid ? "" : vote.approve ? "good" : "bad"}`}>
          {vote.approve ? "Approved" : "Rejected"}
        </span>{" "}
        <span class="small">
          on <Time at={vote.at} />
          {isVoid && ", does not count any more"}
        </span>
      </p>
      {vote.comment !== "" && <blockquote class="said">{vote.comment}</blockquote>}
    </>
  );
}
