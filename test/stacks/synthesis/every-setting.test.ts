import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import {
  dataKeyAlias,
  deploymentOf,
  linkKeyAlias,
  tableName,
} from "../../../stacks/definitions/deployment.ts";
import { evidenceBucket } from "../../../stacks/definitions/evidence-bucket.ts";
import settings from "./every-setting.ts";
import { Graph } from "./graph.ts";

const text = z.string();
const page = "https://approvals.example.com";

let graph: Graph;

beforeAll(async () => {
  graph = await Graph.of("production", new URL("every-setting.ts", import.meta.url).pathname);
}, 300_000);

describe("a deployment with every setting", () => {
  it("has the approval page under its own domain alone, and writes links with it", () => {
    const [api] = graph.all("apigatewayv2/api:Api", z.object({ disableExecuteApiEndpoint: z.boolean() }));
    const domains = graph.all("apigatewayv2/domainName:DomainName", z.object({ domainName: text }));
    const functions = graph.all(
      "lambda/function:Function",
      z.object({ name: text, environment: z.object({ variables: z.record(text, text) }) }),
    );

    expect(api?.disableExecuteApiEndpoint).toBe(true);
    expect(domains).toStrictEqual([{ domainName: "approvals.example.com" }]);
    const asking = functions.find(({ name }) => name === "cardway-request-approval");
    expect(asking?.environment.variables["APPROVAL_PAGE_URL"]).toBe(page);
  });

  it("tells every operator of alarms", () => {
    const subscriptions = graph.all(
      "sns/topicSubscription:TopicSubscription",
      z.object({ protocol: text, endpoint: text }),
    );

    expect(subscriptions.sort((a, b) => a.endpoint.localeCompare(b.endpoint))).toStrictEqual(
      settings.deployment.operators.map((endpoint) => ({ protocol: "email", endpoint })),
    );
  });

  it("keeps an operator's subscription whoever else comes and goes", () => {
    const names = graph.resources
      .filter(({ type }) => type === "aws:sns/topicSubscription:TopicSubscription")
      .map(({ name }) => name);

    expect(names.sort()).toStrictEqual(
      settings.deployment.operators.map((endpoint) => `cardway-operator-${endpoint}`).sort(),
    );
  });

  it("leaves a sender that SES knows already alone", () => {
    expect(graph.all("sesv2/emailIdentity:EmailIdentity", z.unknown())).toStrictEqual([]);
  });

  it("takes over what an earlier removal kept: the records, the evidence and the keys", () => {
    const { links = "", data = "" } = settings.deployment.keptKeys ?? {};
    const { bucketName } = evidenceBucket(deploymentOf(settings, page));
    const partsOfTheBucket = 6;

    const takenOver = graph.resources
      .filter(({ importId }) => importId !== "")
      .map(({ type, importId }) => `${type.split("/")[0]} ${importId}`);

    expect(takenOver.sort()).toStrictEqual(
      [
        `aws:dynamodb ${tableName}`,
        ...Array.from({ length: partsOfTheBucket }, () => `aws:s3 ${bucketName}`),
        ...[links, data, linkKeyAlias, dataKeyAlias].map((id) => `aws:kms ${id}`),
      ].sort(),
    );
  });

  it("lets functions use the cards' own keys, and confirm-access accept invitations", () => {
    const statementsOf = (name: string) =>
      JSON.stringify(graph.rolePolicies().filter(({ role }) => role === name));

    expect(statementsOf("cardway-approval-page")).toContain(settings.deployment.cardKeyArns[0]);
    expect(statementsOf("cardway-confirm-access")).toContain("cardway-invitation-accepter");
  });

  it("sweeps as often as asked for, and keeps logs as long", () => {
    const rules = graph.all(
      "cloudwatch/eventRule:EventRule",
      z.object({ scheduleExpression: text.optional() }),
    );
    const logs = graph.all("cloudwatch/logGroup:LogGroup", z.object({ retentionInDays: z.int() }));

    expect(rules.flatMap(({ scheduleExpression }) => scheduleExpression ?? [])).toStrictEqual([
      "rate(48 hours)",
    ]);
    expect(new Set(logs.map(({ retentionInDays }) => retentionInDays))).toStrictEqual(new Set([30]));
  });
});
