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
import { type Act, type ActOutcome, type Operator, hashOfAct } from "./act.ts";

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
 * Does what an operator asks for. It is on record first, with who asked. The same act of the same operator again is the same
 * record, as long as there is the same to be done; whatever differs has a record of its own.
 *
 * @throws {ActNotPossibleError} it cannot be done, or not any more; the message says why.
 */
export async function operate(
  act: Act,
  operator: Operator,
  dependencies: OperateDependencies,
): Promise<ActOutcome> {
  const { control, promotionArn, sweepArn, functionArn } = dependencies;
  const identity = identityOfAct(act, operator);
  /** Whatever the act starts is named for its record. */
  const id = effectIdFrom(identity);
  const record: RecordAct = (about, members = {}, times = 0) =>
    recordAct(
      act,
      operator,
      about,
      members,
      times === 0 ? identity : [...identity, String(times)],
      dependencies,
    );

  if ("executionArn" in act)
    checkOwn(
      act.executionArn,
      [promotionArn, sweepArn].map((arn) => executionArnOf(arn, "")),
    );
  if ("modelCardArn" in act && act.modelCardArn !== undefined)
    checkOwn(act.modelCardArn, [modelCardArnsOf(promotionArn)]);
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
      await record({ executionArn, card: cardOf(found.input) }, {}, found.redriveCount);
      if (act.act === "redrive") await control.redrive(executionArn);
      else {
        const cause = `${operator.identity} stopped it. The next sweep looks at the card again.`;
        await control.stop(executionArn, { error: "StoppedByOperator", cause });
      }
      return { executionArn };
    }
    case "look": {
      const { modelCardArn } = act;
      const executionArn = executionArnOf(promotionArn, id);
      await record({ executionArn, card: { modelCardArn } });
      await control.start(promotionArn, id, { modelCardArn, reason: "operator" });
      return { executionArn };
    }
    case "sweep": {
      const { dryRun } = act;
      const executionArn = executionArnOf(sweepArn, id);
      await record({ executionArn }, { dryRun });
      await control.start(sweepArn, id, { dryRun });
      return { executionArn };
    }
    case "redrive-dead-letters": {
      const { modelCardArn, messages, actId } = act;
      const stateMachineArn = modelCardArn === undefined ? sweepArn : promotionArn;
      // Named for its messages, not for who redrives them or how many of them are left: they start it once.
      const executionArn = executionArnOf(stateMachineArn, actId);
      const card = modelCardArn === undefined ? undefined : { modelCardArn };
      await record({ executionArn, card }, { messages });
      await control.start(
        stateMachineArn,
        actId,
        card === undefined ? {} : { ...card, reason: "dead letter" },
      );
      return { executionArn };
    }
    case "discard-dead-letters":
      await record({ executionArn: functionArn }, { messages: act.messages });
      return {};
    case "collect-evidence": {
      const { modelCardArn, version } = act;
      const effectId = await record({ executionArn: functionArn, card: { modelCardArn, version } });
      return { effectId };
    }
    case "remind":
      return remind(act.requestId, id, record, dependencies);
    case "withdraw":
      return withdraw(act.requestId, id, operator, record, dependencies);
    default:
      return act satisfies never;
  }
}

/**
 * @param times - How often the same was done before to what the act is about: once more is another record.
 * @returns the id of the record.
 */
type RecordAct = (
  about: { executionArn: string; card?: CardReference | undefined },
  members?: object,
  times?: number,
) => Promise<string>;

/** Puts a reminder down for everybody who has not answered, and wakes who mails it; where that was stopped, the next who does. */
async function remind(
  requestId: string,
  id: string,
  record: RecordAct,
  { records, executions, control, promotionArn, now }: OperateDependencies,
): Promise<ActOutcome> {
  const { card, waiting, remindersByHand } = await openRequest(requestId, records);
  if (waiting === undefined) {
    throw new ActNotPossibleError(
      `Nobody waits for request ${requestId} at this moment, so nobody would mail a reminder. Try again in a minute, or sweep.`,
    );
  }
  await record({ executionArn: waiting.executionArn, card }, { requestId }, remindersByHand);
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
  await control.start(promotionArn, id, { modelCardArn: card.modelCardArn, reason: "operator" });
  return { executionArn: executionArnOf(promotionArn, id), approverIds };
}

/** Ends a request without a decision, and has its card looked at, so that everybody hears of it. */
async function withdraw(
  requestId: string,
  id: string,
  operator: Operator,
  record: RecordAct,
  { records, control, promotionArn, now }: OperateDependencies,
): Promise<ActOutcome> {
  const { card } = await openRequest(requestId, records);
  const executionArn = executionArnOf(promotionArn, id);
  await record({ executionArn, card }, { requestId });
  await records.changeRequest(requestId, (found) => ({
    record: withdrawnBy(found, operator.identity, now()),
    result: undefined,
  }));
  await control.start(promotionArn, id, { modelCardArn: card.modelCardArn, reason: "operator" });
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
  { act }: Act,
  { identity, through }: Operator,
  { executionArn, card }: { executionArn: string; card?: CardReference | undefined },
  members: object,
  derivedFrom: string[],
  { records, events, settings, now }: OperateDependencies,
): Promise<string> {
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  const detail = { act, operator: identity, through, ...members };
  const effect = effectOf(OperatorActed, context, act, detail, derivedFrom);
  await recordEffects([effect], { records, events });
  return effect.detail.effectId;
}

/**
 * What the id of an act's record is derived from. Who asks chooses `actId`, so all of the act and who asks belong to it: else an
 * act with an id that is on record already would be done without one.
 */
function identityOfAct(act: Act, { identity, through }: Operator): string[] {
  return [OperatorActed.detailType, hashOfAct(act), identity, through];
}

/** The card that an execution is about; `undefined` where its input names none, as a sweep's does not. */
function cardOf(input: string): CardReference | undefined {
  const trigger = TriggerSchema.safeParse(JSON.parse(input));
  return trigger.success ? { modelCardArn: trigger.data.modelCardArn } : undefined;
}

/** Cards and executions of other accounts and Regions have no chain here. */
function checkOwn(arn: string, own: string[]): void {
  if (own.some((prefix) => arn.startsWith(prefix))) return;
  throw new ActNotPossibleError(`${arn} is not of Cardway's account and Region.`);
}

function modelCardArnsOf(stateMachineArn: string): string {
  return stateMachineArn.replace(":states:", ":sagemaker:").replace(/:stateMachine:.*$/, ":model-card/");
}

function executionArnOf(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
}
