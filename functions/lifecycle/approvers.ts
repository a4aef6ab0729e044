import { NoEligibleApproverError } from "../errors.ts";
import type { Card } from "./card.ts";
import type { Approver, Settings } from "./settings.ts";

/** Whether a person may decide about a card: nobody approves a card that they created or edited last. */
export function mayDecide(approver: Approver, editors: string[]): boolean {
  return !editors.some((editor) => approver.identities.includes(editor));
}

/**
 * The approvers to ask about a card.
 *
 * @throws {NoEligibleApproverError} if every approver of the settings created or edited the card.
 */
export function eligibleApprovers(
  card: Pick<Card, "editors" | "modelCardName">,
  settings: Pick<Settings, "approvers">,
): Approver[] {
  const eligible = settings.approvers.filter((approver) => mayDecide(approver, card.editors));
  if (eligible.length === 0) {
    throw new NoEligibleApproverError(
      `Every approver of lifecycle.config.ts created or last edited ${card.modelCardName}, and nobody approves their own ` +
        "card. Add an approver, then redrive this execution.",
    );
  }
  return eligible;
}
