import type { ModelCardStatus } from "../events/model-card.ts";
import { modelCardStatuses } from "../events/model-card.ts";
import { type RamBehaviour, defaultRamBehaviour } from "../local/ram/ram.ts";
import type { ModelCardBehaviour } from "../local/sagemaker/sagemaker.ts";
import { accounts } from "./accounts.ts";
import type { Random } from "./random.ts";
import { type SettingsVariant, approverIds } from "./settings.ts";

/** What somebody does in a schedule. */
export type Action =
  | { kind: "create-card"; card: string; status: ModelCardStatus; risk: "Low" | "High" }
  | { kind: "set-status"; card: string; status: ModelCardStatus; by: string }
  | { kind: "edit-card"; card: string; by: string }
  | { kind: "delete-card"; card: string }
  /** One approver decides, or all of them do at once. */
  | {
      kind: "decide";
      card: string;
      approverId: string;
      approve: boolean;
      link: "newest" | "oldest";
      together: boolean;
      /** Whether somebody edits the card in that moment. */
      edited: boolean;
    }
  | { kind: "open-links"; card: string }
  | { kind: "redrive" }
  | { kind: "stop"; position: number }
  | { kind: "sweep" }
  | { kind: "look"; card: string }
  /** Somebody of the model card account shares a card with production by hand, which lets it write. */
  | { kind: "share-by-hand"; card: string }
  /** Somebody of production lets its reader role update cards. */
  | { kind: "widen-reader" }
  /** They take that back. */
  | { kind: "mend-reader" }
  /** The stage `test` gets another name or account, and that is deployed. */
  | { kind: "deploy"; test: SettingsVariant["test"] };

/** An action and its moment: so much later than the one before, or before so many further calls of functions. */
export interface Step {
  /** Names the step in traces and to leave it out. */
  number: number;
  after: { ms: number } | { calls: number };
  action: Action;
}

/** Everything about a schedule that is decided before it begins. */
export interface Plan {
  settings: SettingsVariant;
  modelCardBehaviour: Partial<ModelCardBehaviour>;
  ramBehaviour: Partial<RamBehaviour>;
  crossAccountSimulation: "identity-policies-only" | "denied-without-resource-policy";
  /** How likely a fault is at each call of a function, from 0 to 1. */
  faultsPerCall: number;
  /** How likely RAM ends an association as failed. */
  failedAssociations: number;
  /** How likely an event is lost, delivered twice, or late by up to hours. */
  eventFaults: number;
  /** How far the clocks of functions may be wrong, in milliseconds. */
  clockSkewMs: number;
  /** Longest time that RAM takes for an association, in milliseconds. */
  associationMs: number;
  steps: Step[];
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

const stages = [accounts.dev, accounts.test] as const;

/** @param isLarge - Whether the schedule is one of those with more people and time. */
export function planFor(random: Random, isLarge = false): Plan {
  const pick = <const Item>(purpose: string, items: readonly [Item, ...Item[]]): Item =>
    random.pick(`plan ${purpose}`, items);
  const isCalm = random.chance("plan calm", 0.25);
  // Most schedules are small, so that there can be many; what takes more people and time, some of the others find.
  const isSmall = !isLarge && random.chance("plan small", 0.85);
  const isOutside = random.chance("plan outside", 0.15);
  const cards = ["churn", "fraud", "price"].slice(0, isSmall ? 1 : pick("cards", [1, 1, 1, 1, 2, 3]));
  const laterSteps = isSmall ? 1 : random.between("plan steps", 1, 2 + 2 * cards.length);
  return {
    settings: {
      onApprovedEdit: pick("onApprovedEdit", ["review-again", "review-again", "keep"]),
      requireRecordedApproval: random.chance("plan recorded", 0.4),
      shareOutsideOrganization: isOutside,
      sweepEveryHours: 84,
      test: { name: "test", accountId: accounts.test },
    },
    modelCardBehaviour: {
      statusOfNewVersion: pick("version", ["kept", "Draft"]),
      emitsOnCreate: random.chance("plan emits", 0.5),
      emitsOnContentUpdate: random.chance("plan emits", 0.5),
      emitsOnDelete: random.chance("plan emits", 0.5),
      userContext: pick("user", ["empty", "iam-identity"]),
      archivedRefusesContent: random.chance("plan archived", 0.5),
      statusMayLeaveArchived: random.chance("plan archived", 0.5),
      eventCopies: pick("copies", [1, 1, 1, 1, 2]),
      deletingMs: pick("deleting", [0, 30 * secondMs, 10 * minuteMs]),
    },
    ramBehaviour: {
      reassociate: pick("reassociate", ["no-op", "error"]),
      disassociateAbsent: pick("disassociate", ["no-op", "error"]),
      emptyPages: random.chance("plan pages", 0.2),
      listLagMs: pick("lag", [0, 0, 0, 0, 0, 0, 0, 3 * secondMs]),
      unknownAfterCreationMs: pick("unknown", [0, 0, 0, 0, 2 * secondMs]),
      limits: {
        ...defaultRamBehaviour.limits,
        ...(random.chance("plan full", 0.1) && { associationsPerShare: 1 }),
      },
    },
    crossAccountSimulation: pick("simulation", ["identity-policies-only", "denied-without-resource-policy"]),
    faultsPerCall: isCalm ? 0 : pick("faults", [0.01, 0.01, 0.03, 0.1]),
    failedAssociations: isCalm ? 0 : pick("failed", [0, 0, 0.05]),
    eventFaults: isCalm ? 0 : pick("events", [0, 0.2, 0.6]),
    clockSkewMs: isCalm ? 0 : pick("skew", [0, 500, 5 * secondMs]),
    associationMs: random.chance("plan slow RAM", 0.015)
      ? 10 * minuteMs
      : pick("association", [0, 0, 0, 0, secondMs, 3 * secondMs, 15 * secondMs]),
    steps: [
      ...cards.flatMap((card) => firstStep(card, random)),
      ...laterStepsOn(cards, laterSteps, random),
    ].map(({ after, action }, index) => ({
      number: index + 1,
      after,
      // Nobody in the other account accepts invitations.
      action:
        isOutside && action.kind === "deploy"
          ? { ...action, test: { ...action.test, accountId: accounts.test } }
          : action,
    })),
  };
}

type Unnumbered = Omit<Step, "number">;

function firstStep(card: string, random: Random): Unnumbered[] {
  const status = random.pick("plan first", [
    "Draft",
    "Draft",
    "Draft",
    "PendingReview",
    "PendingReview",
    "Approved",
  ]);
  const risk = random.pick("plan risk", ["Low", "Low", "Low", "High"]);
  return [
    {
      after: { ms: random.between("plan create", 1, 2 * secondMs) },
      action: { kind: "create-card", card, status, risk },
    },
  ];
}

function laterStepsOn(cards: string[], length: number, random: Random): Unnumbered[] {
  const [first = "", ...others] = cards;
  return Array.from({ length }, () => {
    const after = momentOf(random);
    const card = random.pick("plan card", [first, ...others]);
    return { after, card, action: actionOn(card, random) };
  }).flatMap(({ after, card, action }) => [{ after, action }, ...consequenceOf(action, card, random)]);
}

/** What somebody lets production do, it mostly does; a reader role that was widened is looked at, and mended later. */
function consequenceOf(action: Action, card: string, random: Random): Unnumbered[] {
  if (action.kind === "widen-reader") return consequenceOfWidening(card, random);
  if (action.kind !== "share-by-hand" || random.chance("plan unused share", 0.2)) return [];
  const most = random.pick("plan until used", [minuteMs, 5 * minuteMs, 30 * minuteMs]);
  const update: Action = { kind: "edit-card", card: action.card, by: accounts.prod };
  return [
    { after: { ms: random.between("plan use", 15 * secondMs, most) }, action: update },
    ...(random.chance("plan used again", 0.3)
      ? [{ after: { calls: random.between("plan use calls", 1, 25) }, action: update }]
      : []),
  ];
}

function consequenceOfWidening(card: string, random: Random): Unnumbered[] {
  const within = (most: number): Step["after"] => ({ ms: random.between("plan after widening", 1, most) });
  const looks: [Action, ...Action[]] = [
    { kind: "sweep" },
    { kind: "look", card },
    { kind: "set-status", card, status: "Approved", by: accounts.owner },
  ];
  const look = random.pick("plan look at reader", looks);
  const steps: Unnumbered[] = [];
  if (random.chance("plan looked at reader", 0.6)) steps.push({ after: within(20 * minuteMs), action: look });
  if (random.chance("plan mended reader", 0.4)) {
    steps.push({ after: within(2 * hourMs), action: { kind: "mend-reader" } });
  }
  return steps;
}

/** Half of all actions come right between two calls of a function. */
function momentOf(random: Random): Step["after"] {
  if (random.chance("plan moment", 0.5)) return { calls: random.between("plan calls", 1, 40) };
  const most = random.pick("plan pause", [
    2 * secondMs,
    minuteMs,
    minuteMs,
    20 * minuteMs,
    2 * hourMs,
    30 * hourMs,
  ]);
  return { ms: random.between("plan pause length", 1, most) };
}

function actionOn(card: string, random: Random): Action {
  const pick = <const Item>(purpose: string, items: readonly [Item, ...Item[]]): Item =>
    random.pick(`plan ${purpose}`, items);
  const by = pick("by", [accounts.owner, ...stages]);
  const drawn = random.next("plan action");
  if (drawn < 0.34) return { kind: "set-status", card, status: pick("status", modelCardStatuses), by };
  if (drawn < 0.48) return { kind: "edit-card", card, by };
  if (drawn < 0.5) return { kind: "edit-card", card, by: accounts.prod };
  if (drawn < 0.52) return { kind: "share-by-hand", card };
  if (drawn < 0.53) return { kind: "widen-reader" };
  if (drawn < 0.55) {
    const name = pick("stage name", ["test", "qa"]);
    return {
      kind: "deploy",
      test: { name, accountId: pick("stage account", [accounts.test, accounts.moved]) },
    };
  }
  if (drawn < 0.8) {
    return {
      kind: "decide",
      card,
      approverId: pick("approver", approverIds),
      approve: random.chance("plan approve", 0.75),
      link: pick("link", ["newest", "newest", "newest", "oldest"]),
      together: random.chance("plan together", 0.3),
      edited: random.chance("plan edited", 0.25),
    };
  }
  if (drawn < 0.84) return { kind: "open-links", card };
  if (drawn < 0.88) return { kind: "delete-card", card };
  if (drawn < 0.91)
    return { kind: "create-card", card, status: pick("again", modelCardStatuses), risk: "Low" };
  if (drawn < 0.94) return { kind: "redrive" };
  if (drawn < 0.96) return { kind: "stop", position: random.between("plan stop", 0, 2) };
  if (drawn < 0.98) return { kind: "sweep" };
  return { kind: "look", card };
}
