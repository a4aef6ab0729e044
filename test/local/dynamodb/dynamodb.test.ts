import { crc32 } from "node:zlib";
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { createDynamoDb } from "../../../local/dynamodb/dynamodb.ts";
import type { Permission } from "../../../local/wire/operation.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

const location = { accountId: "111111111111", region: "eu-central-1" };
const tableArn = "arn:aws:dynamodb:eu-central-1:111111111111:table/requests";
const TableName = "requests";

const requestsTable = {
  TableName,
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "N" },
    { AttributeName: "status", AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  BillingMode: "PAY_PER_REQUEST",
  GlobalSecondaryIndexes: [
    {
      IndexName: "byStatus",
      KeySchema: [{ AttributeName: "status", KeyType: "HASH" }],
      Projection: { ProjectionType: "ALL" },
    },
  ],
} satisfies CreateTableCommandInput;

function setUp(timeToLiveAttribute?: string) {
  const context = testContext();
  const dynamoDb = createDynamoDb(context);
  dynamoDb.createTable({
    ...location,
    table: requestsTable,
    ...(timeToLiveAttribute === undefined ? {} : { timeToLiveAttribute }),
  });
  const client = new DynamoDBClient(sdkClientSettings(dynamoDb.service, { log: context.log }));
  return { context, dynamoDb, client };
}

const key = (pk: string, sk = 1) => ({ pk: { S: pk }, sk: { N: String(sk) } });
const put = (pk: string, more: PutItemCommand["input"]["Item"] = {}) =>
  new PutItemCommand({ TableName, Item: { ...key(pk), ...more } });
const get = (pk: string) => new GetItemCommand({ TableName, Key: key(pk) });

describe("items", () => {
  it("are put, read, updated and deleted", async () => {
    const { client } = setUp();

    await client.send(put("a", { count: { N: "1" }, data: { B: new Uint8Array([1, 2]) } }));
    const updated = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key("a"),
        UpdateExpression: "SET #c = #c + :one, seen = list_append(if_not_exists(seen, :none), :name)",
        ExpressionAttributeNames: { "#c": "count" },
        ExpressionAttributeValues: { ":one": { N: "1" }, ":none": { L: [] }, ":name": { L: [{ S: "x" }] } },
        ReturnValues: "ALL_NEW",
      }),
    );
    const read = await client.send(get("a"));
    const deleted = await client.send(
      new DeleteItemCommand({ TableName, Key: key("a"), ReturnValues: "ALL_OLD" }),
    );
    const gone = await client.send(get("a"));

    const item = {
      ...key("a"),
      count: { N: "2" },
      data: { B: new Uint8Array([1, 2]) },
      seen: { L: [{ S: "x" }] },
    };
    expect(updated.Attributes).toStrictEqual(item);
    expect(read.Item).toStrictEqual(item);
    expect(deleted.Attributes).toStrictEqual(item);
    expect(gone.Item).toBeUndefined();
  });

  it("are queried in the order of the range key, page by page, and by index", async () => {
    const { client } = setUp();
    for (const sk of [3, -20, 100, 2.5]) {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: { ...key("a", sk), status: { S: sk > 2.7 ? "open" : "done" } },
        }),
      );
    }
    const query = {
      TableName,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "a" } },
    };

    const first = await client.send(new QueryCommand({ ...query, Limit: 3 }));
    const second = await client.send(
      new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }),
    );
    const backwards = await client.send(new QueryCommand({ ...query, ScanIndexForward: false, Limit: 1 }));
    const open = await client.send(
      new QueryCommand({
        TableName,
        IndexName: "byStatus",
        KeyConditionExpression: "#s = :open",
        ExpressionAttributeNames: { "#s": "status" },
        ExpressionAttributeValues: { ":open": { S: "open" } },
      }),
    );
    const scanned = await client.send(
      new ScanCommand({
        TableName,
        FilterExpression: "sk < :zero",
        ExpressionAttributeValues: { ":zero": { N: "0" } },
      }),
    );

    const numbers = (items: typeof first.Items) => items?.map(({ sk }) => sk?.N);
    expect(numbers(first.Items)).toStrictEqual(["-20", "2.5", "3"]);
    expect(numbers(second.Items)).toStrictEqual(["100"]);
    expect(second.LastEvaluatedKey).toBeUndefined();
    expect(numbers(backwards.Items)).toStrictEqual(["100"]);
    expect(new Set(numbers(open.Items))).toStrictEqual(new Set(["3", "100"]));
    expect(scanned).toMatchObject({ Count: 1, ScannedCount: 4 });
  });

  it("are written and read in batches", async () => {
    const { client } = setUp();

    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: [{ PutRequest: { Item: key("a") } }, { PutRequest: { Item: key("b") } }],
        },
      }),
    );
    const { Responses } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key("a"), key("b"), key("c")] } } }),
    );

    expect(Responses?.[TableName]).toHaveLength(2);
  });

  it("are put once when many callers put them on the condition that they do not exist", async () => {
    const { client } = setUp();
    const decide = (by: string) =>
      client.send(
        new PutItemCommand({
          TableName,
          Item: { ...key("a"), by: { S: by } },
          ConditionExpression: "attribute_not_exists(pk)",
        }),
      );

    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => decide(`${index}`)));

    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(19);
  });

  it("come with the error of a failed condition on demand", async () => {
    const { client } = setUp();
    await client.send(put("a", { by: { S: "first" } }));
    const condition = { TableName, ConditionExpression: "attribute_not_exists(pk)" };
    const onFailure = { ...condition, ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
    const update = {
      Key: key("a"),
      UpdateExpression: "SET #b = :b",
      ExpressionAttributeNames: { "#b": "by" },
      ExpressionAttributeValues: { ":b": { S: "second" } },
    };

    const failed = await Promise.allSettled([
      client.send(new PutItemCommand({ ...onFailure, Item: key("a") })),
      client.send(new DeleteItemCommand({ ...onFailure, Key: key("a") })),
      client.send(new UpdateItemCommand({ ...onFailure, ...update })),
      client.send(new PutItemCommand({ ...condition, Item: key("a") })),
    ]);

    const item = { ...key("a"), by: { S: "first" } };
    const errors = failed.map((outcome) => Object(outcome).reason);
    expect(errors.map((error) => error instanceof ConditionalCheckFailedException)).toStrictEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(errors.map(({ message }) => message)).toStrictEqual(
      errors.map(() => "The conditional request failed"),
    );
    expect(errors.map(({ Item }) => Item)).toStrictEqual([item, item, item, undefined]);
  });

  it("are kept apart by account and Region", async () => {
    const { dynamoDb, client } = setUp();
    await client.send(put("a"));
    const other = new DynamoDBClient(sdkClientSettings(dynamoDb.service, { accountId: "222222222222" }));
    const elsewhere = new DynamoDBClient(sdkClientSettings(dynamoDb.service, { region: "us-east-1" }));

    await other.send(new CreateTableCommand(requestsTable));

    expect((await other.send(get("a"))).Item).toBeUndefined();
    await expect(elsewhere.send(get("a"))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
  });

  it.each([
    [
      new GetItemCommand({ TableName, Key: { pk: { S: "a" } } }),
      "The provided key element does not match the schema",
    ],
    [
      new UpdateItemCommand({ TableName, Key: key("a"), UpdateExpression: "SET #x = :x" }),
      /^Invalid UpdateExpression: An expression attribute name used in the document path is not defined/,
    ],
    [
      new QueryCommand({
        TableName,
        KeyConditionExpression: "sk = :s",
        ExpressionAttributeValues: { ":s": { N: "1" } },
      }),
      "Query condition missed key schema element: pk",
    ],
  ])("are refused in DynamoDB's words, case %#", async (command, text) => {
    const { client } = setUp();

    const sent = client.send(Object(command));

    await expect(sent).rejects.toMatchObject({ name: "ValidationException" });
    await expect(sent).rejects.toThrow(text);
  });
});

describe("tables", () => {
  it("are described with AWS's members, usable at once", async () => {
    const { context, client } = setUp();
    const created = await client.send(
      new CreateTableCommand({
        ...requestsTable,
        TableName: "other",
        Tags: [{ Key: "app", Value: "cardway" }],
      }),
    );
    await client.send(new PutItemCommand({ TableName: "other", Item: key("a") }));

    const { Table } = await client.send(new DescribeTableCommand({ TableName: "other" }));

    expect(created.TableDescription?.TableStatus).toBe("CREATING");
    expect(Table).toMatchObject({
      TableName: "other",
      TableArn: "arn:aws:dynamodb:eu-central-1:111111111111:table/other",
      TableStatus: "ACTIVE",
      CreationDateTime: context.clock.now(),
      ItemCount: 1,
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      DeletionProtectionEnabled: false,
      KeySchema: requestsTable.KeySchema,
      GlobalSecondaryIndexes: [
        {
          IndexName: "byStatus",
          IndexStatus: "ACTIVE",
          IndexArn: "arn:aws:dynamodb:eu-central-1:111111111111:table/other/index/byStatus",
        },
      ],
    });
  });

  it("are listed page by page", async () => {
    const { client } = setUp();
    await client.send(new CreateTableCommand({ ...requestsTable, TableName: "cards" }));

    const first = await client.send(new ListTablesCommand({ Limit: 1 }));
    const second = await client.send(
      new ListTablesCommand({ ExclusiveStartTableName: first.LastEvaluatedTableName }),
    );

    expect(first).toMatchObject({ TableNames: ["cards"], LastEvaluatedTableName: "cards" });
    expect(second.TableNames).toStrictEqual(["requests"]);
  });

  it("are deleted with their items, unless protected", async () => {
    const { client } = setUp();
    await client.send(put("a"));
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
    await expect(client.send(new DeleteTableCommand({ TableName }))).rejects.toThrow(
      "Resource cannot be deleted as it is currently protected against deletion",
    );
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));

    await client.send(new DeleteTableCommand({ TableName }));
    await expect(client.send(new DescribeTableCommand({ TableName }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Requested resource not found: Table: requests not found",
    });
    await client.send(new CreateTableCommand(requestsTable));

    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(0);
  });

  it("keep tags", async () => {
    const { client } = setUp();
    const ResourceArn = tableArn;

    await client.send(
      new TagResourceCommand({
        ResourceArn,
        Tags: [
          { Key: "app", Value: "cardway" },
          { Key: "stage", Value: "test" },
        ],
      }),
    );
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["stage"] }));

    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn }));
    expect(Tags).toStrictEqual([{ Key: "app", Value: "cardway" }]);
  });

  it.each([
    [{ ...requestsTable }, "ResourceInUseException", "Table already exists: requests"],
    [{ ...requestsTable, TableName: "ab" }, "ValidationException", /at least 3 characters long/],
    [{ ...requestsTable, TableName: "a b c" }, "ValidationException", /regular expression pattern/],
    [
      { ...requestsTable, TableName: "other", GlobalSecondaryIndexes: undefined },
      "ValidationException",
      /Number of attributes in KeySchema/,
    ],
  ])("are refused in DynamoDB's words, case %#", async (input, name, text) => {
    const { client } = setUp();

    const created = client.send(new CreateTableCommand(input));

    await expect(created).rejects.toMatchObject({ name });
    await expect(created).rejects.toThrow(text);
  });

  it.each([
    [{ StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" } }, "streamSpecification"],
    [{ SSESpecification: { Enabled: true } }, "SSESpecification"],
    [{ TableClass: "STANDARD_INFREQUENT_ACCESS" }, "TableClass"],
    [{ ResourcePolicy: "{}" }, "ResourcePolicy"],
    [
      {
        GlobalSecondaryIndexes: requestsTable.GlobalSecondaryIndexes.map((index) => ({
          ...index,
          OnDemandThroughput: { MaxReadRequestUnits: 1 },
        })),
      },
      "GlobalSecondaryIndexes.OnDemandThroughput",
    ],
  ] satisfies [Partial<CreateTableCommandInput>, string][])(
    "are refused with a log line when they need what is not modelled, case %#",
    async (changes, member) => {
      const { context, client } = setUp();

      const created = client.send(
        new CreateTableCommand({ ...requestsTable, TableName: "other", ...changes }),
      );

      await expect(created).rejects.toMatchObject({ name: "ValidationException" });
      expect(context.lines).toStrictEqual([
        expect.stringMatching(new RegExp(`^dynamodb: CreateTable with .*${member}.* is not built`, "i")),
      ]);
    },
  );

  it("refuse unknown members of an operation on items with a log line", async () => {
    const { context, dynamoDb, client } = setUp();
    const answer = await dynamoDb.service.handle(
      {
        method: "POST",
        path: "/",
        query: new URLSearchParams(),
        headers: { "x-amz-target": "DynamoDB_20120810.GetItem" },
        body: Buffer.from(JSON.stringify({ TableName, Key: key("a"), VectorSearch: true })),
      },
      {
        caller: { ...location, principalArn: "", arn: "", userId: "", accessKeyId: "" },
        region: location.region,
        requestId: "request",
      },
      { authorize: () => undefined, log: context.log },
    );
    const refused = client.send(new UpdateTableCommand({ TableName, BillingMode: "PAY_PER_REQUEST" }));

    expect(answer.status).toBe(400);
    expect(JSON.parse(String(answer.body))).toMatchObject({ __type: "ValidationException" });
    await expect(refused).rejects.toMatchObject({ name: "ValidationException" });
    expect(context.lines).toStrictEqual([
      "dynamodb: GetItem with VectorSearch is not built in the local endpoint",
      "dynamodb: UpdateTable with billingMode is not built in the local endpoint",
    ]);
  });

  it("answer with the checksum of the body", async () => {
    const { dynamoDb } = setUp();
    const { headers, body } = await dynamoDb.service.handle(
      {
        method: "POST",
        path: "/",
        query: new URLSearchParams(),
        headers: { "x-amz-target": "DynamoDB_20120810.PartiQL" },
        body: new Uint8Array(),
      },
      {
        caller: { ...location, principalArn: "", arn: "", userId: "", accessKeyId: "" },
        region: location.region,
        requestId: "request",
      },
      { authorize: () => undefined, log: () => undefined },
    );

    expect(JSON.parse(String(body))).toMatchObject({ __type: "UnknownOperationException" });
    expect(headers["x-amz-crc32"]).toBe(String(crc32(body)));
  });

  it("are forgotten when the database is closed", async () => {
    const { dynamoDb, client } = setUp();

    dynamoDb.close();

    expect((await client.send(new ListTablesCommand({}))).TableNames).toStrictEqual([]);
  });
});

describe("permissions", () => {
  it.each([
    [get("a"), [{ action: "dynamodb:GetItem", resource: tableArn }]],
    [
      new QueryCommand({ TableName, IndexName: "byStatus" }),
      [{ action: "dynamodb:Query", resource: `${tableArn}/index/byStatus` }],
    ],
    [
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [] }, cards: { Keys: [] } } }),
      [
        { action: "dynamodb:BatchGetItem", resource: tableArn },
        { action: "dynamodb:BatchGetItem", resource: tableArn.replace("requests", "cards") },
      ],
    ],
    [new ListTablesCommand({}), [{ action: "dynamodb:ListTables", resource: "*" }]],
    [
      new ListTagsOfResourceCommand({ ResourceArn: tableArn }),
      [{ action: "dynamodb:ListTagsOfResource", resource: tableArn }],
    ],
  ])("are asked for before anything else, case %#", async (command, permissions) => {
    const { dynamoDb } = setUp();
    const asked: Permission[] = [];
    const client = new DynamoDBClient(
      sdkClientSettings(dynamoDb.service, {
        authorize: (needed) => {
          asked.push(...needed);
          return "User: x is not authorized";
        },
      }),
    );

    await expect(client.send(Object(command))).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(asked).toStrictEqual(permissions);
  });
});

describe("time to live", () => {
  const at = (seconds: number) => ({ expiresAt: { N: String(seconds) } });

  it("removes an item when the clock has passed its time, also from indexes", async () => {
    const { context, client } = setUp("expiresAt");
    const now = context.clock.now().getTime() / 1000;
    await client.send(put("soon", { ...at(now + 60), status: { S: "open" } }));
    await client.send(put("later", { ...at(now + 120), status: { S: "open" } }));
    await client.send(put("never", { status: { S: "open" } }));
    const open = async () => {
      const { Items } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: "byStatus",
          KeyConditionExpression: "#s = :open",
          ExpressionAttributeNames: { "#s": "status" },
          ExpressionAttributeValues: { ":open": { S: "open" } },
        }),
      );
      return new Set(Items?.map(({ pk }) => pk?.S));
    };

    await context.clock.advance(60_000);
    const atItsTime = await open();
    await context.clock.advance(1);
    const afterIt = await open();
    await context.clock.advance(24 * 60 * 60 * 1000);

    expect(atItsTime).toStrictEqual(new Set(["soon", "later", "never"]));
    expect(afterIt).toStrictEqual(new Set(["later", "never"]));
    expect(await open()).toStrictEqual(new Set(["never"]));
  });

  it("follows updates of the attribute", async () => {
    const { context, client } = setUp("expiresAt");
    const now = context.clock.now().getTime() / 1000;
    await client.send(put("a", at(now + 10)));
    await client.send(put("b", at(now + 10)));
    const update = (UpdateExpression: string, pk: string, values?: Record<string, { N: string }>) =>
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: key(pk),
          UpdateExpression,
          ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
        }),
      );

    await update("SET expiresAt = :later", "a", { ":later": { N: String(now + 100) } });
    await update("REMOVE expiresAt", "b");
    await context.clock.advance(50_000);
    const halfway = await client.send(new ScanCommand({ TableName }));
    await context.clock.advance(51_000);

    expect(halfway.Count).toBe(2);
    expect((await client.send(get("a"))).Item).toBeUndefined();
    expect((await client.send(get("b"))).Item).toBeDefined();
  });

  it("covers the items that were there before it was enabled", async () => {
    const { context, client } = setUp();
    const now = context.clock.now().getTime() / 1000;
    await client.send(put("a", at(now + 10)));

    await client.send(
      new UpdateTimeToLiveCommand({
        TableName,
        TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      }),
    );
    await context.clock.advance(11_000);

    expect((await client.send(get("a"))).Item).toBeUndefined();
  });

  it("leaves items alone whose attribute is no number, or lies more than five years back", async () => {
    const { context, client } = setUp("expiresAt");
    await client.send(put("text", { expiresAt: { S: "1" } }));
    await client.send(put("milliseconds", at(context.clock.now().getTime())));
    await client.send(put("ancient", at(1)));

    await context.clock.advance(365 * 24 * 60 * 60 * 1000);

    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(3);
  });

  it("is described, and refuses to be switched twice", async () => {
    const { client } = setUp();
    const update = (Enabled: boolean, AttributeName = "expiresAt") =>
      client.send(
        new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName, Enabled } }),
      );
    const describeIt = async () =>
      (await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;

    const before = await describeIt();
    await expect(update(false)).rejects.toThrow("TimeToLive is already disabled");
    const enabled = await update(true);
    await expect(update(true)).rejects.toThrow("TimeToLive is already enabled");
    await expect(update(false, "other")).rejects.toThrow("TimeToLive is active on a different AttributeName");
    const after = await describeIt();
    await update(false);

    expect(before).toStrictEqual({ TimeToLiveStatus: "DISABLED" });
    expect(enabled.TimeToLiveSpecification).toStrictEqual({ AttributeName: "expiresAt", Enabled: true });
    expect(after).toStrictEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "expiresAt" });
    expect(await describeIt()).toStrictEqual({ TimeToLiveStatus: "DISABLED" });
  });
});
