import { DescribeModelCardCommand, UpdateModelCardCommand } from "@aws-sdk/client-sagemaker";
import { GetResourceShareAssociationsCommand } from "@aws-sdk/client-ram";
import { ListExecutionsCommand } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { ModelCardStatusSchema } from "../events/model-card.ts";
import { readerRoleArn } from "../functions/lifecycle/read-only.ts";
import {
  type ApprovalRequest,
  ApprovalRequestSchema,
  isAbout,
} from "../functions/records/approval-request.ts";
import { deploymentOf, stateMachineArn, sweepStateMachineArn } from "../stacks/definitions/deployment.ts";
import { accounts, cardArn, pageUrl, region } from "./accounts.ts";
import type { Actors } from "./actors.ts";
import { faultsOfProductionWrites } from "./production-writes.ts";
import { createReaderCheck } from "./reader-role.ts";
import type { Write } from "./watched-table.ts";
import type { World } from "./world.ts";

/** Something that must never be, and was. The numbers are those of the invariants in docs/reliability.md. */
export interface Violation {
  invariant: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  message: string;
}

export interface Checks {
  violations: Violation[];
  /** Whatever can be seen at any moment. */
  afterEach(): void;
  /** Where no event was lost and nothing failed, events alone must have sufficed. */
  atRest(): Promise<void>;
  /** Everything. */
  afterSweep(): Promise<void>;
}

const EffectSchema = z.object({
  requestId: z.string().optional(),
  audience: z.object({ stage: z.string(), accountId: z.string() }).optional(),
});

/** A stage as the settings have it now. */
interface Stage {
  stage: string;
  accountId: string;
}

type Access = "none" | "read-only" | "read-write";

/** Looks at a world from outside: what AWS would let whom do, and what is on record. */
export function createChecks(world: World, actors: Actors): Checks {
  const violations: Violation[] = [];
  const requests = new Map<string, ApprovalRequest>();
  /** Version of a card that Cardway settled first, by ARN and creation time. */
  const firstSettled = new Map<string, number>();
  /** The approval that counts for a version too that has the same content, by ARN, creation time and version. */
  const carried = new Map<string, string>();
  const { cloud, plan } = world;
  const deployment = deploymentOf(world.settings, pageUrl, region);
  const stagesNow = () => world.settings.lifecycles[0]?.stages ?? [];
  /** Every stage that there is or was: who was taken out has no access any more. */
  const everyStage = (): Stage[] => {
    const moved = plan.steps.flatMap(({ action }) => (action.kind === "deploy" ? [action.test] : []));
    const known = [plan.settings.test, ...moved].map(({ name: stage, accountId }) => ({ stage, accountId }));
    return [
      { stage: "dev", accountId: accounts.dev },
      { stage: "prod", accountId: accounts.prod },
      ...new Map(known.map((one) => [`${one.stage} ${one.accountId}`, one])).values(),
    ];
  };
  const names = [...new Set(plan.steps.flatMap(({ action }) => ("card" in action ? [action.card] : [])))];

  let checkedChanges = 0;

  const violated = (invariant: Violation["invariant"], message: string): void => {
    if (violations.some((known) => known.message === message)) return;
    violations.push({ invariant, message });
    world.tell(`! invariant ${invariant}: ${message}`);
  };

  world.onWrite = ({ key, before, after }: Write) => {
    if (key.pk.startsWith("REQUEST#")) {
      watchRequest(
        before === undefined ? undefined : ApprovalRequestSchema.parse(before),
        ApprovalRequestSchema.parse(JSON.parse(JSON.stringify(after))),
      );
    }
    if (key.sk === "CARD") watchCard(after);
    if (key.sk.startsWith("EFFECT#")) watchEffect(after);
  };

  function watchRequest(before: ApprovalRequest | undefined, after: ApprovalRequest): void {
    const { requestId, card } = after;
    const name = `request ${requestId.slice(0, 8)} about ${card.modelCardName} version ${card.version}`;
    if (before !== undefined && before.status !== "open") {
      if (before.status !== after.status)
        violated(4, `${name} ended as ${before.status}, then as ${after.status}`);
      if (before.votes.length !== after.votes.length) violated(4, `${name} took a vote after its end`);
    }
    if (JSON.stringify(before?.card ?? card) !== JSON.stringify(card))
      violated(3, `${name} changed what it is about`);
    const others = [...requests.values()].filter(
      (other) =>
        other.requestId !== requestId &&
        other.status === "open" &&
        other.card.modelCardArn === card.modelCardArn &&
        other.card.version === card.version &&
        other.card.creationTime === card.creationTime,
    );
    if (after.status === "open" && others.length > 0) violated(4, `${name} is open besides another`);
    for (const vote of after.votes.slice(before?.votes.length ?? 0)) watchVote(name, after, vote.approverId);
    requests.set(requestId, after);
  }

  function watchVote(name: string, { card }: ApprovalRequest, approverId: string): void {
    const identities = world.settings.approvers.find(({ id }) => id === approverId)?.identities ?? [];
    const found = cloud.findModelCard(card.modelCardArn);
    const newest = found?.versions.at(-1);
    if (newest?.version !== card.version || found?.creationTime.toISOString() !== card.creationTime) return;
    const makers = [found?.createdBy.IamIdentity?.Arn, newest?.lastModifiedBy.IamIdentity?.Arn];
    if (makers.some((maker) => maker !== undefined && identities.includes(maker))) {
      violated(6, `${name}: ${approverId} decided about work of their own`);
    }
  }

  function watchCard(after: unknown): void {
    const record = SettledSchema.parse(JSON.parse(JSON.stringify(after)));
    const { settled } = record;
    if (settled?.version === undefined) return;
    const key = `${record.modelCardArn} ${settled.creationTime}`;
    if (!firstSettled.has(key)) firstSettled.set(key, settled.version);
  }

  function watchEffect(after: unknown): void {
    const { detail } = CarriedSchema.parse(JSON.parse(JSON.stringify(after)));
    if (detail.approvalRequestId === undefined || detail.restoredVersion === undefined) return;
    carried.set(
      `${detail.card?.modelCardArn} ${detail.card?.creationTime} ${detail.restoredVersion}`,
      detail.approvalRequestId,
    );
  }

  const callerOf = (accountId: string) => cloud.identity.callerOf({ accessKeyId: accountId });
  const callers = new Map(Object.values(accounts).map((accountId) => [accountId, callerOf(accountId)]));

  /** The one user of an account may all that the account may: for another account's card that is what RAM allows. */
  const may = (accountId: string, action: string, modelCardArn: string): boolean => {
    const caller = callers.get(accountId);
    return caller !== undefined && cloud.sharesAllow(modelCardArn, action, caller);
  };

  const readerMay = (accountId: string, action: string, modelCardArn: string): boolean =>
    cloud.identity.roleMay(readerRoleArn(accountId), { action, resource: modelCardArn });

  const reader = { ...callerOf(accounts.prod), principalArn: readerRoleArn(accounts.prod) };

  /** Whether RAM gives the card to the reader role, whose own policies then decide. */
  const readerHas = (modelCardArn: string): boolean =>
    cloud.sharesAllow(modelCardArn, "sagemaker:UpdateModelCard", reader);

  const readerCanUpdate = (modelCardArn: string): boolean =>
    readerHas(modelCardArn) && readerMay(accounts.prod, "sagemaker:UpdateModelCard", modelCardArn);

  const brokenReader = createReaderCheck(world, readerCanUpdate);

  function liveAccess({ stage, accountId }: Stage, modelCardArn: string): Access {
    if (stage === "prod") {
      return readerMay(accountId, "sagemaker:DescribeModelCard", modelCardArn) ? "read-only" : "none";
    }
    if (may(accountId, "sagemaker:UpdateModelCard", modelCardArn)) return "read-write";
    return may(accountId, "sagemaker:DescribeModelCard", modelCardArn) ? "read-only" : "none";
  }

  /** Requests about a version of a card. */
  const requestsAbout = (
    modelCardArn: string,
    state: { version: number; creationTime: string },
  ): ApprovalRequest[] =>
    [...requests.values()].filter(
      ({ card }) =>
        card.modelCardArn === modelCardArn &&
        card.version === state.version &&
        card.creationTime === state.creationTime,
    );

  const wasApproved = (modelCardArn: string, state: { version: number; creationTime: string }): boolean =>
    requestsAbout(modelCardArn, state).some(({ status }) => status === "approved");

  /** The same, or what was set back to it has the same content and counts as approved by the same people. */
  const countsAsApproved = (
    modelCardArn: string,
    state: { version: number; creationTime: string },
  ): boolean => {
    if (wasApproved(modelCardArn, state)) return true;
    const request = requests.get(carried.get(`${modelCardArn} ${state.creationTime} ${state.version}`) ?? "");
    return (
      request?.status === "approved" &&
      request.card.creationTime === state.creationTime &&
      versionsLike(modelCardArn, state).some((version) => version === request.card.version)
    );
  };

  /** Versions of a card that have the same content as one of them, itself included. */
  const versionsLike = (
    modelCardArn: string,
    { version, creationTime }: { version: number; creationTime: string },
  ): number[] => {
    const card = cloud.findModelCard(modelCardArn);
    const { versions = [] } = card?.creationTime.toISOString() === creationTime ? (card ?? {}) : {};
    const content = versions.find((other) => other.version === version)?.content;
    const alike = versions.filter((other) => other.content === content).map((other) => other.version);
    return [version, ...alike];
  };

  async function checkAccess(name: string, when: string): Promise<void> {
    const modelCardArn = cardArn(name);
    const state = world.cardState(modelCardArn);
    const record = await world.records.readCard(modelCardArn);
    if (state === undefined) {
      // What somebody shares by hand and nobody can use may stay where it is.
      const shares = world.isMeddledWith ? 0 : await sharesHolding(modelCardArn);
      if (shares > 0) violated(1, `${when}, ${name} is gone and still in ${shares} shares`);
      if (record.currentRequest !== undefined)
        violated(1, `${when}, ${name} is gone and approvers are asked about it`);
      return;
    }
    const status = ModelCardStatusSchema.parse(state.status);
    const unrecorded =
      status === "Approved" &&
      plan.settings.requireRecordedApproval &&
      !countsAsApproved(modelCardArn, state);
    const counted = unrecorded ? "PendingReview" : status;
    for (const audience of everyStage()) {
      // An account keeps its access where a stage of another name takes it over.
      const stage = stagesNow().find(({ accountId }) => accountId === audience.accountId);
      const called = stage?.access[counted] ?? "none";
      // A reader role that could update gets nothing.
      const wanted = called === "read-only" && world.readerWidenedAt !== undefined ? "none" : called;
      const live = liveAccess(audience, modelCardArn);
      if (live !== wanted) {
        violated(
          1,
          `${when}, ${name} is ${status}: ${audience.stage} has ${live} access, and should have ${wanted}`,
        );
      }
    }
    await checkReview(name, modelCardArn, counted === "PendingReview", when);
    if (record.claim !== undefined) violated(1, `${when}, an execution still holds ${name}`);
    if (record.outcomesToTell.length > 0) violated(1, `${when}, nobody was told what became of ${name}`);
  }

  async function checkReview(
    name: string,
    modelCardArn: string,
    isAsked: boolean,
    when: string,
  ): Promise<void> {
    const ofCard = [...requests.values()].filter(({ card }) => card.modelCardArn === modelCardArn);
    const open = ofCard.filter(({ status }) => status === "open");
    for (const { requestId, status, applied } of ofCard) {
      if ((status === "approved" || status === "rejected") && applied === undefined) {
        violated(
          1,
          `${when}, request ${requestId.slice(0, 8)} about ${name} is ${status}, and nobody acted on it`,
        );
      }
    }
    if (!isAsked) {
      if (open.length > 0) violated(1, `${when}, approvers are asked about ${name}, which is not in review`);
      return;
    }
    const card = await world.readCard(modelCardArn);
    const about = ofCard.filter((request) => isAbout(request, card));
    if (about.some(({ status }) => status === "expired")) return;
    const [request] = about.filter(({ status }) => status === "open");
    if (request === undefined || open.length > 1) {
      violated(
        1,
        `${when}, ${name} is in review and ${open.length} requests are open, ${about.length} about it as it is`,
      );
      return;
    }
    const running = await executions("RUNNING");
    if (!running.includes(request.waiting?.executionArn ?? "")) {
      violated(1, `${when}, nobody waits for the decision about ${name}`);
    }
    const untold = request.notices.filter(
      ({ kind, sentAt, failedAt }) => kind === "question" && sentAt === undefined && failedAt === undefined,
    );
    if (untold.length > 0) violated(1, `${when}, ${untold.length} approvers of ${name} were not asked`);
  }

  async function executions(statusFilter: "RUNNING" | "FAILED" | "ABORTED"): Promise<string[]> {
    const found = await actors
      .clientsOf(accounts.owner)
      .stepFunctions.send(
        new ListExecutionsCommand({ stateMachineArn: stateMachineArn(deployment), statusFilter }),
      );
    return (found.executions ?? []).flatMap(({ executionArn }) => executionArn ?? []);
  }

  async function hasFailed(): Promise<boolean> {
    const ended = [...(await executions("FAILED")), ...(await executions("ABORTED"))];
    return ended.length > 0;
  }

  async function sweeps(): Promise<number> {
    const found = await actors
      .clientsOf(accounts.owner)
      .stepFunctions.send(new ListExecutionsCommand({ stateMachineArn: sweepStateMachineArn(deployment) }));
    return found.executions?.length ?? 0;
  }

  async function sharesHolding(resourceArn: string): Promise<number> {
    const { resourceShareAssociations = [] } = await actors
      .clientsOf(accounts.owner)
      .ram.send(new GetResourceShareAssociationsCommand({ associationType: "RESOURCE", resourceArn }));
    return resourceShareAssociations.filter(({ status }) => status !== "DISASSOCIATED" && status !== "FAILED")
      .length;
  }

  /** Whether somebody of the accounts gave a card's version its `Approved`. */
  function wasApprovedByHand(
    modelCardArn: string,
    state: { version: number; creationTime: string },
  ): boolean {
    return world.cardChanges.some(
      ({ by, operation, status, before, modelCardArn: changed }) =>
        changed === modelCardArn &&
        /^\d+$/.test(by) &&
        status === "Approved" &&
        (operation === "CreateModelCard"
          ? state.version === 1
          : before?.version === state.version && before.creationTime === state.creationTime),
    );
  }

  /** Whether something gave a card's version its `Approved` that may: a recorded decision, or somebody of the accounts. */
  function checkApproval(name: string): void {
    const modelCardArn = cardArn(name);
    const state = world.cardState(modelCardArn);
    if (state?.status !== "Approved" || countsAsApproved(modelCardArn, state)) return;
    const alike = versionsLike(modelCardArn, state);
    const key = `${modelCardArn} ${state.creationTime}`;
    const isTakenAsFound = (firstSettled.get(key) ?? state.version) >= Math.min(...alike);
    const byHand = alike.some((version) => wasApprovedByHand(modelCardArn, { ...state, version }));
    if (byHand || plan.settings.onApprovedEdit === "keep" || isTakenAsFound) return;
    violated(3, `${name} version ${state.version} is Approved, and nobody approved that version`);
  }

  /** ApplyDecision approves no version that it had seen to be another one; what changes in between it takes back. */
  function checkDecisions(): void {
    for (; checkedChanges < world.cardChanges.length; checkedChanges += 1) {
      const { by, status, seen, modelCardArn } = world.cardChanges[checkedChanges] ?? {};
      if (by !== "apply-decision" || status !== "Approved" || modelCardArn === undefined) continue;
      if (seen !== undefined && wasApproved(modelCardArn, seen)) continue;
      violated(3, `an approval fell on version ${seen?.version} of a card, which nobody had approved`);
    }
  }

  async function checkRecords(name: string, anyFailed: boolean): Promise<void> {
    const modelCardArn = cardArn(name);
    const effects = await world.records.effectsOf(modelCardArn);
    const of = (detailType: string) =>
      effects
        .filter((effect) => effect.detailType === detailType)
        .map(({ detail }) => EffectSchema.parse(detail));
    const state = world.cardState(modelCardArn);
    const exists = state !== undefined;
    for (const audience of everyStage()) {
      const isOf = (effect: z.output<typeof EffectSchema>): boolean =>
        effect.audience?.stage === audience.stage && effect.audience.accountId === audience.accountId;
      const balance = of("AccessGranted").filter(isOf).length - of("AccessRevoked").filter(isOf).length;
      const isStage = stagesNow().some(
        ({ name, accountId }) => name === audience.stage && accountId === audience.accountId,
      );
      const isLive = exists && isStage && liveAccess(audience, modelCardArn) !== "none";
      if (balance !== (isLive ? 1 : 0)) {
        violated(
          7,
          `${audience.stage} ${isLive ? "has" : "has no"} access to ${name}, and ${balance} beginnings more than ends are on record`,
        );
      }
    }
    for (const { requestId, status, card } of requests.values()) {
      if (card.modelCardArn !== modelCardArn || (status !== "approved" && status !== "rejected")) continue;
      const told = of("ApprovalDecided").filter((effect) => effect.requestId === requestId).length;
      if (told !== 1)
        violated(
          7,
          `request ${requestId.slice(0, 8)} about ${name} is ${status}, and ${told} decisions are on record`,
        );
    }
    const reopened = world.cardChanges.filter(
      (change) => change.by === "return-to-review" && change.modelCardArn === modelCardArn,
    );
    if (reopened.length > 0 && of("ReviewReopened").length === 0)
      violated(7, `${name} went back to review, and nothing is on record`);
    if (state === undefined) return;
    const writes = faultsOfProductionWrites(world, name, effects, {
      hasFailed: anyFailed,
      isApproved: (version) =>
        wasApproved(modelCardArn, { ...state, version }) ||
        wasApprovedByHand(modelCardArn, { ...state, version }),
    });
    for (const { invariant, message } of writes) violated(invariant, message);
  }

  /** Asks AWS itself, as everybody. The last thing: who may write does. */
  async function checkFromOutside(name: string): Promise<void> {
    const modelCardArn = cardArn(name);
    if (world.cardState(modelCardArn) === undefined) return;
    for (const audience of everyStage()) {
      const live = liveAccess(audience, modelCardArn);
      const { sageMaker } = actors.clientsOf(audience.accountId);
      const described = await isDone(() =>
        sageMaker.send(new DescribeModelCardCommand({ ModelCardName: modelCardArn })),
      );
      const updated = await isDone(() =>
        sageMaker.send(new UpdateModelCardCommand({ ModelCardName: modelCardArn, ModelCardStatus: "Draft" })),
      );
      // In production only the reader role has access, never the account.
      const expected = audience.stage === "prod" ? "none" : live;
      if (described !== (expected !== "none"))
        violated(1, `${audience.stage} ${described ? "can" : "cannot"} describe ${name}`);
      if (updated && expected !== "read-write") violated(2, `${audience.stage} could update ${name}`);
    }
  }

  return {
    violations,

    afterEach() {
      for (const name of world.isMeddledWith ? [] : names) {
        const modelCardArn = cardArn(name);
        if (cloud.findModelCard(modelCardArn) === undefined) continue;
        if (may(accounts.prod, "sagemaker:UpdateModelCard", modelCardArn))
          violated(2, `prod's administrator can update ${name}`);
        const broken = brokenReader(modelCardArn);
        if (broken !== undefined) violated(2, `${name}: prod's reader ${broken}`);
      }
      checkDecisions();
      for (const operation of world.changesByLooking) violated(5, `opening a link led to ${operation}`);
    },

    async atRest() {
      if (world.observed.eventsLost > 0 || (await hasFailed()) || (await sweeps()) > 0) return;
      // Neither do events tell of other settings, nor of what RAM's lists did not show when they came.
      if (world.isDeployedAnew || (plan.ramBehaviour.listLagMs ?? 0) > 0) return;
      for (const name of names) {
        const { waiting } = await world.records.readCard(cardArn(name));
        // What RAM keeps waiting, and what somebody does to shares by hand, no event tells of.
        const isMeddledWith = world.isMeddledWith || world.wasReaderWidened;
        if (isMeddledWith || Object.keys(waiting).length > 0) continue;
        await checkAccess(name, "by events alone");
      }
    },

    async afterSweep() {
      const anyFailed = await hasFailed();
      for (const name of names) {
        await checkAccess(name, "after the sweep");
        if (readerCanUpdate(cardArn(name))) violated(2, `after the sweep, prod's reader can update ${name}`);
        checkApproval(name);
        await checkRecords(name, anyFailed);
      }
      // Asking costs as much as a promotion does.
      if (world.random.chance("check from outside", 0.2))
        for (const name of names) await checkFromOutside(name);
    },
  };
}

const SettledSchema = z.object({
  modelCardArn: z.string(),
  settled: z.object({ version: z.int().optional(), creationTime: z.string().optional() }).optional(),
});

const CarriedSchema = z.object({
  detail: z.object({
    card: z.object({ modelCardArn: z.string(), creationTime: z.string().optional() }).optional(),
    restoredVersion: z.int().optional(),
    approvalRequestId: z.string().optional(),
  }),
});

async function isDone(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (error instanceof Error && "$metadata" in error) return false;
    throw error;
  }
}
