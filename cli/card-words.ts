import type { CardDetail, StageAccess } from "../queries/card.ts";
import type { Explanation } from "../queries/explain.ts";
import { effectWords } from "../queries/effect-words.ts";
import { ActNotPossibleError } from "../functions/errors.ts";
import { emphasisOf, shortNames } from "./execution-words.ts";
import { type Cell, paragraph, table } from "./layout.ts";
import { matterWords } from "./matters.ts";
import type { Place } from "./place.ts";
import type { Screen } from "./screen.ts";
import { ageOf, moment, utc, withMoments } from "./times.ts";

export function noSuchCard(named: string, { accountId, region }: Place): ActNotPossibleError {
  return new ActNotPossibleError(
    `There is no card ${named} in account ${accountId} in ${region}, and nothing on record about one.`,
  );
}

/** What a card is, and how it stands. */
export function cardHead({ card, summary, lifecycle }: CardDetail, screen: Screen, now: Date): string {
  const { modelCardArn, modelCardName, status, version, riskRating, creationTime, lastModifiedTime } = card;
  const facts = [
    status,
    ...(version === undefined ? [] : [`version ${version}`]),
    `${riskRating} risk`,
    summary.health,
  ];
  const by = summary.owner === undefined ? "" : ` by ${summary.owner}`;
  return [
    `${screen.style("strong", modelCardName)}  ${facts.join(", ")}\n`,
    paragraph(modelCardArn, screen),
    paragraph(
      [
        lifecycle === null ? "no lifecycle" : `lifecycle ${lifecycle}`,
        ...(creationTime === undefined ? [] : [`created ${moment(creationTime, now)}${by}`]),
        ...(lastModifiedTime === undefined ? [] : [`changed ${moment(lastModifiedTime, now)}`]),
      ].join(", "),
      screen,
    ),
  ].join("");
}

/** Access of each stage: what its status calls for, what RAM shows, and how that is proved. */
export function accessTable({ access, handMadeShares }: CardDetail, screen: Screen, now: Date): string {
  const rows = access.map((stage): Cell[] => [
    `${stage.stage} ${stage.accountId}`,
    stage.wanted,
    {
      text: liveOf(stage),
      emphasis: stage.isAsWanted ? "good" : stage.wait === undefined ? "bad" : "warning",
    },
    proofOf(stage, now),
  ]);
  const shares = handMadeShares.map(({ stage, accountId, resourceShareArn }) =>
    paragraph(`A share made by hand lets ${stage} (${accountId}) write: ${resourceShareArn}`, screen, 2),
  );
  const columns = [{ title: "stage" }, { title: "wanted" }, { title: "live" }, { title: "proof" }];
  return `${table(columns, rows, screen, 2)}${shares.join("")}`;
}

function liveOf({ live, wait }: StageAccess): string {
  const given = live.map(({ access, state }) => (state === "granted" ? access : `${access} (${state})`));
  const waits = wait === undefined ? "" : `, waits: ${wait.state}`;
  return `${given.length === 0 ? "none" : given.join(" and ")}${waits}`;
}

function proofOf({ wanted, confirmed, proved }: StageAccess, now: Date): string {
  const parts = [
    ...(confirmed === undefined ? [] : [`read back ${ageOf(confirmed.at, now)}`]),
    ...(proved === undefined ? [] : [`proved unable to write ${ageOf(proved.at, now)}`]),
  ];
  return parts.length > 0 ? parts.join(", ") : wanted === "none" ? "" : "none yet";
}

/** What needs a person; nothing where nothing does. */
export function cardMatters({ matters }: CardDetail, screen: Screen, now: Date): string {
  return matterWords(matters, screen, now);
}

/** The last executions that have done something about it. */
export function cardExecutions({ executions }: CardDetail, screen: Screen, now: Date): string {
  if (executions.length === 0) return paragraph("none on record", screen, 2);
  const names = shortNames(executions.map(({ name }) => name));
  const rows = executions.map(({ status, startedAt, error }, index): Cell[] => [
    names[index] ?? "",
    { text: status, emphasis: emphasisOf(status) },
    moment(startedAt, now),
    error ?? "",
  ]);
  return table([{ title: "" }, { title: "" }, { title: "" }, { title: "" }], rows, screen, 2);
}

/** Why it is so, in short: the route, how its status is understood, the rule of each stage, and all about one that is not as it should be. */
export function cardWhy({ route, status, stages }: Explanation, screen: Screen): string {
  const rules = stages.flatMap(({ stage, isAsWanted, reasons }) =>
    (isAsWanted ? reasons.slice(0, 1) : reasons).map(({ what, source }) => ({
      what: `${stage}: ${what}`,
      source,
    })),
  );
  return [route, ...status, ...rules]
    .map(({ what, source }) => paragraph(`${withMoments(what)} [${source}]`, screen, 4, "- "))
    .join("");
}

/** The newest entries of its audit. */
export function cardHistory({ card, audit }: CardDetail, most: number, screen: Screen): string {
  const rows = audit.slice(0, most).map((entry) => [utc(entry.at), effectWords(entry)]);
  if (rows.length === 0) return paragraph("nothing on record", screen, 2);
  const older = audit.length - rows.length;
  const more =
    older > 0
      ? paragraph(`and ${older} before: npx cardway audit --card ${card.modelCardName}`, screen, 2)
      : "";
  return `${table([{ title: "when (UTC)" }, { title: "what" }], rows, screen, 2)}${more}`;
}
