import { describe, expect, it } from "vitest";
import { createModelCardList } from "../../../functions/aws/model-card-list.ts";
import { defineSettings } from "../../../functions/lifecycle/settings.ts";
import type { Runtime } from "../../../functions/runtime/runtime.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";

const { policyVersion: _derived, ...settingsInput } = lifecycleSettings;
const tagRoutes = [{ tag: { key: "team", value: "churn" }, lifecycle: "default" }];

interface SentRequest {
  headers: Record<string, string>;
  hostname: string;
  body?: unknown;
}

/** Cards as SageMaker answers, of settings whose routes ask for tags or do not, and the calls that were made. */
function listOf(answer: object, settings: Runtime["settings"]) {
  const calls: { operation: string | undefined; host: string; input: unknown }[] = [];
  const requestHandler = {
    metadata: { handlerProtocol: "direct" },
    async handle({ headers, hostname, body }: SentRequest) {
      const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
      calls.push({ operation: headers["x-amz-target"], host: hostname, input: JSON.parse(text) });
      const sent = new TextEncoder().encode(JSON.stringify(answer));
      return {
        response: {
          statusCode: 200,
          headers: { "content-type": "application/x-amz-json-1.1" },
          body: sent,
        },
      };
    },
    updateHttpClientConfig(): void {},
    httpHandlerConfigs: () => ({}),
    destroy(): void {},
  };
  const list = createModelCardList({
    environment: { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "any", AWS_SECRET_ACCESS_KEY: "any" },
    settings,
    now: () => new Date("2026-01-01T00:00:00.000Z"),
    requestHandler,
    trace: (client) => client,
  });
  return { list, calls };
}

const found = (name: string, version: number, status: string) => ({
  ModelCard: {
    ModelCardArn: `arn:aws:sagemaker:eu-west-1:111111111111:model-card/${name}`,
    ModelCardName: name,
    ModelCardVersion: version,
    ModelCardStatus: status,
    Content: "{}",
    CreationTime: 1_764_547_200.5,
    Tags: [{ Key: "team", Value: "churn" }],
  },
});
const card = (name: string, status: string) => ({
  modelCardArn: `arn:aws:sagemaker:eu-west-1:111111111111:model-card/${name}`,
  modelCardName: name,
  status,
  creationTime: "2025-12-01T00:00:00.500Z",
});

describe("createModelCardList", () => {
  it("asks SageMaker's search where routes ask for tags, and takes the newest of a card's versions", async () => {
    const Results = [
      found("churn", 2, "Approved"),
      found("churn", 10, "Draft"),
      {},
      found("churn", 1, "Archived"),
      found("fraud", 1, "Draft"),
    ];
    const settings = defineSettings({ ...settingsInput, routes: tagRoutes });
    const { list, calls } = listOf({ Results, NextToken: "next" }, settings);

    const { cards, nextToken } = await list.page("token");

    expect(new Set(cards)).toStrictEqual(
      new Set([
        { ...card("churn", "Draft"), tags: { team: "churn" } },
        { ...card("fraud", "Draft"), tags: { team: "churn" } },
      ]),
    );
    expect(nextToken).toBe("next");
    expect(calls).toStrictEqual([
      {
        operation: "SageMaker.Search",
        host: "api.sagemaker.eu-west-1.amazonaws.com",
        input: {
          Resource: "ModelCard",
          SortBy: "ModelCardName",
          SortOrder: "Ascending",
          MaxResults: 100,
          NextToken: "token",
        },
      },
    ]);
  });

  it("asks for SageMaker's list where no route asks for tags", async () => {
    const { ModelCard } = found("churn", 1, "Draft");
    const { list, calls } = listOf({ ModelCardSummaries: [ModelCard] }, lifecycleSettings);

    expect(await list.page(undefined)).toStrictEqual({
      cards: [card("churn", "Draft")],
      nextToken: undefined,
    });
    expect(calls.map(({ operation }) => operation)).toStrictEqual(["SageMaker.ListModelCards"]);
  });
});
