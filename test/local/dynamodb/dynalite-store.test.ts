import { EventEmitter } from "node:events";
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import {
  array,
  assert as assertProperty,
  asyncProperty,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  option,
  record,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { createDynamoDb } from "../../../local/dynamodb/dynamodb.ts";
import { testContext } from "../sdk-request-handler.ts";

const TableName = "items";
const table = {
  TableName,
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "N" },
    { AttributeName: "color", AttributeType: "S" },
    { AttributeName: "size", AttributeType: "N" },
  ],
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  BillingMode: "PAY_PER_REQUEST",
  LocalSecondaryIndexes: [
    {
      IndexName: "bySize",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "size", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "byColor",
      KeySchema: [
        { AttributeName: "color", KeyType: "HASH" },
        { AttributeName: "size", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "ALL" },
    },
  ],
} satisfies CreateTableCommandInput;

type Send = (operation: string, input: object) => Promise<{ status: number; body: unknown }>;

/** dynalite as it comes, with its own store, through its own request listener. */
async function dynaliteAsItComes(): Promise<Send> {
  const server = dynalite({ createTableMs: 0 });
  const send: Send = (operation, input) =>
    new Promise((resolve) => {
      const request = Object.assign(new EventEmitter(), {
        method: "POST",
        url: "/",
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": `DynamoDB_20120810.${operation}`,
          "x-amz-date": "20260101T000000Z",
          authorization: "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c",
        },
      });
      const response = {
        statusCode: 200,
        setHeader: () => undefined,
        end: (body: string) => resolve({ status: response.statusCode, body: JSON.parse(body) }),
      };
      server.emit("request", request, response);
      request.emit("data", Buffer.from(JSON.stringify(input)));
      request.emit("end");
    });
  await send("CreateTable", table);
  while (JSON.stringify(await send("DescribeTable", { TableName })).includes("CREATING")) continue;
  return send;
}

function ours(): Send {
  const dynamoDb = createDynamoDb(testContext());
  const location = { accountId: "111111111111", region: "eu-central-1" };
  dynamoDb.createTable({ ...location, table });
  return async (operation, input) => {
    const response = await dynamoDb.service.handle(
      {
        method: "POST",
        path: "/",
        query: new URLSearchParams(),
        headers: { "x-amz-target": `DynamoDB_20120810.${operation}` },
        body: Buffer.from(JSON.stringify(input)),
      },
      {
        caller: { ...location, principalArn: "", arn: "", userId: "", accessKeyId: "" },
        region: location.region,
        requestId: "request",
      },
      { authorize: () => undefined, log: () => undefined },
    );
    return { status: response.status, body: JSON.parse(String(response.body)) };
  };
}

const pk = constantFrom("a", "b", "ü").map((S) => ({ S }));
const sk = constantFrom("-10", "-9.5", "0", "2", "10", "1e3").map((N) => ({ N }));
const Key = record({ pk, sk });
const color = constantFrom("red", "green").map((S) => ({ S }));
const size = integer({ min: -2, max: 2 }).map((value) => ({ N: String(value) }));
const Item = record({ pk, sk, color, size }, { requiredKeys: ["pk", "sk"] });
const comparison = constantFrom("=", "<", "<=", ">", ">=");
const Limit = option(integer({ min: 1, max: 4 }), { nil: undefined });
const paging = record({ TableName: constant(TableName), Limit, ScanIndexForward: boolean() });

const request = oneof(
  { weight: 4, arbitrary: record({ Item }).map((input) => ["PutItem", { TableName, ...input }] as const) },
  record({ Item }).map(
    (input) => ["PutItem", { TableName, ...input, ConditionExpression: "attribute_not_exists(pk)" }] as const,
  ),
  record({ Key }).map((input) => ["DeleteItem", { TableName, ...input, ReturnValues: "ALL_OLD" }] as const),
  record({ Key }).map((input) => ["GetItem", { TableName, ...input }] as const),
  record({ Key, size, color }).map(
    (input) =>
      [
        "UpdateItem",
        {
          TableName,
          Key: input.Key,
          UpdateExpression: "SET color = :c ADD #s :s REMOVE gone",
          ExpressionAttributeNames: { "#s": "size" },
          ExpressionAttributeValues: { ":c": input.color, ":s": input.size },
          ReturnValues: "ALL_NEW",
        },
      ] as const,
  ),
  record({ paging, pk, sk, comparison }).map(
    (input) =>
      [
        "Query",
        {
          ...input.paging,
          KeyConditionExpression: `pk = :p AND sk ${input.comparison} :s`,
          ExpressionAttributeValues: { ":p": input.pk, ":s": input.sk },
        },
      ] as const,
  ),
  record({ paging, color, size }).map(
    (input) =>
      [
        "Query",
        {
          ...input.paging,
          IndexName: "byColor",
          KeyConditionExpression: "color = :c AND #s BETWEEN :s AND :two",
          ExpressionAttributeNames: { "#s": "size" },
          ExpressionAttributeValues: { ":c": input.color, ":s": input.size, ":two": { N: "2" } },
        },
      ] as const,
  ),
  record({ paging, pk }).map(
    (input) =>
      [
        "Query",
        {
          ...input.paging,
          IndexName: "bySize",
          Select: "ALL_ATTRIBUTES",
          KeyConditionExpression: "pk = :p",
          ExpressionAttributeValues: { ":p": input.pk },
        },
      ] as const,
  ),
  record({ Limit }).map((input) => ["Scan", { TableName, ...input }] as const),
);

describe("dynaliteStore", () => {
  it("answers like dynalite's own store to any requests", async () => {
    await assertProperty(
      asyncProperty(array(request, { maxLength: 40 }), async (requests) => {
        const [expected, actual] = [await dynaliteAsItComes(), ours()];

        for (const [operation, input] of requests) {
          const wanted = await expected(operation, input);
          const answer = await actual(operation, input);

          expect({ operation, ...answer, body: comparable(answer.body) }).toStrictEqual({
            operation,
            ...wanted,
            body: comparable(wanted.body),
          });
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** Error types without their namespace, which differs. */
function comparable(body: unknown): unknown {
  const { __type, ...rest } = Object(body);
  return __type === undefined ? rest : { __type: String(__type).replace(/^.*#/, ""), ...rest };
}
