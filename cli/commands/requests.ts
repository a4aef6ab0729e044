import * as z from "zod";
import { ActNotPossibleError } from "../../functions/errors.ts";
import { type Asked, type RequestView, readOpenRequests, readRequest } from "../../queries/requests.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { counted, paragraph, table } from "../layout.ts";
import { RequestSchema, requestNamed } from "../names.ts";
import { LimitSchema } from "../paging.ts";
import type { Screen } from "../screen.ts";
import { ageOf, durationOf, moment } from "../times.ts";

const OptionsSchema = z.object({ request: RequestSchema.optional(), limit: LimitSchema.default(50) });

export const requestsCommand = defineCommand({
  syntax: "requests [request]",
  summary: "open approval requests: who was asked, who has answered, and the time left",
  description: "With the id of a request, or the name of its card, that one, also where it has ended.",
  exitsWith1: "the time of one is up, or a mail could not be sent",
  options: [["--limit <n>", "at most so many (50)"]],
  schema: OptionsSchema,
  run,
});

async function run({ request, limit }: z.output<typeof OptionsSchema>, context: Context): Promise<ExitCode> {
  const { sources, place } = await context.connect();
  const { screen, now } = context;
  const { requests, total } =
    request === undefined
      ? await readOpenRequests({ skip: 0, limit }, sources)
      : { requests: [await oneRequest(request, sources)], total: 1 };
  context.answer({ ...place, total, requests }, () => requestsWords(requests, total, screen, now()));
  return requests.some(needsPerson) ? 1 : 0;
}

async function oneRequest(
  named: string,
  sources: Parameters<typeof readRequest>[1] & Parameters<typeof requestNamed>[1],
): Promise<RequestView> {
  const found = await readRequest(await requestNamed(named, sources), sources);
  if (found === undefined) throw new ActNotPossibleError(`There is no approval request ${named}.`);
  return found;
}

function needsPerson({ status, secondsLeft, asked }: RequestView): boolean {
  const isUndelivered = asked.some(({ mails }) => mails.some(({ failedAt }) => failedAt !== undefined));
  return status === "open" && (secondsLeft === 0 || isUndelivered);
}

/** Each request with who was asked. */
export function requestsWords(
  requests: readonly RequestView[],
  total: number,
  screen: Screen,
  now: Date,
): string {
  if (requests.length === 0) return "No approval request is open.\n";
  const more =
    total > requests.length
      ? `${counted(total - requests.length, "more", "more")}: --limit shows them.\n`
      : "";
  return `${requests.map((request) => requestWords(request, screen, now)).join("\n")}${more}`;
}

/** One request: what it is about, how it stands, and everybody who was asked. */
export function requestWords(request: RequestView, screen: Screen, now: Date): string {
  const { requestId, modelCardName, version, riskRating, approvals, roles, asked, deputies } = request;
  const title = `${modelCardName}${version === undefined ? "" : ` version ${version}`}, ${riskRating} risk`;
  const takes = `takes ${counted(approvals, "approval")}${roles.length === 0 ? "" : `, of ${roles.join(" and ")}`}`;
  const rows = asked.map((one) => [
    one.deputy ? `${one.name} (deputy)` : one.name,
    one.roles.join(", "),
    answerOf(one, request.status),
    one.vote === undefined ? mailsOf(one, now) : ageOf(one.vote.at, now),
  ]);
  const next =
    request.status === "open" && request.escalatedAt === undefined && deputies.length > 0
      ? paragraph(`then asked: ${deputies.map(({ name }) => name).join(", ")}`, screen, 2)
      : "";
  return [
    `${screen.style("strong", title)}\n`,
    paragraph(`${requestId}, ${takes}`, screen, 2),
    paragraph(stateOf(request, now), screen, 2),
    table([{ title: "asked" }, { title: "as" }, { title: "answer" }, { title: "mails" }], rows, screen, 2),
    next,
  ].join("");
}

function stateOf(
  { status, requestedAt, expiresAt, endedAt, withdrawnBy, secondsLeft }: RequestView,
  now: Date,
) {
  const asked = `asked ${moment(requestedAt, now)}`;
  if (status !== "open") {
    const by = withdrawnBy === undefined ? "" : ` by ${withdrawnBy}`;
    return `${asked}; ${status}${by}${endedAt === undefined ? "" : ` ${moment(endedAt, now)}`}`;
  }
  return secondsLeft === 0
    ? `${asked}; its time ended ${moment(expiresAt, now)}, and the next sweep ends it`
    : `${asked}; ${durationOf(secondsLeft * 1_000)} left`;
}

function answerOf({ vote }: Asked, status: RequestView["status"]): string {
  if (vote === undefined) return status === "open" ? "none yet" : "none";
  const comment = vote.comment === "" ? "" : `: ${vote.comment}`;
  return `${vote.approve ? "approves" : "rejects"}${comment}`;
}

function mailsOf({ mails }: Asked, now: Date): string {
  const failed = mails.find(({ failedAt }) => failedAt !== undefined);
  if (failed !== undefined) return `the ${failed.kind} could not be sent`;
  const sent = mails.filter(({ sentAt }) => sentAt !== undefined);
  const last = sent.at(-1)?.sentAt;
  return last === undefined ? "being sent" : `${counted(sent.length, "mail")}, last ${ageOf(last, now)}`;
}
