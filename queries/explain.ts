import { audienceKey } from "../functions/lifecycle/access-plan.ts";
import { matchesPattern } from "../functions/lifecycle/pattern.ts";
import type { Settings } from "../functions/lifecycle/settings.ts";
import { approvedHere } from "../functions/records/card-record.ts";
import type { CardDetail, StageAccess } from "./card.ts";

/** Why things are as they are: sentences without a full stop, each with the setting or the fact that it rests on. */
export interface Explanation {
  /** Why the card belongs to its lifecycle. */
  route: Reason;
  /** How its status is understood. */
  status: Reason[];
  stages: { stage: string; accountId: string; wanted: string; isAsWanted: boolean; reasons: Reason[] }[];
  /** What the next promotion would do; empty where there is nothing to do. */
  next: string[];
}

export interface Reason {
  what: string;
  /** A setting by its path in lifecycle.config.ts, or where the fact comes from. */
  source: string;
}

/** The rule, the setting and the fact behind each access to a card. */
export function explainCard(detail: CardDetail, settings: Settings): Explanation {
  return {
    route: routeOf(detail, settings),
    status: statusReasons(detail, settings),
    stages: detail.access.map((access) => ({
      stage: access.stage,
      accountId: access.accountId,
      wanted: access.wanted,
      isAsWanted: access.isAsWanted,
      reasons: stageReasons(access, detail, settings),
    })),
    next: nextSteps(detail),
  };
}

function routeOf({ card, lifecycle }: CardDetail, { routes }: Settings): Reason {
  const index = routes.findIndex((route) =>
    route.namePattern === undefined
      ? route.lifecycle === lifecycle
      : matchesPattern(card.modelCardName, route.namePattern),
  );
  const route = routes[index];
  if (lifecycle === null || route === undefined) {
    return { what: "no route matches its name or tags, so nobody gets access", source: "routes" };
  }
  const by =
    route.namePattern === undefined
      ? `it has the tag ${route.tag?.key}=${route.tag?.value}`
      : `its name matches ${route.namePattern}`;
  return { what: `${by}, so it belongs to the lifecycle ${lifecycle}`, source: `routes[${index}]` };
}

function statusReasons({ card, plan, record }: CardDetail, settings: Settings): Reason[] {
  const read = "SageMaker, read now";
  const { approved } = record;
  const isApproved = card.status === "Approved";
  return [
    {
      what: `it is ${card.status}${card.version === undefined ? "" : `, version ${card.version}`}`,
      source: read,
    },
    ...(isApproved && approvedHere(record, card)
      ? [{ what: `a recorded decision approved this version`, source: `request ${approved?.requestId}` }]
      : []),
    ...(plan.approvedOutside
      ? [
          {
            what: "nobody approved this version here, and that is accepted",
            source: "requireRecordedApproval: false",
          },
        ]
      : []),
    ...(isApproved && plan.approvalNeeded && settings.requireRecordedApproval
      ? [
          {
            what: "no recorded decision approved this version, so it counts as PendingReview",
            source: "requireRecordedApproval: true",
          },
        ]
      : []),
    ...(plan.returnToReview
      ? [
          {
            what: "it was changed after its approval, so it goes back to PendingReview",
            source: `onApprovedEdit: ${settings.onApprovedEdit}`,
          },
        ]
      : []),
    ...(plan.revert === null
      ? []
      : [
          {
            what: "a read-only stage wrote it, which is set back",
            source: "the event or CloudTrail's record of the update",
          },
        ]),
  ];
}

function stageReasons(access: StageAccess, detail: CardDetail, settings: Settings): Reason[] {
  const { wanted, live, wait, confirmed, proved, expectedPrincipals } = access;
  const lifecycleIndex = settings.lifecycles.findIndex(({ name }) => name === access.lifecycle);
  const stages = settings.lifecycles[lifecycleIndex]?.stages ?? [];
  const stageIndex = stages.findIndex(
    ({ name, accountId }) => name === access.stage && accountId === access.accountId,
  );
  const counted = countedStatus(detail);
  const rule: Reason =
    stageIndex === -1
      ? { what: "the settings name no such stage, so it gets nothing", source: "lifecycles" }
      : {
          what: `a card that counts as ${counted} gives it ${wanted}`,
          source: `lifecycles[${lifecycleIndex}].stages[${stageIndex}].access.${counted}`,
        };
  const shares = live.map(({ access: given, state, resourceShareArn, statusMessage, principals }): Reason => {
    const names = principals.map(({ principal, state: of }) =>
      of === "granted" ? principal : `${principal} (${of})`,
    );
    const why = statusMessage === undefined ? "" : `: ${statusMessage}`;
    return {
      what: `RAM has it in a ${given} share, ${state}${why}, for ${names.length === 0 ? "nobody" : names.join(", ")}`,
      source: resourceShareArn,
    };
  });
  const missing = wanted !== "none" && live.length === 0;
  return [
    rule,
    ...(expectedPrincipals.length === 0
      ? []
      : [
          {
            what: `its share has to name ${expectedPrincipals.join(", ")} and nobody else`,
            source: "the rule for such access",
          },
        ]),
    ...shares,
    ...(missing
      ? [
          {
            what: "RAM has it in no share of Cardway's for this stage",
            source: "ram:GetResourceShareAssociations, read now",
          },
        ]
      : []),
    ...(wait === undefined
      ? []
      : [
          {
            what: `it waits (${wait.state}) since ${wait.since}: ${wait.message}`,
            source: "the card's record",
          },
        ]),
    ...(proved === undefined ? [] : [proofReason(proved)]),
    ...(confirmed === undefined
      ? []
      : [{ what: `access was read back and announced at ${confirmed.at}`, source: confirmed.executionArn }]),
  ];
}

function proofReason({ at, executionArn }: NonNullable<StageAccess["proved"]>): Reason {
  return {
    what: `its reader role was proved unable to update at ${at}; every sweep proves it again, also one with --dry-run`,
    source: executionArn,
  };
}

/** The status whose access the card gets, which is not always the one that it has. */
function countedStatus({ card, plan }: CardDetail): string {
  const isHeldBack = card.status === "Approved" && (plan.approvalNeeded || plan.returnToReview);
  return isHeldBack ? "PendingReview" : card.status;
}

function nextSteps({ plan, access }: CardDetail): string[] {
  const given = new Set(plan.plan.grant.map(audienceKey));
  const waiting = access.flatMap(({ wanted, wait, ...stage }) =>
    wait === undefined || wanted === "none" || given.has(audienceKey({ ...stage, access: wanted }))
      ? []
      : [`see whether ${wanted} of ${stage.stage} still waits (${wait.state})`],
  );
  const named = (audience: { stage: string; access: string }): string =>
    `${audience.access} of ${audience.stage}`;
  return [
    ...(plan.revert === null ? [] : ["set back what a read-only stage wrote"]),
    ...plan.plan.revoke.map(({ audience }) => `take away ${named(audience)}`),
    ...plan.plan.grant.map((audience) => `give ${named(audience)}`),
    ...waiting,
    ...plan.principalChanges.map(({ audience }) => `mend the principals of the share for ${named(audience)}`),
    ...plan.foreignShares.map(
      ({ stage }) => `take the card out of a share made by hand that lets ${stage} write`,
    ),
    ...(plan.returnToReview ? ["set the card back to PendingReview"] : []),
    ...(plan.requestToClose === null ? [] : ["end the approval request that the card has left behind"]),
  ];
}
