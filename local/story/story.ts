import { DescribeModelCardCommand, SageMakerClient, UpdateModelCardCommand } from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { type Audience, AudienceSchema } from "../../events/access.ts";
import { ApprovalRequested } from "../../events/approval-requested.ts";
import { readerRoleArn, readerRoleName } from "../../functions/lifecycle/read-only.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { EffectRecord } from "../../functions/records/promotion-records.ts";
import { approvalsNeeded } from "../../web/approval-words.ts";
import { riskWords } from "../../web/question-email.tsx";
import { cardOf, createCard, modelCardName } from "./card.ts";
import { filledContent } from "./content.ts";
import type { Tell } from "./step.ts";

/** The story cannot go on; the message says at which step and why. */
export class StoryFailedError extends Error {
  override readonly name = "StoryFailedError";
}

/** What one account may do with the card, and how that was seen. */
export interface AccessProof {
  accountId: string;
  name: string;
  access: string;
  describe: string;
  update: string;
}

export interface StoryDependencies {
  settings: Settings;
  region: string;
  /** Address of the AWS endpoint. */
  awsUrl: string;
  tell: Tell;
  /** The links that were mailed about the card, the first one first. */
  findLinks: (modelCardName: string) => string[];
  /** Everything that Cardway has on record about a card, oldest first. */
  effectsOf: (modelCardArn: string) => Promise<EffectRecord[]>;
  /** Decides at the approval page, and answers whether it was asked there; absent where a person does. */
  decide?: ((link: string) => Promise<boolean>) | undefined;
  now: () => Date;
  wait: (milliseconds: number) => Promise<void>;
  signal: AbortSignal;
}

/** What the services may take for one step before the story calls it stuck, in milliseconds. */
const patienceMs = 120_000;

/**
 * Plays the first article: a model card goes from `Draft` to production through the accounts of the settings, by the same
 * calls that people make. Where an earlier process has begun it, it goes on from there.
 *
 * @returns what each account can do in the end, proved by calls of that account.
 * @throws {StoryFailedError} a step did not happen.
 */
export async function playStory(dependencies: StoryDependencies): Promise<AccessProof[]> {
  const { settings, tell, decide, findLinks, effectsOf, now } = dependencies;
  const [lifecycle] = settings.lifecycles;
  const [dev, test, prod] = lifecycle?.stages ?? [];
  if (dev === undefined || test === undefined || prod === undefined) {
    throw new StoryFailedError("The story needs a first lifecycle with three stages: dev, test and prod.");
  }
  const owner = client(settings.modelCardAccountId, dependencies);
  const developer = client(dev.accountId, dependencies);
  const tester = client(test.accountId, dependencies);

  const granted = async (stage: string, since: Date): Promise<void> => {
    const effect = await until(`access for ${stage}`, dependencies, async () => {
      const effects = await effectsOf(modelCardArn);
      assertNotFailed(effects);
      return effects.find((effect) => isGrant(effect, stage));
    });
    const audience = audienceOf(effect.detail);
    tell({
      step: "access-granted",
      message: `shared with ${stage}, ${audience?.access ?? ""}`,
      accountId: audience?.accountId ?? "",
      stage,
      access: audience?.access,
      executionArn: text(effect.detail["executionArn"]),
      ...lasted(since, Date.parse(effect.at)),
    });
  };

  const prove = async (): Promise<AccessProof[]> => {
    const reader = await readerIn(prod.accountId, dependencies);
    const account = (
      accountId: string,
      name: string,
      access: string,
      actor: SageMakerClient,
      probe: object,
    ) => proofOf({ accountId, name, access }, actor, modelCardArn, probe);
    return [
      await account(settings.modelCardAccountId, "model card account", "owner", owner, authorisedProbe),
      await account(dev.accountId, dev.name, dev.access.Approved, developer, authorisedProbe),
      await account(test.accountId, test.name, test.access.Approved, tester, authorisedProbe),
      await account(prod.accountId, `${prod.name}, ${readerRoleName}`, prod.access.Approved, reader, {
        ModelCardStatus: "Draft",
      }),
      await account(
        prod.accountId,
        `${prod.name}, administrator`,
        "none",
        client(prod.accountId, dependencies),
        {
          ModelCardStatus: "Draft",
        },
      ),
    ];
  };

  let since = now();
  const before = await cardOf(owner);
  const modelCardArn = before?.modelCardArn ?? (await createCard(owner));
  if (before === undefined) {
    tell({
      step: "created",
      message: `the lead data scientist creates ${modelCardName} in Draft`,
      accountId: settings.modelCardAccountId,
      modelCardArn,
    });
  } else {
    tell({
      step: "resumed",
      message: `${modelCardName} is here already, in ${before.status}: the story goes on with it`,
      accountId: settings.modelCardAccountId,
      modelCardArn,
    });
    const effects = await effectsOf(modelCardArn);
    const decided = effects.find(({ detailType }) => detailType === "ApprovalDecided");
    if (decided !== undefined) requireApproved(decided, prod.name);
    if (effects.some((effect) => isGrant(effect, prod.name))) {
      const isProvable = before.status === "Approved";
      tell({
        step: "finished",
        message: `the story has been told to its end before${isProvable ? "" : `; the card is in ${before.status} now`}`,
        accountId: prod.accountId,
      });
      return isProvable ? prove() : [];
    }
    if (before.status === "Archived") throw new StoryFailedError(`${modelCardName} has been archived.`);
  }
  await granted(dev.name, since);

  if (before === undefined || before.version === 1) {
    await developer.send(
      new UpdateModelCardCommand({ ModelCardName: modelCardArn, Content: JSON.stringify(filledContent) }),
    );
    tell({ step: "filled-in", message: "the data scientist fills the card in", accountId: dev.accountId });
  }
  since = now();
  if (before === undefined || before.status === "Draft") {
    await developer.send(
      new UpdateModelCardCommand({ ModelCardName: modelCardArn, ModelCardStatus: "PendingReview" }),
    );
    tell({
      step: "review-asked",
      message: "the data scientist sets PendingReview",
      accountId: dev.accountId,
    });
  }
  await granted(test.name, since);

  const { asked, links } = await until("the approval mails", dependencies, async () => {
    const effects = await effectsOf(modelCardArn);
    assertNotFailed(effects);
    const request = effects.find(({ detailType }) => detailType === ApprovalRequested.detailType);
    const asked = ApprovalRequested.detail.safeParse(request?.detail).data;
    const links = findLinks(modelCardName);
    return asked !== undefined && links.length >= asked.approverIds.length ? { asked, links } : undefined;
  });
  const takes = `${riskWords(asked)}: ${approvalsNeeded(asked)}`;
  for (const link of links) {
    tell({
      step: "approval-requested",
      message: `approvers are mailed (${takes}); decide here: ${link}`,
      accountId: settings.modelCardAccountId,
      link,
      executionArn: asked.executionArn,
      ...lasted(since, now().getTime()),
    });
  }
  since = now();
  if (decide !== undefined) {
    let answers = 0;
    for (const link of links) if (await decide(link)) answers += 1;
    // A card that was here before may have been decided about before.
    if (answers === 0 && before === undefined) {
      throw new StoryFailedError("The approval page asks for no decision.");
    }
  }

  const decision = await until(
    "the decision",
    dependencies,
    async () => {
      const effects = await effectsOf(modelCardArn);
      return effects.find(({ detailType }) => detailType === "ApprovalDecided");
    },
    decide === undefined ? Number.POSITIVE_INFINITY : patienceMs,
  );
  const outcome = text(decision.detail["outcome"]);
  tell({
    step: "decided",
    message: `${outcome} by ${text(decision.detail["approverId"])}`,
    accountId: settings.modelCardAccountId,
    outcome,
    executionArn: text(decision.detail["executionArn"]),
    ...lasted(since, Date.parse(decision.at)),
  });
  requireApproved(decision, prod.name);
  await granted(prod.name, since);
  return prove();
}

/** An update that is valid for nobody: who may update is told what is wrong with it, who may not is refused before. */
const authorisedProbe = { ModelCardStatus: "Approved", Content: "{}" };

async function proofOf(
  account: Pick<AccessProof, "accountId" | "name" | "access">,
  actor: SageMakerClient,
  modelCardArn: string,
  probe: object,
): Promise<AccessProof> {
  const describe = await answerOf(() =>
    actor.send(new DescribeModelCardCommand({ ModelCardName: modelCardArn })),
  );
  const update = await answerOf(() =>
    actor.send(new UpdateModelCardCommand({ ModelCardName: modelCardArn, ...probe })),
  );
  return { ...account, describe, update };
}

async function answerOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return "works";
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === "AccessDeniedException") return "refused";
    if (error.name === "ValidationException") return "works";
    throw error;
  }
}

/** Whether the proof is what the settings promise: only writers may update, and production may only read. */
export function isProved(proofs: AccessProof[]): boolean {
  return proofs.every(({ access, describe, update }) => {
    const mayRead = access !== "none";
    const mayWrite = access === "owner" || access === "read-write";
    return describe === (mayRead ? "works" : "refused") && update === (mayWrite ? "works" : "refused");
  });
}

function client(accountId: string, { awsUrl, region }: StoryDependencies): SageMakerClient {
  return new SageMakerClient({
    endpoint: awsUrl,
    region,
    credentials: { accessKeyId: accountId, secretAccessKey: "local" },
  });
}

async function readerIn(accountId: string, { awsUrl, region }: StoryDependencies): Promise<SageMakerClient> {
  const sts = new STSClient({
    endpoint: awsUrl,
    region,
    credentials: { accessKeyId: accountId, secretAccessKey: "local" },
  });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: readerRoleArn(accountId), RoleSessionName: "story" }),
  );
  return new SageMakerClient({
    endpoint: awsUrl,
    region,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      ...(Credentials?.SessionToken !== undefined && { sessionToken: Credentials.SessionToken }),
    },
  });
}

async function until<Value>(
  what: string,
  { wait, signal }: StoryDependencies,
  find: () => Promise<Value | undefined>,
  limitMs: number = patienceMs,
): Promise<Value> {
  const pauseMs = 20;
  for (let waitedMs = 0; waitedMs <= limitMs; waitedMs += pauseMs) {
    signal.throwIfAborted();
    const found = await find();
    if (found !== undefined) return found;
    await wait(pauseMs);
  }
  throw new StoryFailedError(
    `Waited ${limitMs / 1000} s for ${what}. Look at the executions: aws stepfunctions list-executions.`,
  );
}

function isGrant({ detailType, detail }: EffectRecord, stage: string): boolean {
  return detailType === "AccessGranted" && audienceOf(detail)?.stage === stage;
}

function requireApproved({ detail }: EffectRecord, stage: string): void {
  const outcome = text(detail["outcome"]);
  if (outcome === "approved") return;
  throw new StoryFailedError(`The request was ${outcome}, so the card does not go to ${stage}.`);
}

function assertNotFailed(effects: EffectRecord[]): void {
  const failure = effects.find(({ detailType }) => detailType === "PromotionFailed");
  if (failure !== undefined) {
    const { error, message, executionArn } = failure.detail;
    throw new StoryFailedError(`${text(executionArn)} failed with ${text(error)}: ${text(message)}`);
  }
}

/** How long a step took; nothing for one that an earlier process has seen. */
function lasted(since: Date, untilMs: number): { durationMs?: number } {
  const durationMs = untilMs - since.getTime();
  return durationMs < 0 ? {} : { durationMs };
}

function audienceOf(detail: Record<string, unknown>): Audience | undefined {
  return AudienceSchema.safeParse(detail["audience"]).data;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "nobody";
}
