import { nameOf } from "../../functions/aws/sagemaker.ts";
import { type Act, type ActOutcome, ActSchema } from "../../functions/operate/act.ts";
import { readCardDetail } from "../../queries/card.ts";
import { explainCard } from "../../queries/explain.ts";
import { cardOfExecution } from "../../queries/executions.ts";
import { readRequest } from "../../queries/requests.ts";
import type { QuerySources } from "../../queries/sources.ts";
import { executionStatusName } from "./badges.tsx";
import { timeText } from "../time.tsx";
import { cardPath, evidencePath, executionPath, requestPath, sweepsPath } from "./page-paths.ts";

/** What can be done by the console. Dead letters are worked off on the command line. */
export type ConsoleAct = Exclude<Act, { act: "redrive-dead-letters" | "discard-dead-letters" }>;

/** What will be done, for who has to confirm it. */
export interface Confirmation {
  /** The question. */
  title: string;
  /** Exactly what will be done, in sentences. */
  consequences: string[];
  /** Why it cannot be done; then there is nothing to confirm. */
  refusal?: string | undefined;
  /** What the button says. */
  button: string;
  /** Where somebody goes back to who does not want it. */
  back: string;
}

/**
 * The act that an address or a form asks for; `undefined` where they ask for none of the console's.
 *
 * @param members - As they come: a form's fields, or an address's parameters.
 */
export function actIn(act: string, members: Record<string, unknown>): ConsoleAct | undefined {
  const { dryRun } = members;
  const { data } = ActSchema.safeParse({ ...members, act, dryRun: dryRun === "true" });
  return data?.act === "redrive-dead-letters" || data?.act === "discard-dead-letters" ? undefined : data;
}

/** The members of an act, as a form carries them. */
export function membersOf(act: ConsoleAct): [name: string, value: string][] {
  return Object.entries(act).flatMap(([name, value]) => (name === "act" ? [] : [[name, String(value)]]));
}

/** What an act will do; `undefined` where there is nothing that it could be done to. */
export async function confirmationOf(
  act: ConsoleAct,
  sources: QuerySources,
): Promise<Confirmation | undefined> {
  switch (act.act) {
    case "redrive":
    case "stop":
      return confirmExecution(act, sources);
    case "look":
      return confirmLook(act.modelCardArn, sources);
    case "sweep":
      return confirmSweep(act.dryRun, sources);
    case "remind":
    case "withdraw":
      return confirmRequest(act, sources);
    case "collect-evidence":
      return confirmEvidence(act, sources);
    default:
      return act satisfies never;
  }
}

async function confirmExecution(
  { act, executionArn }: Extract<ConsoleAct, { act: "redrive" | "stop" }>,
  { executionPages }: QuerySources,
): Promise<Confirmation | undefined> {
  const execution = await executionPages.describe(executionArn);
  if (execution === undefined) return undefined;
  const { name, status, startedAt, notRedrivable } = execution;
  const isSweep = executionArn.includes(":cardway-sweep:");
  const modelCardArn = cardOfExecution(execution.input);
  const about = modelCardArn === undefined ? "" : ` for the card ${nameOf(modelCardArn)}`;
  const what = `The execution ${name} of ${isSweep ? "cardway-sweep" : "cardway-promotion"}${about}, started on ${timeText(startedAt)}, is ${executionStatusName(status).toLowerCase()}.`;
  const back = executionPath(executionArn) ?? sweepsPath;
  if (act === "redrive") {
    return {
      title: "Redrive this execution?",
      consequences: [
        what,
        "It goes on in the state that it ended in. A promotion reads the card anew and brings access to what the card's status calls for by then.",
      ],
      refusal: notRedrivable === undefined ? undefined : `AWS does not redrive it: ${notRedrivable}`,
      button: "Redrive the execution",
      back,
    };
  }
  return {
    title: "Stop this execution?",
    consequences: [
      what,
      isSweep
        ? "It compares no more cards. The next sweep compares every card from the beginning."
        : "It does nothing more for the card, and what it has done so far stays. The next sweep, or somebody who has the card looked at, starts another one.",
    ],
    refusal: status === "RUNNING" ? undefined : "It has ended already.",
    button: "Stop the execution",
    back,
  };
}

async function confirmLook(modelCardArn: string, sources: QuerySources): Promise<Confirmation | undefined> {
  const detail = await readCardDetail(modelCardArn, sources, { executions: 0 });
  if (detail === undefined) return undefined;
  const { next } = explainCard(detail, sources.settings);
  return {
    title: `Have ${nameOf(modelCardArn)} looked at now?`,
    consequences: [
      `An execution of cardway-promotion starts for the card ${nameOf(modelCardArn)}. It reads the card as it is and brings access to what its status calls for.`,
      next.length === 0
        ? "As things stand it will find nothing to do."
        : `As things stand it will ${next.join("; ")}.`,
    ],
    button: "Look at the card",
    back: cardPath(modelCardArn),
  };
}

async function confirmSweep(
  dryRun: boolean,
  { executionPages, sweepArn }: QuerySources,
): Promise<Confirmation> {
  const { executions } = await executionPages.page({
    stateMachineArn: sweepArn,
    status: "RUNNING",
    limit: 1,
  });
  return {
    title: dryRun ? "Compare all cards, and change nothing?" : "Sweep all cards now?",
    consequences: [
      "An execution of cardway-sweep starts. It compares every card with what it should be: access, principals, read-only, requests and decisions.",
      dryRun
        ? "It counts what differs, and repairs nothing."
        : "For every card that differs it starts a promotion, which repairs it.",
      ...(executions.length > 0 ? ["Another sweep is running already."] : []),
    ],
    button: dryRun ? "Compare all cards" : "Sweep all cards",
    back: sweepsPath,
  };
}

async function confirmRequest(
  { act, requestId }: Extract<ConsoleAct, { act: "remind" | "withdraw" }>,
  sources: QuerySources,
): Promise<Confirmation | undefined> {
  const request = await readRequest(requestId, sources);
  if (request === undefined) return undefined;
  const { modelCardName, version, status, asked } = request;
  const subject = version === undefined ? modelCardName : `version ${version} of ${modelCardName}`;
  const silent = asked.filter(({ vote }) => vote === undefined).map(({ name }) => name);
  const back = requestPath(requestId);
  const ended = status === "open" ? undefined : `It is ${status} already.`;
  if (act === "remind") {
    return {
      title: "Remind the approvers?",
      consequences: [`A mail about ${subject} goes to each who has not answered: ${silent.join(", ")}.`],
      refusal: ended ?? (silent.length === 0 ? "Everybody has answered." : undefined),
      button: "Send the reminders",
      back,
    };
  }
  return {
    title: "Withdraw this request?",
    consequences: [
      `The request about ${subject} ends without a decision. Its links stop working, and votes that were given are void.`,
      "Everybody who was asked is told.",
      "The card stays in review, and nobody is asked about it again until somebody changes it or its status.",
    ],
    refusal: ended,
    button: "Withdraw the request",
    back,
  };
}

async function confirmEvidence(
  { modelCardArn, version }: Extract<ConsoleAct, { act: "collect-evidence" }>,
  sources: QuerySources,
): Promise<Confirmation | undefined> {
  const detail = await readCardDetail(modelCardArn, sources, { executions: 0 });
  if (detail?.versions.some((one) => one.version === version) !== true) return undefined;
  return {
    title: `Collect evidence about version ${version} of ${nameOf(modelCardArn)}?`,
    consequences: [
      "SageMaker exports the version as a PDF. With it come what is written in the card, votes with their reasons, the audit chain, executions, and access as it is now: one zip archive, with the hash of each file.",
      "It holds what is written in the card. Keep it as safe as the card itself.",
    ],
    button: "Collect the evidence",
    back: cardPath(modelCardArn),
  };
}

/** Where an act has led: the page that shows what comes of it. */
export function pageAfter(act: ConsoleAct, { executionArn, effectId = "" }: ActOutcome): string {
  if (act.act === "remind" || act.act === "withdraw") return requestPath(act.requestId);
  if (act.act === "collect-evidence") return evidencePath(act.modelCardArn, effectId);
  return (executionArn === undefined ? undefined : executionPath(executionArn)) ?? sweepsPath;
}
