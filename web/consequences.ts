import type { Access } from "../events/access.ts";
import type { ModelCardStatus } from "../events/model-card.ts";
import { wantedAudiences } from "../functions/lifecycle/access-plan.ts";
import type { Lifecycle } from "../functions/lifecycle/settings.ts";

/** The access of one stage before and after a decision. */
export interface AccessChange {
  stage: string;
  accountId: string;
  before: Access;
  after: Access;
}

/**
 * What a decision leads to, in words that go on from "if you approve": the card's new status, and who gets, keeps in another way or loses access by the
 * settings.
 *
 * @param lifecycle - The card's; `undefined` where no route matches it.
 * @param current - The status that the request is about. Until the decision the card has the access of `PendingReview`,
 *   also where somebody set it `Approved` already.
 */
export function consequenceOf(
  decision: "approve" | "reject",
  lifecycle: Lifecycle | undefined,
  current: ModelCardStatus | "Deleted" | undefined,
): string {
  const status = decision === "approve" ? "Approved" : "Draft";
  const becomes = current === status ? "stays" : decision === "approve" ? "becomes" : "goes back to";
  const card = `the card ${becomes} ${status}`;
  if (lifecycle === undefined) return `${card}. No route of the settings matches it, so nobody has access.`;
  const changes = stageAccess(lifecycle, status).filter(({ before, after }) => before !== after);
  const gained = changes.filter(({ before }) => before === "none");
  const rest = changes.filter(({ before }) => before !== "none").map(changeSentence);
  const shared = gained.map((change) => `${stageName(change)}, ${change.after}`);
  const head = shared.length === 0 ? card : `${card} and is shared with ${listed(shared)}`;
  if (changes.length === 0) return `${head}. Nobody's access changes.`;
  return `${[head, ...rest].join("; ")}.`;
}

/** Every stage's access while the card is in review, and once it has a status. */
export function stageAccess(lifecycle: Lifecycle, status: ModelCardStatus): AccessChange[] {
  const before = wantedAudiences(lifecycle, "PendingReview");
  const after = wantedAudiences(lifecycle, status);
  return lifecycle.stages.map(({ name, accountId }) => {
    const accessIn = (audiences: typeof before): Access =>
      audiences.find(({ stage }) => stage === name)?.access ?? "none";
    return { stage: name, accountId, before: accessIn(before), after: accessIn(after) };
  });
}

function changeSentence(change: AccessChange): string {
  return change.after === "none"
    ? `${stageName(change)} loses its access`
    : `${stageName(change)} gets ${change.after} instead of ${change.before}`;
}

function stageName({ stage, accountId }: AccessChange): string {
  return `${stage} (${accountId})`;
}

/** `a`, `a and b`, `a; b and c`; the items hold commas. */
function listed(items: string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join("; ")} and ${items.at(-1)}`;
}
