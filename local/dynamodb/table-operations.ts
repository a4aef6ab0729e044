import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Database } from "./database.ts";
import { parseCreateTable } from "./item-operations.ts";
import { UnmodelledMemberError } from "./modelled-members.ts";
import { Table } from "./table.ts";
import type { TableDescription } from "./table.ts";

/** An operation that this folder carries out itself. */
export interface TableOperation {
  prepare(input: object): { invalid: z.ZodError } | { run(database: Database): object };
}

export function tableOperation<Schema extends z.ZodType>(
  schema: Schema,
  run: (input: z.output<Schema>, database: Database) => object,
): TableOperation {
  return {
    prepare(input) {
      const parsed = schema.safeParse(input, { reportInput: true });
      if (!parsed.success) return { invalid: parsed.error };
      return { run: (database) => run(parsed.data, database) };
    },
  };
}

export const TableNameSchema = z
  .string()
  .min(3)
  .max(255)
  .regex(/^[a-zA-Z0-9_.-]+$/);
const TableSchema = z.strictObject({ TableName: TableNameSchema });
const TagSchema = z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) });

/** What `CreateTable` takes beyond what dynalite validates, each of them only as far as it is modelled. */
const CreateTableExtrasSchema = z.looseObject({
  Tags: z.array(TagSchema).default([]),
  DeletionProtectionEnabled: z.boolean().default(false),
  StreamSpecification: z.strictObject({ StreamEnabled: z.boolean() }).optional(),
  SSESpecification: z.strictObject({ Enabled: z.boolean() }).optional(),
  TableClass: z.string().default("STANDARD"),
});

/** What dynalite has validated, as far as it becomes part of the description. */
const DescriptionSchema = z.object({
  TableName: z.string(),
  KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.string() })),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  BillingMode: z.string().default("PROVISIONED"),
  ProvisionedThroughput: z
    .object({ ReadCapacityUnits: z.number(), WriteCapacityUnits: z.number() })
    .default({ ReadCapacityUnits: 0, WriteCapacityUnits: 0 }),
  LocalSecondaryIndexes: z.array(indexSchema()).optional(),
  GlobalSecondaryIndexes: z.array(indexSchema()).optional(),
});

/** The operations on tables, without time to live. */
export const tableOperations: Record<string, TableOperation> = {
  CreateTable: tableOperation(CreateTableExtrasSchema, (input, database) => {
    const description = createTable(input, database);
    // AWS answers while the table is still being made; here it is usable at once.
    return { TableDescription: { ...described(description, 0), TableStatus: "CREATING" } };
  }),
  DescribeTable: tableOperation(TableSchema, ({ TableName }, database) => {
    const table = namedTable(database, TableName);
    return { Table: described(table.description, table.itemCount) };
  }),
  ListTables: tableOperation(
    z.strictObject({
      ExclusiveStartTableName: TableNameSchema.optional(),
      Limit: z.int().min(1).max(100).default(100),
    }),
    ({ ExclusiveStartTableName, Limit }, database) => {
      const names = [...database.tables.keys()]
        .filter((name) => ExclusiveStartTableName === undefined || name > ExclusiveStartTableName)
        .sort();
      const page = names.slice(0, Limit);
      return {
        TableNames: page,
        ...(names.length > page.length ? { LastEvaluatedTableName: page.at(-1) } : {}),
      };
    },
  ),
  UpdateTable: tableOperation(
    z.strictObject({ TableName: TableNameSchema, DeletionProtectionEnabled: z.boolean() }),
    ({ TableName, DeletionProtectionEnabled }, database) => {
      const table = namedTable(database, TableName);
      table.description.DeletionProtectionEnabled = DeletionProtectionEnabled;
      database.tables.touch(TableName);
      const description = described(table.description, table.itemCount);
      return { TableDescription: { ...description, TableStatus: "UPDATING" } };
    },
  ),
  DeleteTable: tableOperation(TableSchema, ({ TableName }, database) => {
    const table = namedTable(database, TableName);
    if (table.description.DeletionProtectionEnabled) {
      throw new AwsError(
        "ValidationException",
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
      );
    }
    const description = described(table.description, table.itemCount);
    table.deleteAll();
    database.tables.delete(TableName);
    return { TableDescription: { ...description, TableStatus: "DELETING" } };
  }),
  TagResource: tableOperation(
    z.strictObject({ ResourceArn: z.string(), Tags: z.array(TagSchema) }),
    ({ ResourceArn, Tags }, database) => {
      const { tags, description } = tableOfArn(database, ResourceArn);
      for (const { Key, Value } of Tags) tags.set(Key, Value);
      database.tables.touch(description.TableName);
      return {};
    },
  ),
  UntagResource: tableOperation(
    z.strictObject({ ResourceArn: z.string(), TagKeys: z.array(z.string()) }),
    ({ ResourceArn, TagKeys }, database) => {
      const { tags, description } = tableOfArn(database, ResourceArn);
      for (const key of TagKeys) tags.delete(key);
      database.tables.touch(description.TableName);
      return {};
    },
  ),
  ListTagsOfResource: tableOperation(
    z.strictObject({ ResourceArn: z.string(), NextToken: z.string().optional() }),
    ({ ResourceArn }, database) => ({
      Tags: [...tableOfArn(database, ResourceArn).tags].map(([Key, Value]) => ({ Key, Value })),
    }),
  ),
};

function createTable(input: z.output<typeof CreateTableExtrasSchema>, database: Database): TableDescription {
  const { Tags, DeletionProtectionEnabled, StreamSpecification, SSESpecification, TableClass, ...rest } =
    input;
  if (StreamSpecification?.StreamEnabled === true) throw new UnmodelledMemberError("StreamSpecification");
  if (SSESpecification?.Enabled === true) throw new UnmodelledMemberError("SSESpecification");
  if (TableClass !== "STANDARD") throw new UnmodelledMemberError("TableClass");
  const valid = DescriptionSchema.parse(parseCreateTable(database.store, rest));
  const { TableName, BillingMode, ProvisionedThroughput } = valid;
  if (database.tables.has(TableName)) {
    throw new AwsError("ResourceInUseException", `Table already exists: ${TableName}`);
  }
  const { clock, newId } = database.context;
  const TableArn = database.tableArn(TableName);
  const index = (definition: z.output<ReturnType<typeof indexSchema>>) => ({
    ...definition,
    IndexArn: `${TableArn}/index/${definition.IndexName}`,
    IndexStatus: "ACTIVE",
  });
  const description = {
    AttributeDefinitions: valid.AttributeDefinitions,
    TableName,
    KeySchema: valid.KeySchema,
    TableStatus: "ACTIVE",
    CreationDateTime: clock.now(),
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...ProvisionedThroughput },
    TableArn,
    TableId: newId(),
    ...(BillingMode === "PAY_PER_REQUEST"
      ? { BillingModeSummary: { BillingMode, LastUpdateToPayPerRequestDateTime: clock.now() } }
      : {}),
    ...(valid.LocalSecondaryIndexes === undefined
      ? {}
      : { LocalSecondaryIndexes: valid.LocalSecondaryIndexes.map((local) => index(local)) }),
    ...(valid.GlobalSecondaryIndexes === undefined
      ? {}
      : { GlobalSecondaryIndexes: valid.GlobalSecondaryIndexes.map((global) => index(global)) }),
    DeletionProtectionEnabled,
  };
  const tags = new Map(Tags.map(({ Key, Value }) => [Key, Value]));
  const table = new Table(database.context, { description, tags, timeToLiveAttribute: undefined });
  database.tables.set(TableName, table);
  return description;
}

/** @throws {AwsError} `ResourceNotFoundException` in the words of the operations on tables. */
export function namedTable(database: Database, name: string): Table {
  const table = database.tables.get(name);
  if (table === undefined) {
    throw new AwsError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
  }
  return table;
}

function tableOfArn(database: Database, arn: string): Table {
  const table = database.tables.get(arn.slice(arn.lastIndexOf("/") + 1));
  if (table === undefined || table.description.TableArn !== arn) {
    throw new AwsError(
      "ResourceNotFoundException",
      `Requested resource not found: ResourcArn: ${arn} not found`,
    );
  }
  return table;
}

function described(description: TableDescription, itemCount: number): object {
  return { ...description, ItemCount: itemCount };
}

function indexSchema() {
  return z.object({
    IndexName: z.string(),
    KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.string() })),
    Projection: z.object({
      ProjectionType: z.string(),
      NonKeyAttributes: z.array(z.string()).optional(),
    }),
    ProvisionedThroughput: z
      .object({ ReadCapacityUnits: z.number(), WriteCapacityUnits: z.number() })
      .optional(),
  });
}
