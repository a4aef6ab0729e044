import * as z from "zod";
import type { ListedShare } from "../../../functions/aws/sharing-overview.ts";
import type { ListedCard } from "../../../functions/aws/model-card-list.ts";
import type { LiveAccess } from "../../../functions/lifecycle/access-plan.ts";
import { type CardRecord, newCardRecord, withAnnounced } from "../../../functions/records/card-record.ts";
import { createRecordsIn } from "../../../functions/records/records-in-table.ts";
import type { Settings } from "../../../functions/lifecycle/settings.ts";
import type { Progress } from "../../../functions/sweep/progress.ts";
import { sweep } from "../../../functions/sweep/sweep.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { MemoryTable } from "../../../simulation/memory-table.ts";

export type Dependencies = Parameters<typeof sweep>[1];

const creationTime = "2025-12-01T00:00:00.000Z";
export const arnOf = (name: string): string => `arn:aws:sagemaker:us-east-1:111111111111:model-card/${name}`;
export const draft = (modelCardName: string): ListedCard => ({
  modelCardArn: arnOf(modelCardName),
  modelCardName,
  status: "Draft",
  creationTime,
  lastModifiedTime: creationTime,
});
export const dev = {
  lifecycle: "default",
  stage: "dev",
  accountId: "222222222222",
  access: "read-write",
} as const;
export const devShare: ListedShare = {
  resourceShareArn: "arn:aws:ram:us-east-1:111111111111:resource-share/dev",
  audience: dev,
  principals: [{ principal: dev.accountId, state: "granted" }],
  size: 0,
};
export const input = {
  executionArn: "arn:aws:states:us-east-1:111111111111:execution:cardway-sweep:1",
  startedAt: "2026-01-01T00:00:00.000Z",
  dryRun: false,
  progress: null,
};

/** A record of a draft that an execution brought to an end. */
export function settledDraft(name: string, executionArn = "execution:1"): CardRecord {
  const settled = {
    status: "Draft" as const,
    creationTime,
    lastModifiedTime: creationTime,
    version: 1,
    policyVersion: lifecycleSettings.policyVersion,
    approvedHere: false,
    executionArn,
  };
  return withAnnounced({ ...newCardRecord(arnOf(name)), settled }, [dev]);
}

/** A card account of some pages of cards, of which those named are shared with dev and settled, and what the sweep does. */
export async function world(
  pages: ListedCard[][],
  shared: string[],
  {
    pageMs = 0,
    readMs = 0,
    share = devShare,
    settings = lifecycleSettings,
    present = pages.flat(),
  }: {
    pageMs?: number;
    readMs?: number;
    share?: ListedShare;
    settings?: Settings;
    /** Cards as they are, where the pages do not show that. */
    present?: ListedCard[];
  } = {},
) {
  let nowMs = Date.parse(input.startedAt);
  const started: string[] = [];
  const logged: string[] = [];
  const published: { detailType: string; detail: object }[] = [];
  const records = createRecordsIn(new MemoryTable());
  const settle = (name: string, executionArn?: string): Promise<void> =>
    records.changeCard(arnOf(name), () => ({ record: settledDraft(name, executionArn), result: undefined }));
  for (const name of shared) await settle(name);
  const notBuilt = (): never => {
    throw new TypeError("The sweep has no business here.");
  };
  const liveAccess = (modelCardArn: string): LiveAccess[] =>
    shared.includes(modelCardArn.split("/")[1] ?? "") && share.audience !== undefined
      ? [{ audience: share.audience, resourceShareArn: share.resourceShareArn, state: "granted" }]
      : [];
  const dependencies = {
    modelCardList: {
      page: async (nextToken: string | undefined) => {
        nowMs += pageMs;
        const index = Number(nextToken ?? 0);
        const isLast = index === pages.length - 1;
        return { cards: pages[index] ?? [], nextToken: isLast ? undefined : String(index + 1) };
      },
    },
    modelCards: {
      read: async (modelCardArn: string) => {
        nowMs += readMs;
        const card = present.find((one) => one.modelCardArn === modelCardArn);
        const { tags: _, ...gone } = { ...draft(""), modelCardArn, status: "Deleted" as const };
        return { ...gone, ...card, editors: [], riskRating: "Unknown" };
      },
      content: notBuilt,
      tags: async (modelCardArn: string) =>
        present.find((one) => one.modelCardArn === modelCardArn)?.tags ?? {},
      statusOfVersion: notBuilt,
      setStatus: notBuilt,
    },
    resourceSharing: { liveAccess: async (modelCardArn: string) => liveAccess(modelCardArn) },
    allSharing: {
      read: async () => ({
        shares: [{ ...share, size: shared.length }],
        cards: () => shared.map(arnOf),
        liveAccess,
        principals: new Map([[share.resourceShareArn, share.principals]]),
        foreignShares: () => [],
      }),
    },
    readerRoles: { permissionsOf: async () => ({ mayRead: true, deniesUpdate: true }) },
    records,
    executions: { stateOf: async () => "ended" as const },
    promotions: {
      start: async (request: object) => {
        started.push(z.object({ modelCardArn: z.string() }).parse(request).modelCardArn.split("/")[1] ?? "");
      },
    },
    runningPromotions: { read: async () => ({ isRunning: () => false, startedBefore: 0 }) },
    events: {
      publish: async (events) => {
        published.push(...events.map(({ detailType, detail }) => ({ detailType, detail })));
      },
    },
    settings,
    now: () => new Date(nowMs),
    log: (message: string) => logged.push(message),
  } satisfies Dependencies;
  const completed = () =>
    published.filter(({ detailType }) => detailType === "SweepCompleted").map(({ detail }) => detail);
  return { dependencies, started, logged, published, completed, settle };
}

/** Invokes the sweep as its workflow does, until it has nowhere to go on. */
export async function sweepAll(
  dependencies: Dependencies,
  about: Partial<typeof input> = {},
): Promise<{ invocations: number; progress: Progress }> {
  let progress: Progress | null = null;
  for (let invocations = 1; ; invocations += 1) {
    progress = await sweep({ ...input, ...about, progress }, dependencies);
    if (progress.position === null) return { invocations, progress };
  }
}
