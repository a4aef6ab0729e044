import { TooFewApproversError } from "../errors.ts";
import { type ApprovalPolicy, canHelp, isFulfilled } from "./approval-policy.ts";
import {
  type Approver,
  type Author,
  type Authorship,
  type Subject,
  answersFor,
  isOwnCard,
} from "./people.ts";
import type { Settings } from "./settings.ts";

/** A version of a card, as far as it decides who is asked about it. */
export type CardToApprove = Subject & Authorship;

/** Whether a person may decide about a card: it is one that they answer for, and not their own. */
export function mayDecide(approver: Approver, card: CardToApprove): boolean {
  return answersFor(approver, card) && !isOwnCard(approver, card);
}

/**
 * Whom to ask about a card: as few teams as possible. Who answers for such cards by name comes before who answers for all;
 * the others are asked only where the policy cannot do without them, deputies at the earliest when the request is escalated.
 *
 * @param votes - Those that were cast already. Approvals count with the roles that their voters had then; who has rejected
 *   approves nothing any more.
 * @returns `asked` now, and the `deputies` that are left for the escalation.
 * @throws {TooFewApproversError} all of them together are too few for the policy.
 */
export function approversFor(
  card: CardToApprove,
  policy: ApprovalPolicy,
  settings: Pick<Settings, "approvers">,
  votes: readonly { approverId: string; approve: boolean; roles: string[] }[] = [],
): { asked: Approver[]; deputies: Approver[] } {
  const able = settings.approvers.filter((approver) => mayDecide(approver, card));
  const voteOf = ({ id }: Approver) => votes.find(({ approverId }) => approverId === id);
  const eligible = able.filter((approver) => voteOf(approver)?.approve !== false);
  const approvals = votes.filter(
    ({ approve, approverId }) => approve && able.some(({ id }) => id === approverId),
  );
  const canFulfil = (circle: Approver[]): boolean =>
    isFulfilled(policy, [...approvals, ...circle.filter((approver) => voteOf(approver) === undefined)]);
  const deputies = eligible.filter(({ id }) => policy.escalation?.to.includes(id));
  const regular = eligible.filter((approver) => !deputies.includes(approver) && canHelp(policy, approver));
  const circles = [narrowest(regular, policy), regular, [...regular, ...deputies]];
  const asked = circles.find(canFulfil);
  if (asked === undefined) throw tooFew(card, policy, eligible, settings);
  return { asked, deputies: deputies.filter((deputy) => !asked.includes(deputy)) };
}

/** Leaves out who answers for every card, where somebody of the same role answers for this one by name. */
function narrowest(approvers: Approver[], { approvals, roles }: ApprovalPolicy): Approver[] {
  const anyRole = approvals > roles.length;
  const rolesIn = (approver: Approver): string[] => {
    const counted = anyRole ? approver.roles : approver.roles.filter((role) => roles.includes(role));
    return counted.length === 0 ? ["(no role)"] : counted;
  };
  const named = approvers.filter((approver) => approver.answersFor !== undefined);
  const rolesOfNamed = new Set(named.flatMap(rolesIn));
  return approvers.filter(
    (approver) => named.includes(approver) || !rolesIn(approver).every((role) => rolesOfNamed.has(role)),
  );
}

function tooFew(
  card: CardToApprove,
  { approvals, roles }: ApprovalPolicy,
  eligible: Approver[],
  { approvers }: Pick<Settings, "approvers">,
): TooFewApproversError {
  const own = approvers.filter((approver) => isOwnCard(approver, card)).map(({ id }) => id);
  const wanted = roles.length === 0 ? "" : `, among them ${roles.join(", ")}`;
  const able = eligible.length === 0 ? "nobody" : eligible.map(({ id }) => id).join(", ");
  const excluded = own.length === 0 ? "" : ` It is the own card of ${own.join(", ")}.`;
  return new TooFewApproversError(
    `${card.modelCardName} needs ${approvals === 1 ? "1 approval" : `${approvals} approvals`}${wanted}; of lifecycle.config.ts ` +
      `may decide about it: ${able}.${excluded} Add an approver, or change who answers for the card.`,
  );
}

/**
 * Who hears what becomes of a card: whoever of the settings is known to have made it; else the teams that answer for such
 * cards by name; else those that answer for all.
 */
export function authorsOf(card: CardToApprove, { authors }: Pick<Settings, "authors">): Author[] {
  const makers = authors.filter((author) => isOwnCard(author, card));
  if (makers.length > 0) return makers;
  const teams = authors.filter((author) => author.identities.length === 0 && answersFor(author, card));
  const named = teams.filter((team) => team.answersFor !== undefined);
  return named.length > 0 ? named : teams;
}
