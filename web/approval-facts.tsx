import type { JSX } from "hono/jsx/jsx-runtime";
import type { ApprovalView } from "../functions/approval-page/approval-page.ts";
import { isAbout } from "../functions/records/approval-request.ts";
import { statusName } from "./approval-words.ts";
import { Time, timeLeft } from "./time.tsx";

/** What the request is about and who is asked, at a glance. */
export function ApprovalFacts({
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

function statusKind(status: string): string {
  return status === "Approved" ? "good" : status === "PendingReview" ? "warn" : "";
}

/** A card without a rating, or with `Unknown`, counts as high risk. */
function riskKind(riskRating: string): string {
  return riskRating === "Low" ? "good" : riskRating === "Medium" ? "warn" : "bad";
}
