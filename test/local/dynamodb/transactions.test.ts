import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { TransactWriteItem, TransactWriteItemsCommandInput } from "@aws-sdk/client-dynamodb";
import { array, assert as assertProperty, asyncProperty, boolean, integer, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { createDynamoDb } from "../../../local/dynamodb/dynamodb.ts";
import type { Permission } from "../../../local/wire/operation.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

const TableName = "requests";
const tableArn = "arn:aws:dynamodb:eu-central-1:111111111111:table/requests";

function setUp() {
  const context = testContext();
  const dynamoDb = createDynamoDb(context);
  dynamoDb.createTable({
    accountId: "111111111111",
    region: "eu-central-1",
    table: {
      TableName,
      AttributeDefinitions: [
        { AttributeName: "id", AttributeType: "S" },
        { AttributeName: "status", AttributeType: "S" },
      ],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      GlobalSecondaryIndexes: [
        {
          IndexName: "byStatus",
          KeySchema: [{ AttributeName: "status", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    },
  });
  const client = new DynamoDBClient(sdkClientSettings(dynamoDb.service));
  const write = (TransactItems: TransactWriteItem[], more: Partial<TransactWriteItemsCommandInput> = {}) =>
    client.send(new TransactWriteItemsCommand({ TransactItems, ...more }));
  const items = async (IndexName?: string) => {
    const { Items } = await client.send(new ScanCommand({ TableName, IndexName }));
    return Object.fromEntries((Items ?? []).map((item) => [item.id?.S, item]));
  };
  return { context, dynamoDb, client, write, items };
}

const put = (id: string, status = "open", more: object = {}): TransactWriteItem => ({
  Put: { TableName, Item: { id: { S: id }, status: { S: status } }, ...more },
});
const ifNew = { ConditionExpression: "attribute_not_exists(id)" };
const Key = (id: string) => ({ id: { S: id } });
const setStatus = (id: string, status: object): TransactWriteItem => ({
  Update: {
    TableName,
    Key: Key(id),
    UpdateExpression: "SET #s = :s",
    ExpressionAttributeNames: { "#s": "status" },
    ExpressionAttributeValues: { ":s": Object(status) },
  },
});

describe("TransactWriteItems", () => {
  it("carries out Put, Update, Delete and ConditionCheck together", async () => {
    const { client, write, items } = setUp();
    for (const id of ["changed", "deleted", "checked"]) {
      await client.send(new PutItemCommand({ TableName, Item: { ...Key(id), status: { S: "open" } } }));
    }

    await write([
      put("new"),
      setStatus("changed", { S: "done" }),
      { Delete: { TableName, Key: Key("deleted") } },
      { ConditionCheck: { TableName, Key: Key("checked"), ConditionExpression: "attribute_exists(id)" } },
    ]);

    expect(await items()).toStrictEqual({
      new: { ...Key("new"), status: { S: "open" } },
      changed: { ...Key("changed"), status: { S: "done" } },
      checked: { ...Key("checked"), status: { S: "open" } },
    });
    expect(await items("byStatus")).toStrictEqual(await items());
  });

  it("writes nothing when a condition fails, and says which", async () => {
    const { write, items } = setUp();
    await write([put("taken", "first")]);

    const failed = write([
      put("new", "open", ifNew),
      put("taken", "second", { ...ifNew, ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
      { ConditionCheck: { TableName, Key: Key("absent"), ConditionExpression: "attribute_exists(id)" } },
    ]);

    await expect(failed).rejects.toBeInstanceOf(TransactionCanceledException);
    await expect(failed).rejects.toMatchObject({
      message:
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]",
      CancellationReasons: [
        { Code: "None" },
        {
          Code: "ConditionalCheckFailed",
          Message: "The conditional request failed",
          Item: { ...Key("taken"), status: { S: "first" } },
        },
        { Code: "ConditionalCheckFailed", Message: "The conditional request failed" },
      ],
    });
    expect(Object.keys(await items())).toStrictEqual(["taken"]);
  });

  it("takes back what it wrote when a later update fails on the values that it finds", async () => {
    const { write, items } = setUp();
    await write([put("old", "open"), put("kept", "open")]);
    const before = await items();

    const failed = write([
      put("new"),
      put("old", "changed"),
      { Delete: { TableName, Key: Key("kept") } },
      {
        Update: {
          TableName,
          Key: Key("bad"),
          UpdateExpression: "SET n = n + :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        },
      },
    ]);

    await expect(failed).rejects.toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [
        { Code: "None" },
        { Code: "None" },
        { Code: "None" },
        {
          Code: "ValidationError",
          Message: "The provided expression refers to an attribute that does not exist in the item",
        },
      ],
    });
    expect(await items()).toStrictEqual(before);
    expect(await items("byStatus")).toStrictEqual(before);
  });

  it("is all or nothing whatever it consists of", async () => {
    const action = record({ id: integer({ min: 0, max: 5 }), onlyIfNew: boolean(), badType: boolean() });

    await assertProperty(
      asyncProperty(array(array(action, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), async (plan) => {
        const { write, items } = setUp();
        let expected: Record<string, unknown> = {};
        for (const [round, actions] of plan.entries()) {
          const ids = actions.map(({ id }) => `i${id}`);
          const isRefused =
            new Set(ids).size < ids.length ||
            actions.some(({ id, onlyIfNew, badType }) => badType || (onlyIfNew && `i${id}` in expected));
          const status = `round ${round}`;
          const written = await write(
            actions.map(({ id, onlyIfNew, badType }) => {
              if (badType) return setStatus(`i${id}`, { N: "1" });
              return put(`i${id}`, status, onlyIfNew ? ifNew : {});
            }),
          ).then(
            () => true,
            () => false,
          );
          if (!isRefused) {
            const changes = ids.map((id) => [id, { ...Key(id), status: { S: status } }]);
            expected = { ...expected, ...Object.fromEntries(changes) };
          }

          expect(written).toBe(!isRefused);
          expect(await items()).toStrictEqual(expected);
          expect(await items("byStatus")).toStrictEqual(expected);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("does the same thing once for ten minutes when the token is the same", async () => {
    const { context, client, write, items } = setUp();
    const ClientRequestToken = "token";
    await write([put("a", "open", ifNew)], { ClientRequestToken });
    await client.send(new PutItemCommand({ TableName, Item: { ...Key("a"), status: { S: "changed" } } }));

    await write([put("a", "open", ifNew)], { ClientRequestToken });
    const other = write([put("b", "open", ifNew)], { ClientRequestToken });

    await expect(other).rejects.toMatchObject({ name: "IdempotentParameterMismatchException" });
    expect(await items()).toStrictEqual({ a: { ...Key("a"), status: { S: "changed" } } });
    await context.clock.advance(10 * 60 * 1000);
    await expect(write([put("a", "open", ifNew)], { ClientRequestToken })).rejects.toMatchObject({
      name: "TransactionCanceledException",
    });
  });

  it("tries again with the same token after it was cancelled", async () => {
    const { write, items } = setUp();
    const ClientRequestToken = "token";
    const check = {
      ConditionCheck: { TableName, Key: Key("flag"), ConditionExpression: "attribute_exists(id)" },
    };
    await expect(write([put("a"), check], { ClientRequestToken })).rejects.toThrow("Transaction cancelled");
    await write([put("flag")]);

    await write([put("a"), check], { ClientRequestToken });

    expect(Object.keys(await items()).sort()).toStrictEqual(["a", "flag"]);
  });

  it.each([
    ["no action", [], "ValidationException", /length greater than or equal to 1/],
    [
      "101 actions",
      Array.from({ length: 101 }, (_, index) => put(`${index}`)),
      "ValidationException",
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100",
    ],
    [
      "two actions in one",
      [{ ...put("a"), ...setStatus("b", { S: "x" }) }],
      "ValidationException",
      /only contain one/,
    ],
    [
      "two actions on one item",
      [put("a"), setStatus("a", { S: "x" })],
      "ValidationException",
      "Transaction request cannot include multiple operations on one item",
    ],
    [
      "an unknown table",
      [{ Put: { TableName: "nothing", Item: Key("a") } }],
      "ResourceNotFoundException",
      "Requested resource not found",
    ],
    [
      "an expression that cannot be parsed",
      [put("a", "open", { ConditionExpression: "id ==" })],
      "ValidationException",
      /^Invalid ConditionExpression: Syntax error/,
    ],
    [
      "a key that does not fit",
      [{ Delete: { TableName, Key: { other: { S: "a" } } } }],
      "TransactionCanceledException",
      /\[ValidationError\]$/,
    ],
  ] satisfies [string, TransactWriteItem[], string, string | RegExp][])(
    "refuses %s",
    async (_case, actions, name, text) => {
      const { write, items } = setUp();

      const refused = write(actions);

      await expect(refused).rejects.toMatchObject({ name });
      await expect(refused).rejects.toThrow(text);
      expect(await items()).toStrictEqual({});
    },
  );

  it("reports twice the capacity of single writes", async () => {
    const { write } = setUp();

    const { ConsumedCapacity } = await write([put("a"), put("b")], { ReturnConsumedCapacity: "TOTAL" });

    expect(ConsumedCapacity).toStrictEqual([{ TableName, CapacityUnits: 4, WriteCapacityUnits: 4 }]);
  });

  it("asks for the permission of each action on its table", async () => {
    const { dynamoDb } = setUp();
    const asked: Permission[] = [];
    const client = new DynamoDBClient(
      sdkClientSettings(dynamoDb.service, { authorize: (needed) => void asked.push(...needed) }),
    );

    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          put("a"),
          put("b"),
          setStatus("c", { S: "x" }),
          { Delete: { TableName, Key: Key("d") } },
          { ConditionCheck: { TableName, Key: Key("e"), ConditionExpression: "attribute_not_exists(id)" } },
        ],
      }),
    );

    expect(asked).toStrictEqual(
      ["PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"].map((name) => ({
        action: `dynamodb:${name}`,
        resource: tableArn,
      })),
    );
  });
});

describe("TransactGetItems", () => {
  it("reads items in the order asked for, with gaps", async () => {
    const { client, write } = setUp();
    await write([put("a"), put("b", "done")]);
    const Get = (id: string) => ({ Get: { TableName, Key: Key(id) } });

    const { Responses, ConsumedCapacity } = await client.send(
      new TransactGetItemsCommand({
        TransactItems: [
          Get("b"),
          Get("none"),
          { Get: { TableName, Key: Key("a"), ProjectionExpression: "id" } },
        ],
        ReturnConsumedCapacity: "TOTAL",
      }),
    );

    expect(Responses).toStrictEqual([
      { Item: { ...Key("b"), status: { S: "done" } } },
      {},
      { Item: Key("a") },
    ]);
    expect(ConsumedCapacity).toStrictEqual([{ TableName, CapacityUnits: 6, ReadCapacityUnits: 6 }]);
  });

  it("is cancelled when a key does not fit", async () => {
    const { client } = setUp();

    const refused = client.send(
      new TransactGetItemsCommand({
        TransactItems: [
          { Get: { TableName, Key: Key("a") } },
          { Get: { TableName, Key: { other: { S: "a" } } } },
        ],
      }),
    );

    await expect(refused).rejects.toMatchObject({
      name: "TransactionCanceledException",
      CancellationReasons: [
        { Code: "None" },
        { Code: "ValidationError", Message: "The provided key element does not match the schema" },
      ],
    });
  });

  it("never sees a transaction half done", async () => {
    const { client, write } = setUp();
    await write([put("a", "0"), put("b", "0")]);

    const writes = Array.from({ length: 50 }, (_, round) =>
      write([put("a", `${round}`), put("b", `${round}`)]),
    );
    const reads = await Promise.all(
      Array.from({ length: 50 }, () =>
        client.send(
          new TransactGetItemsCommand({
            TransactItems: ["a", "b"].map((id) => ({ Get: { TableName, Key: Key(id) } })),
          }),
        ),
      ),
    );
    await Promise.all(writes);

    expect(reads.map(({ Responses }) => Responses?.[0]?.Item?.status)).toStrictEqual(
      reads.map(({ Responses }) => Responses?.[1]?.Item?.status),
    );
    expect((await client.send(new GetItemCommand({ TableName, Key: Key("a") }))).Item).toBeDefined();
  });
});
