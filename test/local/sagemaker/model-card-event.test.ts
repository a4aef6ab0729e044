import { CreateModelCardCommand, UpdateModelCardCommand } from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import type { EventEnvelope } from "../../../events/envelope.ts";
import { SageMakerModelCardStateChange } from "../../../events/sagemaker-model-card-state-change.ts";
import { startSageMaker } from "./sagemaker-in-process.ts";

const native = (event: EventEnvelope) =>
  event.source === "aws.sagemaker" && event["detail-type"].startsWith("SageMaker");

/** AWS's own sample, with a caller who is no Studio user. */
const documented = {
  version: "0",
  id: "aa7a9c4f-2caa-4d04-a6de-e67227ba4302",
  "detail-type": "SageMaker Model Card State Change",
  source: "aws.sagemaker",
  account: "123456789012",
  time: "2022-12-03T00:09:44Z",
  region: "us-east-1",
  resources: ["arn:aws:sagemaker:us-east-1:123456789012:model-card/example-card"],
  detail: {
    ModelCardVersion: 2,
    LastModifiedTime: "2022-12-03T00:09:44.893854735Z",
    LastModifiedBy: {},
    CreationTime: "2022-12-03T00:09:33.084Z",
    CreatedBy: {},
    ModelCardName: "example-card",
    ModelId: "example-model",
    ModelCardStatus: "Draft",
    AccountId: "123456789012",
    SecurityConfig: {},
  },
};

describe("modelCardStateChange", () => {
  it("is AWS's documented sample, member for member", async () => {
    const { clientOf, context, events } = startSageMaker();
    const client = clientOf(
      {
        accountId: "123456789012",
        principalArn: "arn:aws:iam::123456789012:user/user",
        arn: "arn:aws:iam::123456789012:user/user",
        userId: "AIDAUSER",
        accessKeyId: "AKIA",
      },
      "us-east-1",
    );
    await context.clock.advance(84);
    await client.send(
      new CreateModelCardCommand({
        ModelCardName: "example-card",
        Content: '{"model_overview":{"model_id":"example-model"}}',
        ModelCardStatus: "Draft",
      }),
    );
    await context.clock.advance(11_809);

    await client.send(
      new UpdateModelCardCommand({
        ModelCardName: "example-card",
        Content: '{"model_overview":{"model_id":"example-model","model_owner":"Ann"}}',
      }),
    );

    const event = events.findLast(native);
    expect(event).toStrictEqual({
      ...documented,
      id: event?.id,
      time: "2026-01-01T00:00:11Z",
      detail: {
        ...documented.detail,
        CreationTime: "2026-01-01T00:00:00.084Z",
        LastModifiedTime: "2026-01-01T00:00:11.893000002Z",
      },
    });
    expect(Object.keys(event?.detail ?? {})).toStrictEqual(Object.keys(documented.detail));
    expect(SageMakerModelCardStateChange.schema.safeParse(event).success).toBe(true);
  });

  it("leaves the model's id out where the content has none, and names the key of an encrypted card", async () => {
    const { client, events } = startSageMaker();

    await client.send(
      new CreateModelCardCommand({
        ModelCardName: "churn",
        Content: '{"model_overview":{"model_name":"churn"}}',
        ModelCardStatus: "Approved",
        SecurityConfig: { KmsKeyId: "alias/cards" },
      }),
    );

    const detail = events.find(native)?.detail ?? {};
    expect(detail).not.toHaveProperty("ModelId");
    expect(detail["SecurityConfig"]).toStrictEqual({ KmsKeyId: "alias/cards" });
  });

  it("has a time of its own for every change of the same millisecond, and copies are told apart by their id", async () => {
    const { client, events } = startSageMaker({ eventCopies: 2 });
    await client.send(
      new CreateModelCardCommand({ ModelCardName: "churn", Content: "{}", ModelCardStatus: "Draft" }),
    );

    for (const status of ["Approved", "Draft", "Approved"] as const) {
      await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", ModelCardStatus: status }));
    }

    const sent = events.filter(native);
    expect(sent).toHaveLength(8);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(8);
    const times = [...new Set(sent.map(({ detail }) => String(detail["LastModifiedTime"])))];
    expect(times).toHaveLength(4);
    expect(times).toStrictEqual(times.toSorted());
  });
});
