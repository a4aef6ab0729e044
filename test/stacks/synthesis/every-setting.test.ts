import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { alarms } from "../../../stacks/definitions/alarms.ts";
import { consoleApi } from "../../../stacks/definitions/console-api.ts";
import { consoleFunctions } from "../../../stacks/definitions/functions.ts";
import {
  dataKeyAlias,
  deploymentOf,
  linkKeyAlias,
  tableName,
} from "../../../stacks/definitions/deployment.ts";
import { evidenceBucket } from "../../../stacks/definitions/evidence-bucket.ts";
import settings from "./every-setting.ts";
import { Graph } from "./graph.ts";

const FunctionSchema = z.object({
  name: z.string(),
  environment: z.object({ variables: z.record(z.string(), z.string()) }),
});
const RouteSchema = z.object({
  apiId: z.string(),
  routeKey: z.string(),
  authorizationType: z.string(),
  authorizerId: z.string().optional(),
  target: z.string(),
});

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
    const functions = graph.all("lambda/function:Function", FunctionSchema);

    expect(api?.disableExecuteApiEndpoint).toBe(true);
    expect(domains).toContainEqual({ domainName: "approvals.example.com" });
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

describe("the operations console, where the settings name an issuer", () => {
  const routes = () =>
    graph
      .all("apigatewayv2/route:Route", RouteSchema)
      .filter(({ apiId }) => apiId === consoleApi.name)
      .sort((left, right) => left.routeKey.localeCompare(right.routeKey));

  it("stands under its own domain alone", () => {
    const apis = graph.all("apigatewayv2/api:Api", z.looseObject({ name: text }));
    const domains = graph.all("apigatewayv2/domainName:DomainName", z.object({ domainName: text }));

    expect(apis.find(({ name }) => name === consoleApi.name)).toMatchObject({
      disableExecuteApiEndpoint: true,
    });
    expect(domains).toContainEqual({ domainName: "console.example.com" });
  });

  it("asks the authoriser about every path but those of the sign-in", () => {
    const asked = { authorizationType: "CUSTOM", authorizerId: consoleApi.authorizer.name };

    expect(routes()).toMatchObject([
      { routeKey: "$default", ...asked },
      { routeKey: "GET /console/callback", authorizationType: "NONE" },
      { routeKey: "GET /console/login", authorizationType: "NONE" },
      { routeKey: "GET /styles.css", authorizationType: "NONE" },
      { routeKey: "POST /console/logout", authorizationType: "NONE" },
    ]);
  });

  it("has each route answered by its function, and what is open to everybody by the one without permissions", () => {
    const integrations = new Map(
      graph.resources
        .filter(({ type }) => type === "aws:apigatewayv2/integration:Integration")
        .map(({ type, name, inputs }) => [`integrations/${type.split(":").at(-1)}-${name}`, inputs]),
    );
    const answeredBy = routes().map(({ routeKey, target }) => {
      const uri = text.parse(integrations.get(target)?.["integrationUri"]);
      return [routeKey, uri.split(":").at(-1)];
    });

    expect(Object.fromEntries(answeredBy)).toStrictEqual(
      Object.fromEntries(consoleApi.routes.map(({ route, folder }) => [route, `cardway-${folder}`])),
    );
    expect(graph.rolePolicies().filter(({ role }) => role === "cardway-console-login")).toMatchObject([
      { name: "cardway-console-login-platform" },
    ]);
  });

  it("asks the authoriser anew for each request, also for one without a cookie", () => {
    expect(graph.all("apigatewayv2/authorizer:Authorizer", z.looseObject({}))).toMatchObject([
      {
        name: consoleApi.authorizer.name,
        authorizerType: "REQUEST",
        authorizerPayloadFormatVersion: "2.0",
        enableSimpleResponses: true,
        authorizerResultTtlInSeconds: 0,
        identitySources: [],
        authorizerUri: expect.stringMatching(/function:cardway-console-authorizer\/invocations$/),
      },
    ]);
  });

  it("tells its functions where it stands, and no secret", () => {
    const environments = Object.fromEntries(
      graph
        .all("lambda/function:Function", FunctionSchema)
        .map(({ name, environment }) => [name, environment.variables]),
    );

    expect(environments["cardway-console-login"]).toStrictEqual({
      CONSOLE_URL: "https://console.example.com",
    });
    expect(environments["cardway-console-authorizer"]).toStrictEqual({});
  });

  it("logs neither paths nor queries, which hold codes, and nothing of who somebody is", () => {
    const stages = graph.all(
      "apigatewayv2/stage:Stage",
      z.object({ apiId: text, accessLogSettings: z.object({ format: text }) }),
    );

    const format = stages.find(({ apiId }) => apiId === consoleApi.name)?.accessLogSettings.format;
    expect(format).toBe(consoleApi.accessLogFormat);
    expect(format).not.toMatch(/\.path|querystring|sourceIp|userAgent|header|authorizer\.(identity|name)/i);
  });

  it("wakes somebody where one of its functions fails", () => {
    const names = graph.all("cloudwatch/metricAlarm:MetricAlarm", z.object({ name: text }));
    const defined = alarms(deploymentOf(settings, page), settings);

    expect(names.map(({ name }) => name).sort()).toStrictEqual(defined.map(({ name }) => name).sort());
    expect(names.map(({ name }) => name)).toEqual(
      expect.arrayContaining(consoleFunctions.map(({ functionName }) => `${functionName}-errors`)),
    );
  });
});
