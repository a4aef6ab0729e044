import type { JSX } from "hono/jsx/jsx-runtime";
import type { RiskRating } from "../events/risk-rating.ts";
import type { ApprovalView } from "../functions/approval-page/approval-page.ts";
import { reviewedContent } from "../functions/lifecycle/reviewed-content.ts";
import { isAbout } from "../functions/records/approval-request.ts";
import { ApprovalVoters } from "./approval-voters.tsx";
import { approvalsNeeded, riskName, statusName } from "./approval-words.ts";
import { Time, timeLeft } from "./time.tsx";

/** What the request is about, at a glance. */
export function ApprovalFacts({ view, now }: { view: ApprovalView; now: Date }): JSX.Element {
  const { request, card } = view;
  const { owner } = reviewedContent(view.content);
  const given = request.votes.filter(({ approve }) => approve).length;
  // Cardway's own functions set statuses too.
  const editors = [...new Set(card.editors)].filter((editor) => !editor.includes(":assumed-role/cardway-"));
  const waiting = view.state === "open" || view.state === "own-card" || view.state === "voted";
  return (
    <section class="panel" aria-label="This request">
      <dl class="facts">
        <Fact name="Risk rating">
          <span class={`badge ${riskKind(request.riskRating)}`}>{riskName(request.riskRating)}</span>
        </Fact>
        <Fact name="Owner">
          {owner === undefined || owner.trim() === "" ? (
            <span class="absent">not given</span>
          ) : (
            <bdi>{owner}</bdi>
          )}
        </Fact>
        <Fact name="Status of the card now">
          <span class={`badge ${statusKind(card.status)}`}>{statusName(card.status)}</span>
        </Fact>
        <Fact name="Needs">
          {approvalsNeeded(request.policy)}
          {waiting && given > 0 && <span class="small"> ({given} given so far)</span>}
        </Fact>
        {request.endedAt === undefined ? (
          <Fact name={waiting ? "Answer until" : "Answer was due"} whole>
            <Time at={request.expiresAt} />
            {waiting && <span class="small"> ({timeLeft(request.expiresAt, now)} left)</span>}
          </Fact>
        ) : (
          <Fact name="Ended" whole>
            <Time at={request.endedAt} />
          </Fact>
        )}
        <Fact name={request.status === "open" ? "Who is asked" : "Who was asked"} whole>
          <ApprovalVoters view={view} />
        </Fact>
      </dl>
      <details>
        <summary>Names and numbers</summary>
        <dl class="facts">
          <Fact name="Model card">{request.card.modelCardName}</Fact>
          <Fact name="Version">{request.card.version ?? "unknown"}</Fact>
          <Fact name="Asked on">
            <Time at={request.requestedAt} />
          </Fact>
          <Fact name="Approval policy">{request.policyVersion}</Fact>
          {isAbout(request, card) && editors.length > 0 && (
            <Fact name="Created or edited by" whole>
              {editors.join(", ")}
            </Fact>
          )}
          <Fact name="ARN" whole>
            <code>{request.card.modelCardArn}</code>
          </Fact>
        </dl>
      </details>
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

function riskKind(risk: RiskRating): string {
  return risk === "Low" ? "good" : risk === "Medium" ? "warn" : "bad";
}
