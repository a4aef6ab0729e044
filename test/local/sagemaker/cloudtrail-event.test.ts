import {
  CreateModelCardCommand,
  DeleteModelCardCommand,
  DescribeModelCardCommand,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import type { EventEnvelope } from "../../../events/envelope.ts";
import { ModelCardCallViaCloudTrail } from "../../../events/model-card-call-via-cloudtrail.ts";
import { roleOf, userOf } from "./callers.ts";
import { ownerAccountId, region, startSageMaker } from "./sagemaker-in-process.ts";

const trail = (events: EventEnvelope[]) =>
  events.filter((event) => event["detail-type"] === "AWS API Call via CloudTrail");

describe("callViaCloudTrail", () => {
  it("records a change with who made it, and hides the content", async () => {
    const { clientOf, events } = startSageMaker();

    await clientOf(userOf(ownerAccountId)).send(
      new CreateModelCardCommand({
        ModelCardName: "churn",
        Content: '{"model_overview":{"model_owner":"Ann"}}',
        ModelCardStatus: "Draft",
        SecurityConfig: { KmsKeyId: "alias/cards" },
        Tags: [{ Key: "Team", Value: "Risk" }],
      }),
    );

    const [event] = trail(events);
    expect(event).toStrictEqual({
      version: "0",
      id: event?.id,
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.sagemaker",
      account: ownerAccountId,
      time: "2026-01-01T00:00:00Z",
      region,
      resources: [],
      detail: {
        eventVersion: "1.11",
        userIdentity: {
          type: "IAMUser",
          principalId: "AIDAlead",
          arn: "arn:aws:iam::111111111111:user/lead",
          accountId: ownerAccountId,
          accessKeyId: ownerAccountId,
          userName: "lead",
        },
        eventTime: "2026-01-01T00:00:00Z",
        eventSource: "sagemaker.amazonaws.com",
        eventName: "CreateModelCard",
        awsRegion: region,
        sourceIPAddress: "127.0.0.1",
        requestParameters: {
          modelCardName: "churn",
          content: "HIDDEN_DUE_TO_SECURITY_REASONS",
          modelCardStatus: "Draft",
          securityConfig: { kmsKeyId: "alias/cards" },
          tags: [{ key: "Team", value: "Risk" }],
        },
        responseElements: { modelCardArn: "arn:aws:sagemaker:eu-west-1:111111111111:model-card/churn" },
        requestID: "request-1",
        eventID: event?.detail["eventID"],
        readOnly: false,
        eventType: "AwsApiCall",
        managementEvent: true,
        recipientAccountId: ownerAccountId,
        eventCategory: "Management",
      },
    });
    expect(ModelCardCallViaCloudTrail.schema.safeParse(event).success).toBe(true);
    expect(JSON.stringify(events)).not.toContain("Ann");
  });

  it("records every changing call after SageMaker's own event, and no reading one", async () => {
    const { client, events } = startSageMaker();
    await client.send(
      new CreateModelCardCommand({ ModelCardName: "churn", Content: "{}", ModelCardStatus: "Draft" }),
    );
    await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", ModelCardStatus: "Approved" }));
    await client.send(new DescribeModelCardCommand({ ModelCardName: "churn" }));
    await client.send(new DeleteModelCardCommand({ ModelCardName: "churn" }));

    expect(events.map(({ detail }) => detail["eventName"] ?? detail["ModelCardStatus"])).toStrictEqual([
      "Draft",
      "CreateModelCard",
      "Approved",
      "UpdateModelCard",
      "DeleteModelCard",
    ]);
    expect(trail(events).at(-1)?.detail["responseElements"]).toBeNull();
  });

  it("records a refused call with its error", async () => {
    const { client, events } = startSageMaker();

    await expect(
      client.send(new UpdateModelCardCommand({ ModelCardName: "churn", Content: '{"a":"secret"}' })),
    ).rejects.toThrow("does not exist");

    expect(trail(events)[0]?.detail).toMatchObject({
      eventName: "UpdateModelCard",
      errorCode: "ResourceNotFound",
      errorMessage: "Modelcard churn does not exist",
      requestParameters: { modelCardName: "churn", content: "HIDDEN_DUE_TO_SECURITY_REASONS" },
      responseElements: null,
    });
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  it("goes to the account that owns the card when a role of another account changes it", async () => {
    const { client, clientOf, events } = startSageMaker();
    const arn = "arn:aws:sagemaker:eu-west-1:111111111111:model-card/churn";
    await client.send(
      new CreateModelCardCommand({ ModelCardName: "churn", Content: "{}", ModelCardStatus: "Draft" }),
    );
    events.length = 0;

    await clientOf(roleOf("222222222222", "editor")).send(
      new UpdateModelCardCommand({ ModelCardName: arn, ModelCardStatus: "PendingReview" }),
    );

    expect(events.map(({ account }) => account)).toStrictEqual([ownerAccountId, ownerAccountId]);
    const detail = trail(events)[0]?.detail;
    expect(detail).toMatchObject({
      userIdentity: {
        type: "AssumedRole",
        principalId: "AROAeditor:session",
        arn: "arn:aws:sts::222222222222:assumed-role/editor/session",
        accountId: "222222222222",
        sessionContext: {
          sessionIssuer: {
            type: "Role",
            principalId: "AROAeditor",
            arn: "arn:aws:iam::222222222222:role/editor",
            accountId: "222222222222",
            userName: "editor",
          },
        },
      },
      requestParameters: { modelCardName: arn },
      recipientAccountId: ownerAccountId,
    });
    expect(detail).toHaveProperty("sharedEventID");
  });

  it("names the root user of an account", async () => {
    const { clientOf, events } = startSageMaker();
    const arn = `arn:aws:iam::${ownerAccountId}:root`;
    const root = {
      accountId: ownerAccountId,
      principalArn: arn,
      arn,
      userId: ownerAccountId,
      accessKeyId: "AKIA",
    };

    await clientOf(root).send(
      new CreateModelCardCommand({ ModelCardName: "churn", Content: "{}", ModelCardStatus: "Draft" }),
    );

    expect(trail(events)[0]?.detail["userIdentity"]).toStrictEqual({
      type: "Root",
      principalId: ownerAccountId,
      arn,
      accountId: ownerAccountId,
      accessKeyId: "AKIA",
    });
  });
});
