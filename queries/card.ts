import { type Audience, AudienceSchema } from "../events/access.ts";
import { InvalidInputError } from "../functions/errors.ts";
import { modelCardArnOf } from "../functions/aws/sagemaker.ts";
import { type LiveAccess, audienceKey } from "../functions/lifecycle/access-plan.ts";
import type { Card } from "../functions/lifecycle/card.ts";
import type { CardVersion } from "../functions/lifecycle/foreign-update.ts";
import type { PrincipalState } from "../functions/lifecycle/principals.ts";
import { audiencePrincipals } from "../functions/lifecycle/read-only.ts";
import { lifecycleNamed } from "../functions/lifecycle/routes.ts";
import type { Lifecycle } from "../functions/lifecycle/settings.ts";
import { planPromotion } from "../functions/read-card/read-card.ts";
import type { Promotion } from "../functions/promotion.ts";
import type { AuditEntry } from "../functions/records/audit-chain.ts";
import { attentionOfCard } from "../functions/records/attention.ts";
import type { CardRecord } from "../functions/records/card-record.ts";
import type { AccessWait } from "../functions/records/access-wait.ts";
import type { DescribedExecution } from "../functions/aws/execution-pages.ts";
import { type Matter, mattersOf, mostUrgentFirst } from "./attention.ts";
import { readCardAudit } from "./audit.ts";
import { type CardSummary, summaryOf } from "./cards.ts";
import { readExecutionsOfCard } from "./executions.ts";
import { readCardAsAllowed } from "./listed-card.ts";
import { type RequestView, requestView } from "./requests.ts";
import type { QuerySources } from "./sources.ts";

/** Access of one stage to one card: what its status calls for, what RAM shows, and how that is proved. */
export interface StageAccess {
  lifecycle: string;
  stage: string;
  accountId: string;
  wanted: Audience["access"] | "none";
  /** What Cardway's own shares give now. */
  live: {
    access: Audience["access"];
    resourceShareArn: string;
    /** How far RAM has got with the card in the share. */
    state: LiveAccess["state"];
    statusMessage?: string | undefined;
    /** Whom the share lets in, and how far RAM has got with each. */
    principals: PrincipalState[];
  }[];
  /** Whom the share has to name. */
  expectedPrincipals: string[];
  /** What access waits for, if it does. */
  wait?: AccessWait | undefined;
  /** When Cardway last announced this access, and in which execution; absent where it has not since access ended. */
  confirmed?: { at: string; executionArn: string } | undefined;
  /** For a read-only stage: when its reader role was last proved unable to update, and in which execution. */
  proved?: { at: string; executionArn: string } | undefined;
  /** Whether wanted and live are the same. */
  isAsWanted: boolean;
}

/** All about one card. */
export interface CardDetail {
  card: Card;
  summary: CardSummary;
  lifecycle: string | null;
  access: StageAccess[];
  /** Shares made by hand that let a read-only stage write it. */
  handMadeShares: { stage: string; accountId: string; resourceShareArn: string }[];
  versions: CardVersion[];
  request?: RequestView | undefined;
  executions: DescribedExecution[];
  /** Newest first. */
  audit: AuditEntry[];
  matters: Matter[];
  /** What the next promotion would do. */
  plan: Promotion;
  record: CardRecord;
}

/**
 * All about one card, read from AWS as it is now.
 *
 * @param nameOrArn - Name of a card of this account and Region, or its ARN.
 * @returns `undefined` where there is no such card and nothing on record about one.
 * @throws {InvalidInputError} it can be neither a name nor an ARN.
 */
export async function readCardDetail(
  nameOrArn: string,
  sources: QuerySources,
  { executions: mostExecutions = 10 }: { executions?: number } = {},
): Promise<CardDetail | undefined> {
  const { records, settings, now } = sources;
  const modelCardArn = cardArnOf(nameOrArn, sources);
  const [record, audit] = await Promise.all([
    records.readCard(modelCardArn),
    readCardAudit(modelCardArn, sources),
  ]);
  const card = await readCardAsAllowed(modelCardArn, record, sources);
  if (card.status === "Deleted" && audit.length === 0 && record.settled === undefined) return undefined;

  const [plan, versions, request, executions] = await Promise.all([
    planOf(card, record, sources),
    card.status === "Deleted" ? [] : sources.cardVersions.list(modelCardArn),
    record.currentRequest === undefined ? undefined : records.findRequest(record.currentRequest.requestId),
    readExecutionsOfCard(modelCardArn, { limit: mostExecutions }, sources),
  ]);
  const attention = attentionOfCard(record);
  const listed = { ...card, status: card.status === "Deleted" ? ("Archived" as const) : card.status };
  return {
    card,
    summary: summaryOf(listed, record, settings, now()),
    lifecycle: plan.lifecycle,
    access: await stageAccessOf(card, plan, record, audit, sources),
    handMadeShares: plan.foreignShares.map(({ stage, accountId, resourceShareArn }) => ({
      stage,
      accountId,
      resourceShareArn,
    })),
    versions,
    request: request && requestView(request, now()),
    executions,
    audit,
    matters: attention === undefined ? [] : mostUrgentFirst(mattersOf(attention, now())),
    plan,
    record,
  };
}

/** ARN of a card of the model card account, from its name or ARN. */
export function cardArnOf(
  nameOrArn: string,
  { settings, region }: Pick<QuerySources, "settings" | "region">,
): string {
  const arn = modelCardArnOf(nameOrArn, { account: settings.modelCardAccountId, region });
  if (arn.split(":")[4] === settings.modelCardAccountId) return arn;
  throw new InvalidInputError(
    `${nameOrArn} is no card of the model card account ${settings.modelCardAccountId}.`,
  );
}

/** What ReadCard would plan now. What it would note on the way is worked out and not kept. */
function planOf(card: Card, record: CardRecord, sources: QuerySources): Promise<Promotion> {
  const { records } = sources;
  const looking = {
    findRequest: records.findRequest,
    changeCard: async <Result>(_arn: string, change: (record: CardRecord) => { result: Result }) =>
      change(record).result,
  };
  return planPromotion(card, "", record, { ...sources, records: looking });
}

async function stageAccessOf(
  card: Card,
  plan: Promotion,
  record: CardRecord,
  audit: AuditEntry[],
  sources: QuerySources,
): Promise<StageAccess[]> {
  const { resourceSharing, settings } = sources;
  const live = await resourceSharing.liveAccess(card.modelCardArn);
  const principals = await resourceSharing.principalsOfShares(
    live.map(({ resourceShareArn }) => resourceShareArn),
  );
  const lifecycle = lifecycleNamed(plan.lifecycle, settings);
  const stages = stagesOf(lifecycle, live);
  return stages.map((stage): StageAccess => {
    const isHere = (audience: Audience): boolean =>
      audience.lifecycle === stage.lifecycle &&
      audience.stage === stage.stage &&
      audience.accountId === stage.accountId;
    const wanted = plan.wanted.find(isHere);
    const own = live.filter(({ audience }) => isHere(audience));
    const key = wanted && audienceKey(wanted);
    const isBeing = own.filter(({ state }) => state === "granted" || state === "granting");
    const announcement = key === undefined ? undefined : announcementOf(key, record, audit);
    const reading = wanted?.access === "read-only" && record.waiting[key ?? ""] === undefined;
    return {
      ...stage,
      wanted: wanted?.access ?? "none",
      live: own.map(({ audience, resourceShareArn, state, statusMessage }) => ({
        access: audience.access,
        resourceShareArn,
        state,
        statusMessage,
        principals: principals.get(resourceShareArn) ?? [],
      })),
      expectedPrincipals: wanted === undefined ? [] : audiencePrincipals(wanted, lifecycle),
      wait: Object.values(record.waiting).find(({ audience }) => isHere(audience)),
      confirmed: announcement && confirmedBy(announcement),
      ...(reading && { proved: provedSince(announcement, audit) }),
      isAsWanted:
        isBeing.length === (wanted === undefined ? 0 : 1) &&
        isBeing.every(({ audience, state }) => audience.access === wanted?.access && state === "granted") &&
        record.waiting[key ?? ""] === undefined,
    };
  });
}

/** Every promotion proves it before it ends, of the access that there is then. */
function provedSince(announcement: AuditEntry | undefined, audit: AuditEntry[]): StageAccess["proved"] {
  const entry = audit.find(({ detailType }) => detailType === "PromotionCompleted");
  const isSince = entry !== undefined && announcement !== undefined && entry.sequence > announcement.sequence;
  return isSince ? confirmedBy(entry) : undefined;
}

function confirmedBy(entry: AuditEntry): { at: string; executionArn: string } {
  return { at: entry.at, executionArn: executionArnIn(entry) };
}

function executionArnIn({ detail: { executionArn } }: AuditEntry): string {
  return typeof executionArn === "string" ? executionArn : "";
}

/** The stages of the card's lifecycle in order, then those that have access though they are not among them. */
function stagesOf(
  lifecycle: Lifecycle | undefined,
  live: LiveAccess[],
): Pick<StageAccess, "lifecycle" | "stage" | "accountId">[] {
  const own = (lifecycle?.stages ?? []).map(({ name, accountId }) => ({
    lifecycle: lifecycle?.name ?? "",
    stage: name,
    accountId,
  }));
  const others = live.map(({ audience: { lifecycle, stage, accountId } }) => ({
    lifecycle,
    stage,
    accountId,
  }));
  return [...new Map([...own, ...others].map((stage) => [JSON.stringify(stage), stage])).values()];
}

/** The announcement that this access began, where it has not ended since. */
function announcementOf(key: string, record: CardRecord, audit: AuditEntry[]): AuditEntry | undefined {
  if (record.announced[key] === undefined) return undefined;
  return audit.find(
    ({ detailType, detail }) => detailType === "AccessGranted" && keyIn(detail["audience"]) === key,
  );
}

function keyIn(audience: unknown): string | undefined {
  const parsed = AudienceSchema.safeParse(audience);
  return parsed.success ? audienceKey(parsed.data) : undefined;
}
