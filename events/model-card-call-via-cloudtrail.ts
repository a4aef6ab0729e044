import * as z from "zod";
import { defineEvent } from "./define-event.ts";

const eventNames = ["CreateModelCard", "UpdateModelCard", "DeleteModelCard"] as const;

/**
 * CloudTrail's record of a call that changed a model card: the second trigger, and the only one that tells of a
 * deletion. Failed calls are left to the caller. Member names below `requestParameters` are inferred from SageMaker's
 * other calls.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-sagemaker.html
 */
export const ModelCardCallViaCloudTrail = defineEvent({
  source: "aws.sagemaker",
  detailType: "AWS API Call via CloudTrail",
  detail: z.looseObject({
    eventSource: z.literal("sagemaker.amazonaws.com"),
    eventName: z.enum(eventNames),
    errorCode: z.string().optional(),
    requestParameters: z.looseObject({
      /** Name or ARN. */
      modelCardName: z.string(),
    }),
    responseElements: z.looseObject({ modelCardArn: z.string().optional() }).nullish(),
  }),
  matching: {
    eventSource: ["sagemaker.amazonaws.com"],
    eventName: [...eventNames],
    errorCode: [{ exists: false }],
  },
  sample: {
    version: "0",
    id: "0f8b2d3c-6f53-4f0e-9d5d-2f6d3f8f9b10",
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.sagemaker",
    account: "111111111111",
    time: "2026-11-22T09:30:00Z",
    region: "us-east-1",
    resources: [],
    detail: {
      eventVersion: "1.08",
      userIdentity: {
        type: "AssumedRole",
        principalId: "AROAEXAMPLE:lead",
        arn: "arn:aws:sts::111111111111:assumed-role/lead-data-scientist/lead",
        accountId: "111111111111",
      },
      eventTime: "2026-11-22T09:30:00Z",
      eventSource: "sagemaker.amazonaws.com",
      eventName: "UpdateModelCard",
      awsRegion: "us-east-1",
      sourceIPAddress: "192.0.2.10",
      userAgent: "aws-cli/2.17.3",
      requestParameters: { modelCardName: "Customer-Churn-Model-Card", modelCardStatus: "PendingReview" },
      responseElements: {
        modelCardArn: "arn:aws:sagemaker:us-east-1:111111111111:model-card/Customer-Churn-Model-Card",
      },
      requestID: "7d6a1c9e-8a9a-4b34-9a3e-4c2f5e1b8a77",
      eventID: "8c1f7a52-5a0e-4b1b-a2a1-d2d3c4b5a697",
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: "111111111111",
    },
  },
});
