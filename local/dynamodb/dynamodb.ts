import { crc32 } from "node:zlib";
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import { errorResponse } from "../wire/error-response.ts";
import type { WireRequest, WireResponse } from "../wire/http.ts";
import type { Authorize, Log, Service } from "../wire/service.ts";
import { describeInvalidInput } from "../wire/validation.ts";
import { parseJson, toWireJson } from "../wire/wire-json.ts";
import { Database } from "./database.ts";
import { runItemOperation } from "./item-request.ts";
import { isItemOperation } from "./item-operations.ts";
import { nestedTooDeep, requireSupportedAttributes } from "./attribute-support.ts";
import { UnmodelledMemberError } from "./modelled-members.ts";
import { requiredPermissions, tableNames } from "./permissions.ts";
import { tableOperations } from "./table-operations.ts";
import type { TableOperation } from "./table-operations.ts";
import { timeToLiveOperations } from "./time-to-live.ts";
import { transactGetItems } from "./transact-get-items.ts";
import { transactWriteItems } from "./transact-write-items.ts";

export interface DynamoDb {
  service: Service;
  /**
   * Creates a table in process, as the deployment of a stack does. It is usable at once.
   *
   * @param request.timeToLiveAttribute - Attribute with an item's expiry in epoch seconds; none if left out.
   * @throws {AwsError} `ResourceInUseException`, `ValidationException`.
   */
  createTable(request: {
    accountId: string;
    region: string;
    table: CreateTableCommandInput;
    timeToLiveAttribute?: string;
  }): { tableName: string; tableArn: string };
  /** Forgets all tables. */
  close(): void;
}

const targetPrefix = "DynamoDB_20120810";

const ownOperations: Record<string, TableOperation> = {
  ...tableOperations,
  ...timeToLiveOperations,
  TransactGetItems: transactGetItems,
  TransactWriteItems: transactWriteItems,
};

/**
 * Amazon DynamoDB in memory: dynalite's expressions, validations and item actions on tables of our own, which add
 * what dynalite lacks: accounts and Regions, transactions, time to live and the item of a failed condition.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html
 */
export function createDynamoDb(context: LocalContext): DynamoDb {
  const databases = new Map<string, Database>();

  function databaseOf(location: { accountId: string; region: string }): Database {
    const id = `${location.accountId}/${location.region}`;
    let database = databases.get(id);
    if (database === undefined) {
      database = new Database(context, location);
      databases.set(id, database);
    }
    return database;
  }

  async function run(request: WireRequest, call: Call, authorize: Authorize, log: Log): Promise<object> {
    const name = (request.headers["x-amz-target"] ?? "").slice(targetPrefix.length + 1);
    const isOwn = Object.hasOwn(ownOperations, name);
    if (request.method !== "POST" || !(isOwn || isItemOperation(name))) {
      log(
        `dynamodb: ${request.method} ${name === "" ? "without an operation" : name} is not built in the local endpoint`,
      );
      throw new AwsError("UnknownOperationException", "", request.method === "POST" ? 400 : 404);
    }
    const input = parseJson(request.body, nestedTooDeep);
    const refusal = authorize(requiredPermissions(name, input, call), call);
    if (refusal !== undefined) throw new AwsError("AccessDeniedException", refusal);
    const database = databaseOf({ accountId: call.caller.accountId, region: call.region });
    try {
      requireSupportedAttributes(input);
      database.deleteExpired(tableNames(input));
      if (isItemOperation(name)) return await runItemOperation(database, name, input);
      return runOwn(database, name, input, log);
    } catch (error) {
      if (error instanceof UnmodelledMemberError) {
        log(`dynamodb: ${name} with ${error.member} is not built in the local endpoint`);
      }
      throw error;
    }
  }

  return {
    service: {
      signingName: "dynamodb",
      targetPrefix,
      async handle(request, call, { authorize, log }) {
        try {
          const body = toWireJson(await run(request, call, authorize, log));
          const headers = { "content-type": "application/x-amz-json-1.0" };
          return withChecksum({ status: 200, headers, body });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          return withChecksum(errorResponse(error, { protocol: "aws-json-1.0", requestId: call.requestId }));
        }
      },
    },
    createTable({ accountId, region, table, timeToLiveAttribute }) {
      const database = databaseOf({ accountId, region });
      runOwn(database, "CreateTable", structuredClone(table), context.log);
      const tableName = table.TableName ?? "";
      if (timeToLiveAttribute !== undefined) {
        database.table(tableName).enableTimeToLive(timeToLiveAttribute, context.clock.now());
        database.tables.touch(tableName);
      }
      return { tableName, tableArn: database.tableArn(tableName) };
    },
    close: () => databases.clear(),
  };
}

function runOwn(database: Database, name: string, input: object, log: Log): object {
  const prepared = ownOperations[name]?.prepare(input);
  if (prepared === undefined) throw new AwsError("UnknownOperationException", "");
  if ("run" in prepared) return prepared.run(database);
  // The values of a transaction are items, which no error may repeat.
  const { kind, message, notModelled } = describeInvalidInput(prepared.invalid, ["TransactItems"]);
  for (const member of notModelled)
    log(`dynamodb: ${name} with ${member} is not built in the local endpoint`);
  throw new AwsError(kind === "serialization" ? "SerializationException" : "ValidationException", message);
}

/** DynamoDB's own checksum, which some clients verify. */
function withChecksum(response: WireResponse): WireResponse {
  return {
    ...response,
    headers: { ...response.headers, "x-amz-crc32": String(crc32(response.body)) },
  };
}
