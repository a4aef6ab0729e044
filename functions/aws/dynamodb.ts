import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { AwsUnavailableError, InvalidInputError, RecordUnreadableError } from "../errors.ts";
import { type ApprovalRequest, ApprovalRequestSchema } from "../records/approval-request.ts";
import { type CardRecord, CardRecordSchema, newCardRecord } from "../records/card-record.ts";
import type { Change, EffectRecord, PromotionRecords } from "../records/promotion-records.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

/** How often a change is tried again when others write the same record at the same moment. */
const attempts = 50;

const StoredSchema = z.object({ revision: z.int(), data: z.unknown() });

const EffectRecordSchema: z.ZodType<EffectRecord> = z.object({
  modelCardArn: z.string(),
  effectId: z.string(),
  at: z.string(),
  position: z.int(),
  detailType: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

/**
 * Cardway's memory in one DynamoDB table: `pk` names the card or the request, `sk` the item; `revision` counts its writes
 * and is the condition of each.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-optimistic-locking.html
 */
export function createPromotionRecords(runtime: Runtime, tableName: string): PromotionRecords {
  const client = DynamoDBDocumentClient.from(runtime.trace(new DynamoDBClient(clientConfig(runtime))), {
    marshallOptions: { removeUndefinedValues: true },
  });

  const get = async (key: { pk: string; sk: string }) => {
    const answer = await awsCall("DynamoDB GetItem", () =>
      client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true })),
    );
    return answer.Item === undefined ? undefined : parsed(StoredSchema, answer.Item, key.pk);
  };

  /** @returns `false` where somebody else wrote first. */
  const put = async (
    key: { pk: string; sk: string },
    data: unknown,
    expectedRevision: number,
  ): Promise<boolean> =>
    awsCall(
      "DynamoDB PutItem",
      async () => {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...key, revision: expectedRevision + 1, data },
            ConditionExpression: expectedRevision === 0 ? "attribute_not_exists(pk)" : "revision = :revision",
            ...(expectedRevision > 0 && { ExpressionAttributeValues: { ":revision": expectedRevision } }),
          }),
        );
        return true;
      },
      { ConditionalCheckFailedException: () => false },
    );

  const change = async <Item, Result>(
    key: { pk: string; sk: string },
    read: (data: unknown) => Item,
    apply: (record: Item) => Change<Item, Result>,
  ): Promise<Result> => {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const stored = await get(key);
      const current = read(stored?.data);
      const { record, result } = apply(current);
      if (record === current || (await put(key, record, stored?.revision ?? 0))) return result;
    }
    throw new AwsUnavailableError(
      `A record was changed by others ${attempts} times in a row. It is tried again.`,
    );
  };

  return {
    async readCard(modelCardArn) {
      const stored = await get(cardKey(modelCardArn));
      return cardRecordFrom(modelCardArn, stored?.data);
    },

    changeCard: (modelCardArn, apply) =>
      change(cardKey(modelCardArn), (data) => cardRecordFrom(modelCardArn, data), apply),

    async findRequest(requestId) {
      const stored = await get(requestKey(requestId));
      return stored === undefined ? undefined : requestFrom(requestId, stored.data);
    },

    async addRequest(request) {
      if (await put(requestKey(request.requestId), request, 0)) return request;
      const stored = await get(requestKey(request.requestId));
      return requestFrom(request.requestId, stored?.data);
    },

    changeRequest: (requestId, apply) =>
      change(
        requestKey(requestId),
        (data) => {
          if (data === undefined) throw new InvalidInputError(`There is no approval request ${requestId}.`);
          return requestFrom(requestId, data);
        },
        apply,
      ),

    async addEffects(effects) {
      for (const effect of effects) {
        // A repeated effect meets itself and changes nothing.
        await put({ pk: `CARD#${effect.modelCardArn}`, sk: `EFFECT#${effect.effectId}` }, effect, 0);
      }
    },

    async effectsOf(modelCardArn) {
      const effects: EffectRecord[] = [];
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const answer = await awsCall("DynamoDB Query", () =>
          client.send(
            new QueryCommand({
              TableName: tableName,
              KeyConditionExpression: "pk = :pk and begins_with(sk, :effect)",
              ExpressionAttributeValues: { ":pk": `CARD#${modelCardArn}`, ":effect": "EFFECT#" },
              ConsistentRead: true,
              ExclusiveStartKey,
            }),
          ),
        );
        effects.push(
          ...(answer.Items ?? []).map((item) => EffectRecordSchema.parse(StoredSchema.parse(item).data)),
        );
        ExclusiveStartKey = answer.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return effects.sort((a, b) => a.at.localeCompare(b.at) || a.position - b.position);
    },
  };
}

function cardRecordFrom(modelCardArn: string, data: unknown): CardRecord {
  return data === undefined
    ? newCardRecord(modelCardArn)
    : parsed(CardRecordSchema, data, cardKey(modelCardArn).pk);
}

function requestFrom(requestId: string, data: unknown): ApprovalRequest {
  return parsed(ApprovalRequestSchema, data, requestKey(requestId).pk);
}

/** The item's own members are left out of what is said: they can hold a name or an address. */
function parsed<Schema extends z.ZodType>(schema: Schema, data: unknown, pk: string): z.output<Schema> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const faults = [...new Set(result.error.issues.map(({ path }) => path.join(".") || "the item itself"))];
  throw new RecordUnreadableError(
    `Cardway's record ${pk} cannot be read (${faults.slice(0, 5).join(", ")}). ` +
      "Restore it from the table's point-in-time backup; then redrive, or wait for the next sweep.",
  );
}

function cardKey(modelCardArn: string) {
  return { pk: `CARD#${modelCardArn}`, sk: "CARD" };
}

function requestKey(requestId: string) {
  return { pk: `REQUEST#${requestId}`, sk: "REQUEST" };
}
