import type { JSX } from "hono/jsx/jsx-runtime";
import { DecisionFormSchema } from "../functions/approval-page/approval-page.ts";
import type { ApprovalPolicy } from "../functions/lifecycle/approval-policy.ts";
import type { FormFault, SentForm } from "./decision-form.ts";
import { formTokenField } from "./form-token.ts";

export interface DecisionPanelProps {
  /** What each decision leads to, in words that go on from "If you approve, ". */
  consequences: Record<"approve" | "reject", string>;
  policy: ApprovalPolicy;
  /** The page's anti-forgery token. */
  token: string;
  /** Whether there is content to approve. */
  approvable: boolean;
  /** What was sent before and is kept in the form. */
  sent: SentForm | undefined;
  fault: FormFault | undefined;
}

const longestComment = DecisionFormSchema.shape.comment.unwrap().maxLength ?? undefined;

/** The form that decides, posted to the page's own address. */
export function DecisionPanel({
  consequences,
  policy,
  token,
  approvable,
  sent,
  fault,
}: DecisionPanelProps): JSX.Element {
  const comment = typeof sent?.comment === "string" ? sent.comment : "";
  const faultOf = (field: "decision" | "comment"): JSX.Element =>
    fault?.field === field ? (
      <p class="fault" id={`${field}-fault`}>
        {fault.sentence}
      </p>
    ) : (
      <></>
    );
  return (
    <aside class="decision" id="decision" aria-labelledby="decision-heading">
      <section class="panel">
        <h2 id="decision-heading">Your decision</h2>
        <form method="post">
          <input type="hidden" name={formTokenField} value={token} />
          <fieldset aria-describedby={fault?.field === "decision" ? "decision-fault" : undefined}>
            <legend class="visually-hidden">Approve or reject</legend>
            {faultOf("decision")}
            {approvable && (
              <Choice
                value="approve"
                name="Approve"
                consequence={
                  policy.approvals === 1
                    ? `If you approve, ${consequences.approve}`
                    : `Takes ${policy.approvals} approvals. Then ${consequences.approve}`
                }
                checked={sent?.decision === "approve"}
              />
            )}
            <Choice
              value="reject"
              name="Reject"
              consequence={
                policy.oneRejectionEnds
                  ? `If you reject, ${consequences.reject}`
                  : `Ends the request once too few are left to approve. Then ${consequences.reject}`
              }
              checked={sent?.decision === "reject"}
            />
          </fieldset>
          <div>
            <label class="field" for="comment">
              Comment
            </label>
            <p class="hint" id="comment-hint">
              A rejection needs a reason: the author gets it. It is kept on record with your vote.
            </p>
            {faultOf("comment")}
            <textarea
              id="comment"
              name="comment"
              maxlength={longestComment}
              rows={5}
              aria-describedby={fault?.field === "comment" ? "comment-hint comment-fault" : "comment-hint"}
              aria-invalid={fault?.field === "comment" ? "true" : undefined}
            >
              {`\n${comment}`}
            </textarea>
          </div>
          <button class="button" type="submit">
            Send decision
          </button>
          <p class="hint">A decision cannot be taken back here.</p>
        </form>
      </section>
    </aside>
  );
}

function Choice({
  value,
  name,
  consequence,
  checked,
}: {
  value: "approve" | "reject";
  name: string;
  consequence: string;
  checked: boolean;
}): JSX.Element {
  return (
    <label class="choice">
      <input type="radio" name="decision" value={value} required checked={checked} />
      <span>
        <strong>{name}</strong>
        <span class="small">{consequence}</span>
      </span>
    </label>
  );
}
