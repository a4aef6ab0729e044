import type { Call } from "../wire/caller.ts";
import type { Permission } from "../wire/operation.ts";

/** The IAM action of each member of a transaction; there is none for the transaction itself. */
const transactionActions: Record<string, string> = {
  ConditionCheck: "ConditionCheckItem",
  Put: "PutItem",
  Delete: "DeleteItem",
  Update: "UpdateItem",
  Get: "GetItem",
};

/**
 * What a request needs, read from the raw request: DynamoDB refuses an unauthorised caller before it looks closer.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function requiredPermissions(operation: string, input: object, call: Call): Permission[] {
  const members = new Map<string, unknown>(Object.entries(input));
  const tableArn = (name: string) => `arn:aws:dynamodb:${call.region}:${call.caller.accountId}:table/${name}`;
  const action = `dynamodb:${operation}`;

  const items = members.get("TransactItems");
  if (Array.isArray(items)) {
    const needed = items.flatMap((item) =>
      Object.entries(Object(item)).map(([kind, member]) => ({
        action: `dynamodb:${transactionActions[kind] ?? operation}`,
        resource: tableArn(String(Object(member).TableName)),
      })),
    );
    return needed.length === 0 ? [{ action, resource: "*" }] : distinct(needed);
  }
  const requests = members.get("RequestItems");
  const batchTables = typeof requests === "object" && requests !== null ? Object.keys(requests) : [];
  if (batchTables.length > 0) return batchTables.map((name) => ({ action, resource: tableArn(name) }));

  const { TableName, IndexName, ResourceArn } = Object.fromEntries(members);
  if (typeof ResourceArn === "string") return [{ action, resource: ResourceArn }];
  if (typeof TableName !== "string") return [{ action, resource: "*" }];
  const index = typeof IndexName === "string" ? `/index/${IndexName}` : "";
  return [{ action, resource: tableArn(TableName) + index }];
}

/** The tables that a request reads or writes items of. */
export function tableNames(input: object): string[] {
  const members = new Map<string, unknown>(Object.entries(input));
  const items = members.get("TransactItems");
  const inTransaction = Array.isArray(items)
    ? items.flatMap((item) => Object.values(Object(item)).map((member) => Object(member).TableName))
    : [];
  const names = [
    members.get("TableName"),
    ...Object.keys(Object(members.get("RequestItems"))),
    ...inTransaction,
  ];
  return [...new Set(names.filter((name) => typeof name === "string"))];
}

function distinct(permissions: Permission[]): Permission[] {
  const byName = new Map(
    permissions.map((permission) => [`${permission.action} ${permission.resource}`, permission]),
  );
  return [...byName.values()];
}
