import { OperatorActed } from "../../events/operator-acted.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { ExecutionControl } from "../aws/execution-control.ts";
import type { Executions } from "../aws/step-functions.ts";
import { ActNotPossibleError } from "../errors.ts";
import type { CardReference } from "../../events/model-card.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { TriggerSchema } from "../read-card/trigger.ts";
import { type ApprovalRequest, remindedByHand, withdrawnBy } from "../records/approval-request.ts";
import { effectIdFrom, effectOf, recordEffects } from "../records/effects.ts";
import { unsent } from "../records/notice.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import type { Act, ActOutcome, Operator } from "./act.ts";

export interface OperateDependencies {
  records: PromotionRecords;
  events: Events;
  executions: Executions;
  control: ExecutionControl;
  /** ARNs of the two workflows, and of the function that acts. */
  promotionArn: string;
  sweepArn: string;
  functionArn: string;
  settings: Settings;
  now: () => Date;
}

/**
 * Does what an operator asks for. It is on record first, with who asked. The same act again is the same record.
 *
 * @throws {ActNotPossibleError} it cannot be done, or not any more; the message says why.
 */
export async function operate(
  act: Act,
  operator: Operator,
  dependencies: OperateDependencies,
): Promise<ActOutcome> {
  const { control, promotionArn, sweepArn, functionArn } = dependencies;
  const record = (about: { executionArn: string; card?: CardReference | undefined }, members = {}) =>
    recordAct(act, operator, about, members, dependencies);

  switch (act.act) {
    case "redrive":
    case "stop": {
      const { executionArn } = act;
      const found = await control.find(executionArn);
      if (found === undefined) {
        throw new ActNotPossibleError(`There is no execution ${executionArn}, or not any more.`);
      }
      if (act.act === "redrive" && found.notRedrivable !== undefined) {
        throw new ActNotPossibleError(`${executionArn} cannot be redriven: ${found.notRedrivable}`);
      }
      await record({ executionArn, card: cardOf(found.input) });
      if (act.act === "redrive") await control.redrive(executionArn);
      else {
        const cause = `${operator.identity} stopped it. The next sweep looks at the card again.`;
        await control.stop(executionArn, { error: "StoppedByOperator", cause });
      }
      return { executionArn };
    }
    case "look": {
      const { modelCardArn } = act;
      const executionArn = executionArnOf(promotionArn, act.actId);
      await record({ executionArn, card: { modelCardArn } });
      await control.start(promotionArn, act.actId, { modelCardArn, reason: "operator" });
      return { executionArn };
    }
    case "sweep": {
      const { dryRun } = act;
      const executionArn = executionArnOf(sweepArn, act.actId);
      await record({ executionArn }, { dryRun });
      await control.start(sweepArn, act.actId, { dryRun });
      return { executionArn };
    }
    case "redrive-dead-letters":
    case "discard-dead-letters":
      await record({ executionArn: functionArn }, { messages: act.messages });
      return {};
    case "collect-evidence":
      await record({
        executionArn: functionArn,
        card: { modelCardArn: act.modelCardArn, version: act.version },
      });
      return {};
    case "remind":
      return remind(act, record, dependencies);
    case "withdraw":
      return withdraw(act, operator, record, dependencies);
    default:
      return act satisfies never;
  }
}

type RecordAct = (
  about: { executionArn: string; card?: CardReference | undefined },
  members?: object,
) => Promise<void>;

/** Puts a reminder down for everybody who has not answered, and wakes who mails it; where that was stopped, the next who does. */
async function remind(
  { actId, requestId }: { actId: string; requestId: string },
  record: RecordAct,
  { records, executions, control, promotionArn, now }: OperateDependencies,
): Promise<ActOutcome> {
  const { card, waiting } = await openRequest(requestId, records);
  if (waiting === undefined) {
    throw new ActNotPossibleError(
      `Nobody waits for request ${requestId} at this moment, so nobody would mail a reminder. Try again in a minute, or sweep.`,
    );
  }
  await record({ executionArn: waiting.executionArn, card }, { requestId });
  const reminded = await records.changeRequest(requestId, (found) => {
    const next = remindedByHand(found, now());
    return { record: next, result: next };
  });
  const approverIds = unsent(reminded.notices)
    .filter(({ kind }) => kind === "reminder")
    .map(({ recipientId }) => recipientId);
  const isAwake =
    reminded.waiting !== undefined && (await executions.resume(reminded.waiting.taskToken, { kind: "due" }));
  if (isAwake) return { executionArn: waiting.executionArn, approverIds };
  await control.start(promotionArn, actId, { modelCardArn: card.modelCardArn, reason: "operator" });
  return { executionArn: executionArnOf(promotionArn, actId), approverIds };
}

/** Ends a request without a decision, and has its card looked at, so that everybody hears of it. */
async function withdraw(
  { actId, requestId }: { actId: string; requestId: string },
  operator: Operator,
  record: RecordAct,
  { records, control, promotionArn, now }: OperateDependencies,
): Promise<ActOutcome> {
  const { card } = await openRequest(requestId, records);
  const executionArn = executionArnOf(promotionArn, actId);
  await record({ executionArn, card }, { requestId });
  await records.changeRequest(requestId, (found) => ({
    record: withdrawnBy(found, operator.identity, now()),
    result: undefined,
  }));
  await control.start(promotionArn, actId, { modelCardArn: card.modelCardArn, reason: "operator" });
  return { executionArn };
}

async function openRequest(requestId: string, records: PromotionRecords): Promise<ApprovalRequest> {
  const request = await records.findRequest(requestId);
  if (request === undefined) throw new ActNotPossibleError(`There is no approval request ${requestId}.`);
  if (request.status !== "open") {
    throw new ActNotPossibleError(
      `Request ${requestId} is ${request.status} already: there is nothing to do.`,
    );
  }
  return request;
}

async function recordAct(
  { act, actId }: Act,
  { identity, through }: Operator,
  { executionArn, card }: { executionArn: string; card?: CardReference | undefined },
  members: object,
  { records, events, settings, now }: OperateDependencies,
): Promise<void> {
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  const detail = { act, operator: identity, through, ...members };
  const effect = effectOf(OperatorActed, context, act, detail, identityOfAct(actId));
  await recordEffects([effect], { records, events });
}

/** What the id of an act's effect is derived from. */
function identityOfAct(actId: string): string[] {
  return [OperatorActed.detailType, actId];
}

/** Id of the effect that an act is on record as. */
export function effectIdOfAct(actId: string): string {
  return effectIdFrom(identityOfAct(actId));
}

/** The card that an execution is about; `undefined` where its input names none, as a sweep's does not. */
function cardOf(input: string): CardReference | undefined {
  const trigger = TriggerSchema.safeParse(JSON.parse(input));
  return trigger.success ? { modelCardArn: trigger.data.modelCardArn } : undefined;
}

function executionArnOf(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
}
