import type { Audience } from "../events/access.ts";
import type { ModelCardStatus } from "../events/model-card.ts";
import type { CardFilter } from "../functions/aws/model-card-pages.ts";
import { audienceKey } from "../functions/lifecycle/access-plan.ts";
import { cardKey, cardRecordFrom } from "../functions/records/records-in-table.ts";
import { attentionOfCard } from "../functions/records/attention.ts";
import type { QuerySources } from "./sources.ts";

/** Who has which access to one card, as far as RAM shows now and as Cardway announced it. */
export interface MatrixRow {
  modelCardArn: string;
  modelCardName: string;
  status: ModelCardStatus;
  /** By account id. */
  cells: Record<string, MatrixCell>;
}

export interface MatrixCell {
  stage: string;
  /** `none` where no share of Cardway's gives any, or not yet. */
  live: Audience["access"] | "none";
  /** What was confirmed and announced last. */
  announced: Audience["access"] | "none";
  state: "as-announced" | "changing" | "waiting" | "differs" | "broken";
}

export interface Matrix {
  /** In the order of the settings. */
  accounts: { accountId: string; stages: string[] }[];
  rows: MatrixRow[];
  nextToken?: string | undefined;
}

/** One page of cards by accounts. */
export async function readAccessMatrix(filter: CardFilter, sources: QuerySources): Promise<Matrix> {
  const { modelCardPages, tableQueries, resourceSharing, settings } = sources;
  const page = await modelCardPages.page(filter);
  const records = await tableQueries.getAll(page.cards.map(({ modelCardArn }) => cardKey(modelCardArn)));
  const rows = await Promise.all(
    page.cards.map(async ({ modelCardArn, modelCardName, status }, index): Promise<MatrixRow> => {
      const record = cardRecordFrom(modelCardArn, records[index]);
      const live = await resourceSharing.liveAccess(modelCardArn);
      const announced = Object.values(record.announced);
      const accountIds = [...live.map(({ audience }) => audience), ...announced].map(
        ({ accountId }) => accountId,
      );
      const waits = Object.values(record.waiting);
      const isBroken = attentionOfCard(record) !== undefined && record.foreignShares !== undefined;
      const cells = [...new Set([...accountIds, ...waits.map(({ audience }) => audience.accountId)])].map(
        (accountId): [string, MatrixCell] => {
          const own = live.filter(
            ({ audience, state }) => audience.accountId === accountId && state !== "failed",
          );
          const told = announced.find((audience) => audience.accountId === accountId);
          const wait = waits.find(({ audience }) => audience.accountId === accountId);
          const given = own.find(({ state }) => state === "granted");
          const same = own.every(
            ({ audience }) => told !== undefined && audienceKey(audience) === audienceKey(told),
          );
          const isBrokenHere =
            wait?.state === "ReadOnlyBroken" ||
            (isBroken && record.foreignShares?.some((share) => share.accountId === accountId) === true);
          return [
            accountId,
            {
              stage: own[0]?.audience.stage ?? told?.stage ?? wait?.audience.stage ?? "",
              live: given?.audience.access ?? "none",
              announced: told?.access ?? "none",
              state: isBrokenHere
                ? "broken"
                : wait !== undefined
                  ? "waiting"
                  : own.some(({ state }) => state !== "granted")
                    ? "changing"
                    : same && (told === undefined || own.length > 0)
                      ? "as-announced"
                      : "differs",
            },
          ];
        },
      );
      return { modelCardArn, modelCardName, status, cells: Object.fromEntries(cells) };
    }),
  );
  const stages = settings.lifecycles.flatMap(({ stages }) => stages);
  const accountIds = [...new Set(stages.map(({ accountId }) => accountId))];
  return {
    accounts: accountIds.map((accountId) => ({
      accountId,
      stages: stages.filter((stage) => stage.accountId === accountId).map(({ name }) => name),
    })),
    rows,
    nextToken: page.nextToken,
  };
}
