import { type CardVersions, createCardVersions } from "../functions/aws/card-versions.ts";
import { createDynamoDbTable } from "../functions/aws/dynamodb.ts";
import { type TableQueries, createTableQueries } from "../functions/aws/dynamodb-queries.ts";
import { type ExecutionPages, createExecutionPages } from "../functions/aws/execution-pages.ts";
import { type ModelCardPages, createModelCardPages } from "../functions/aws/model-card-pages.ts";
import { type ResourceSharing, createResourceSharing } from "../functions/aws/ram.ts";
import { type ModelCards, createModelCards } from "../functions/aws/sagemaker.ts";
import type { Settings } from "../functions/lifecycle/settings.ts";
import type { PromotionRecords } from "../functions/records/promotion-records.ts";
import { createRecordsIn } from "../functions/records/records-in-table.ts";
import type { Table } from "../functions/records/table.ts";
import type { Runtime } from "../functions/runtime/runtime.ts";
import {
  deploymentOf,
  stateMachineArn,
  sweepStateMachineArn,
  tableName,
} from "../stacks/definitions/deployment.ts";

/** Where all that operators see comes from. Nothing here changes anything. */
export interface QuerySources {
  modelCards: ModelCards;
  modelCardPages: ModelCardPages;
  cardVersions: Pick<CardVersions, "list">;
  resourceSharing: Pick<ResourceSharing, "liveAccess" | "principalsOf" | "principalsOfShares">;
  records: Pick<PromotionRecords, "readCard" | "findRequest">;
  /** For a card's audit chain. */
  table: Pick<Table, "get" | "list">;
  tableQueries: TableQueries;
  executionPages: ExecutionPages;
  promotionArn: string;
  sweepArn: string;
  region: string;
  settings: Settings;
  now: () => Date;
}

/**
 * @param runtime - With the credentials of who looks.
 * @param region - Of the cards.
 */
export function createQuerySources(runtime: Runtime, region: string): QuerySources {
  const { settings, now } = runtime;
  const deployment = deploymentOf(settings, "", region);
  const table = runtime.table ?? createDynamoDbTable(runtime, tableName);
  return {
    modelCards: createModelCards(runtime),
    modelCardPages: createModelCardPages(runtime),
    cardVersions: createCardVersions(runtime),
    resourceSharing: createResourceSharing(runtime),
    records: createRecordsIn(table),
    table,
    tableQueries: createTableQueries(runtime, tableName),
    executionPages: createExecutionPages(runtime),
    promotionArn: stateMachineArn(deployment),
    sweepArn: sweepStateMachineArn(deployment),
    region,
    settings,
    now,
  };
}
