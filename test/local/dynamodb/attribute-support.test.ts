import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { createDynamoDb } from "../../../local/dynamodb/dynamodb.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";
import { callService, jsonOf, requestOf } from "../wire/service-call.ts";

const TableName = "requests";
const Key = { pk: { S: "a" } };

function setUp() {
  const context = testContext();
  const dynamoDb = createDynamoDb(context);
  dynamoDb.createTable({
    accountId: "111111111111",
    region: "eu-central-1",
    table: {
      TableName,
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    },
  });
  const client = new DynamoDBClient(sdkClientSettings(dynamoDb.service, { log: context.log }));
  const post = (operation: string, body: string) =>
    callService(
      dynamoDb.service,
      requestOf({ headers: { "x-amz-target": `DynamoDB_20120810.${operation}` }, body }),
    );
  return { client, post, lines: context.lines };
}

/** A value with a text at level `levels + 1`. */
function nested(levels: number): AttributeValue {
  let value: AttributeValue = { S: "leaf" };
  for (let level = 0; level < levels; level += 1) {
    value = level % 2 === 0 ? { M: { inner: value } } : { L: [value] };
  }
  return value;
}

const tooDeep = {
  name: "ValidationException",
  message: expect.stringContaining("Nesting Levels have exceeded supported limits"),
};

describe("attribute values", () => {
  it("nest 32 levels deep, and no deeper", async () => {
    const { client } = setUp();
    const put = (levels: number) =>
      client.send(new PutItemCommand({ TableName, Item: { ...Key, data: nested(levels) } }));

    await put(31);

    const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
    expect(Item?.["data"]).toStrictEqual(nested(31));
    await expect(put(32)).rejects.toMatchObject(tooDeep);
  });

  it("nest no deeper in expressions and transactions", async () => {
    const { client } = setUp();
    const update = {
      TableName,
      Key,
      UpdateExpression: "SET #d = :deep",
      ExpressionAttributeNames: { "#d": "data" },
      ExpressionAttributeValues: { ":deep": nested(32) },
    };

    await expect(client.send(new UpdateItemCommand(update))).rejects.toMatchObject(tooDeep);
    await expect(
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: update }] })),
    ).rejects.toMatchObject(tooDeep);
  });

  it("are refused in the same words where nothing could read them", async () => {
    const { post } = setUp();
    const value = `${'{"L":['.repeat(50_000)}{"S":"x"}${"]}".repeat(50_000)}`;

    const { response } = await post(
      "PutItem",
      `{"TableName":"requests","Item":{"pk":{"S":"a"},"a":${value}}}`,
    );

    expect(response.status).toBe(400);
    expect(jsonOf(response)).toMatchObject({ __type: tooDeep.name, message: tooDeep.message });
  });
});

describe("names that every object has", () => {
  it.each(["__proto__", "constructor", "toString"])("refuses and logs the attribute %s", async (name) => {
    const { client, post, lines } = setUp();

    const { response } = await post(
      "PutItem",
      `{"TableName":"requests","Item":{"pk":{"S":"a"},"${name}":{"S":"x"}}}`,
    );
    const nestedName = await post(
      "PutItem",
      `{"TableName":"requests","Item":{"pk":{"S":"a"},"a":{"M":{"${name}":{"S":"x"}}}}}`,
    );

    expect(jsonOf(response)).toMatchObject({
      __type: "ValidationException",
      message: `the name ${name} is not modelled by the local endpoint.`,
    });
    expect(nestedName.response.status).toBe(400);
    const asName = { TableName, Key, ExpressionAttributeNames: { "#n": name } };
    await expect(
      client.send(new GetItemCommand({ ...asName, ProjectionExpression: "#n" })),
    ).rejects.toMatchObject({ name: "ValidationException" });
    expect(lines).toStrictEqual([
      `dynamodb: GetItem with the name ${name} is not built in the local endpoint`,
    ]);
  });

  it.each([
    ["constructor = :v", ":v"],
    ["attribute_exists(a.toString)", ":v"],
  ])("refuses the condition %s", async (ConditionExpression) => {
    const { client } = setUp();
    const put = new PutItemCommand({
      TableName,
      Item: Key,
      ConditionExpression,
      ExpressionAttributeValues: { ":v": { S: "x" } },
    });

    await expect(client.send(put)).rejects.toMatchObject({
      message: expect.stringContaining("not modelled"),
    });
  });

  it("takes them as placeholders, as parts of names and as values", async () => {
    const { client } = setUp();
    await client.send(
      new PutItemCommand({
        TableName,
        Item: { ...Key, constructors: { S: "toString" }, Expression: { S: "valueOf" } },
      }),
    );

    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "pk = :constructor",
        FilterExpression: "#toString = :v",
        ExpressionAttributeNames: { "#toString": "constructors" },
        ExpressionAttributeValues: { ":constructor": { S: "a" }, ":v": { S: "toString" } },
      }),
    );

    expect(Items).toHaveLength(1);
  });
});
