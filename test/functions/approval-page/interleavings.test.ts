import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyDecision } from "../../../functions/apply-decision/apply-decision.ts";
import { decideApproval } from "../../../functions/approval-page/approval-page.ts";
import { closeRequest } from "../../../functions/close-request/close-request.ts";
import { CardMovedError, ResourceNotReadyError } from "../../../functions/errors.ts";
import { isFulfilled, policyFor } from "../../../functions/lifecycle/approval-policy.ts";
import type { Promotion } from "../../../functions/promotion.ts";
import { remindApprovers } from "../../../functions/remind-approvers/remind-approvers.ts";
import {
  type ApprovalRequest,
  isAbout,
  isToBeApplied,
  newApprovalRequest,
} from "../../../functions/records/approval-request.ts";
import { askedToLookAgain, claimed } from "../../../functions/records/card-record.ts";
import { takeCard } from "../../../functions/take-card.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { InterleavedWorld } from "./interleaved-world.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 2);

/** How many turns of others somebody lets pass first. */
const turns = fc.nat(60);

const vote = fc.record({
  kind: fc.constant("vote" as const),
  turns: fc.nat(10),
  approverId: fc.constantFrom("model-approver", "risk-officer"),
  decision: fc.constantFrom("approve" as const, "approve" as const, "reject" as const),
});
const edit = fc.record({ kind: fc.constant("person" as const), turns, what: fc.constant("edit" as const) });
const execution = fc.record({
  kind: fc.constant("execution" as const),
  turns,
  rounds: fc.integer({ min: 1, max: 4 }),
});
const other = fc.oneof(
  vote,
  execution,
  fc.record({
    kind: fc.constant("person" as const),
    turns,
    what: fc.constantFrom("edit" as const, "Draft" as const, "PendingReview" as const, "Archived" as const),
  }),
  fc.record({ kind: fc.constant("time" as const), turns, hours: fc.constantFrom(1, 30, 400) }),
);

/** Both who are needed approve, an execution carries it out, somebody edits; and whoever else comes by. */
const actors = fc
  .tuple(
    vote.map((one) => ({ ...one, approverId: "model-approver", decision: "approve" as const })),
    vote.map((one) => ({ ...one, approverId: "risk-officer", decision: "approve" as const })),
    execution,
    edit,
    fc.array(other, { maxLength: 5 }),
  )
  .map(([one, two, first, author, others]) => [one, two, first, author, ...others]);

/** Opens a request about the card as it is, as RequestApproval does. */
function ask(world: InterleavedWorld, requestsEnded: number): ApprovalRequest {
  const card = world.card();
  const request = newApprovalRequest(card, {
    lifecycle: "default",
    riskRating: "High",
    policyVersion: lifecycleSettings.policyVersion,
    policy: policyFor("High", lifecycleSettings.approval.policies),
    approvers: lifecycleSettings.approvers.filter(({ id }) => id !== "head-of-models"),
    deputies: [],
    authors: [],
    keyArn: "key",
    now: new Date(start),
    requestsEnded,
  });
  world.requests.set(request.requestId, request);
  const { creationTime, version } = card;
  world.record = { ...world.record, currentRequest: { requestId: request.requestId, creationTime, version } };
  return request;
}

describe("an approval, whatever comes in between whatever", () => {
  it(
    "ends once, counts each vote once, and leaves Approved on no version but the reviewed one",
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(actors, fc.scheduler(), async (everybody, scheduler) => {
          const world = new InterleavedWorld(scheduler);
          const { requestId } = ask(world, 0);
          let nowMs = start;
          const votedNow: string[] = [];
          const votedTooLate: string[] = [];
          const setTooLate: object[] = [];
          const running = new Set<string>();
          const dependencies = {
            modelCards: world.modelCards("page"),
            records: world.records,
            events: { publish: async () => undefined },
            executions: {
              stateOf: async (arn: string) => (running.has(arn) ? ("running" as const) : ("ended" as const)),
              resume: async () => true,
            },
            starter: { start: async () => undefined },
            verifier: { verify: async () => true },
            settings: lifecycleSettings,
            now: () => new Date(nowMs),
          };

          /** Takes the card as ReadCard does; `undefined` where another execution is at work on it. */
          const promotionOf = async (executionArn: string): Promise<Promotion | undefined> => {
            const card = await dependencies.modelCards.read(world.card().modelCardArn);
            const taken = await takeCard(
              card,
              executionArn,
              {
                free: (record) => ({ record: claimed(record, executionArn, card), result: card }),
                held: (record) => askedToLookAgain(record, card),
              },
              dependencies,
            );
            return (
              taken && {
                kind: "promotion",
                executionArn,
                policyVersion: lifecycleSettings.policyVersion,
                card,
                lifecycle: "default",
                wanted: [],
                plan: { revoke: [], grant: [] },
                principalChanges: [],
                foreignShares: [],
                revert: null,
                revertFirst: false,
                failures: [],
                accessToSettle: false,
                approvalNeeded: card.status === "PendingReview",
                returnToReview: false,
                approvedOutside: false,
                requestToClose: null,
                nextDeadline: new Date(nowMs).toISOString(),
                outcomesToTell: [],
              }
            );
          };
          const letGo = (executionArn: string): Promise<void> =>
            world.records.changeCard(world.card().modelCardArn, (record) => {
              const { claim, ...rest } = record;
              return { record: claim?.executionArn === executionArn ? rest : record, result: undefined };
            });
          const apply = async (promotion: Promotion, request: ApprovalRequest, by: string): Promise<void> => {
            const hasMoved = !isAbout(request, world.card());
            await applyDecision(promotion, { ...dependencies, modelCards: world.modelCards(by) });
            if (hasMoved) setTooLate.push(...world.statusesSet.filter((set) => set.by === by));
          };
          /** What the workflow does with the request, step by step, as ReadCard and the waits decide. */
          const execute = async (executionArn: string, rounds: number): Promise<void> => {
            running.add(executionArn);
            for (let round = 0; round < rounds; round += 1) {
              try {
                const promotion = await promotionOf(executionArn);
                if (promotion === undefined) break;
                const { currentRequest } = await world.records.readCard(promotion.card.modelCardArn);
                const request = currentRequest && (await world.records.findRequest(currentRequest.requestId));
                if (request === undefined) break;
                if (isToBeApplied(request)) await apply(promotion, request, `${executionArn} ${round}`);
                else if (isAbout(request, promotion.card)) {
                  // While approvers think, nobody holds the card.
                  await letGo(executionArn);
                  await remindApprovers(promotion, dependencies);
                } else await closeRequest({ ...promotion, requestToClose: request.requestId }, dependencies);
              } catch (error) {
                if (error instanceof ResourceNotReadyError) round -= 1;
                else if (!(error instanceof CardMovedError)) throw error;
              }
            }
            await letGo(executionArn);
            running.delete(executionArn);
          };
          const act = async (index: number, next: (typeof everybody)[number]): Promise<void> => {
            for (let turn = 0; turn < next.turns; turn += 1) await scheduler.schedule(Promise.resolve());
            if (next.kind === "vote") {
              await scheduler.schedule(Promise.resolve());
              const asked = world.requests.get(requestId);
              const hasMoved = asked === undefined || !isAbout(asked, world.card());
              const link = { requestId, approverId: next.approverId, mac: "" };
              const comment = next.decision === "reject" ? "No." : "";
              const result = await decideApproval(link, { decision: next.decision, comment }, dependencies);
              if (result?.votedNow) (hasMoved ? votedTooLate : votedNow).push(next.approverId);
            } else if (next.kind === "person") await world.change(next.what);
            else if (next.kind === "execution") await execute(`execution-${index}`, next.rounds);
            else {
              await scheduler.schedule(Promise.resolve());
              nowMs += next.hours * hour;
            }
          };

          const all = Promise.all(everybody.map((next, index) => act(index, next)));
          await scheduler.waitFor(all);
          // In the end the workflow comes by once more.
          await scheduler.waitFor(execute("last", 4));

          const request = world.requests.get(requestId);
          const votes = request?.votes ?? [];
          expect(world.changedAfterEnd).toStrictEqual([]);
          expect(votedTooLate).toStrictEqual([]);
          expect(setTooLate).toStrictEqual([]);
          // Each vote was one post's, and only its own voter heard so.
          expect(votedNow.sort()).toStrictEqual(votes.map(({ approverId }) => approverId).sort());
          expect(new Set(votedNow).size).toBe(votedNow.length);
          const decided = [...world.effects.values()].filter(
            ({ detailType }) => detailType === "ApprovalDecided",
          );
          expect(decided.length).toBeLessThanOrEqual(1);
          if (request?.status === "approved") {
            expect(
              isFulfilled(
                request.policy,
                votes.filter(({ approve }) => approve),
              ),
            ).toBe(true);
          }
          const approved = world.statusesSet.filter(({ status }) => status === "Approved");
          if (approved.length > 0) expect(request?.status).toBe("approved");
          // People of this world never set Approved, so whoever finds it there finds a decision about that version.
          const card = world.card();
          if (card.status === "Approved" && !world.editedWhileApproved)
            expect(card.version).toBe(request?.card.version);
        }),
        { numRuns: 3_000 },
      );
    },
  );
});
