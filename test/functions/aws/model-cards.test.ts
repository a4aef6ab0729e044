import { describe, expect, it } from "vitest";
import { createModelCards } from "../../../functions/aws/sagemaker.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";

/** What is read of a card that SageMaker describes with this processing status. */
async function statusOf(ModelCardProcessingStatus: string | undefined): Promise<string> {
  const modelCardArn = "arn:aws:sagemaker:eu-west-1:111111111111:model-card/churn";
  const answer = { ModelCardArn: modelCardArn, ModelCardStatus: "Approved", ModelCardProcessingStatus };
  const modelCards = createModelCards({
    environment: { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "any", AWS_SECRET_ACCESS_KEY: "any" },
    settings: lifecycleSettings,
    now: () => new Date("2026-01-01T00:00:00.000Z"),
    requestHandler: {
      metadata: { handlerProtocol: "direct" },
      handle: async () => ({
        response: {
          statusCode: 200,
          headers: { "content-type": "application/x-amz-json-1.1" },
          body: new TextEncoder().encode(JSON.stringify(answer)),
        },
      }),
      updateHttpClientConfig(): void {},
      httpHandlerConfigs: () => ({}),
      destroy(): void {},
    },
    trace: (client) => client,
  });
  return (await modelCards.read(modelCardArn)).status;
}

describe("createModelCards", () => {
  it.each(["DeleteInProgress", "DeletePending", "ContentDeleted", "ExportJobsDeleted", "DeleteCompleted"])(
    "reads a card as deleted from %s on",
    async (status) => {
      expect(await statusOf(status)).toBe("Deleted");
    },
  );

  it.each([undefined, "DeleteFailed", "UnsetValue"])("reads one that stays as it is (%s)", async (status) => {
    expect(await statusOf(status)).toBe("Approved");
  });
});
