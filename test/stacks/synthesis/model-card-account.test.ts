import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DescribeStateMachineCommand, ListStateMachinesCommand } from "@aws-sdk/client-sfn";
import validate from "asl-validator";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import * as errors from "../../../functions/errors.ts";
import settings from "../../../lifecycle.config.ts";
import { alarms } from "../../../stacks/definitions/alarms.ts";
import { reasonsForAnyResource } from "../../../stacks/definitions/any-resource.ts";
import { deploymentOf } from "../../../stacks/definitions/deployment.ts";
import { evidenceBucket } from "../../../stacks/definitions/evidence-bucket.ts";
import { functions } from "../../../stacks/definitions/functions.ts";
import { kept } from "../../../stacks/definitions/kept.ts";
import { modelCardAccountRoles } from "../../../stacks/definitions/roles.ts";
import { createTestCloud } from "../../workflow/test-cloud.ts";
import { Graph } from "./graph.ts";

const text = z.string();
const json = text.transform((value): unknown => JSON.parse(value));
const RuleSchema = z.object({
  name: text,
  description: text,
  eventBusName: text.optional(),
  eventPattern: json.optional(),
  scheduleExpression: text.optional(),
});
const TargetSchema = z.object({
  rule: text,
  eventBusName: text.optional(),
  targetId: text,
  arn: text,
  roleArn: text.optional(),
  inputTransformer: z.object({ inputPaths: z.record(text, text), inputTemplate: text }).optional(),
  retryPolicy: z.object({ maximumRetryAttempts: z.int(), maximumEventAgeInSeconds: z.int() }).optional(),
  deadLetterConfig: z.object({ arn: text }).optional(),
});
const FunctionSchema = z.object({
  name: text,
  runtime: text,
  architectures: z.array(text),
  timeout: z.int(),
  memorySize: z.int(),
  role: text,
  // Lambda's own word for none.
  reservedConcurrentExecutions: z.int().default(-1),
  environment: z.object({ variables: z.record(text, text) }),
  loggingConfig: z.object({ logFormat: text, logGroup: text }),
  tracingConfig: z.object({ mode: text }),
});
const LogGroupSchema = z.object({ name: text, retentionInDays: z.int(), kmsKeyId: text });
const StateMachineSchema = z.object({
  name: text,
  definition: text,
  roleArn: text,
  tracingConfiguration: z.object({ enabled: z.boolean() }),
  loggingConfiguration: z.object({ level: text, includeExecutionData: z.boolean(), logDestination: text }),
});
const StatesSchema = z.object({
  States: z.record(
    text,
    z.looseObject({
      Arguments: z.looseObject({ FunctionName: text.optional() }).optional(),
      Retry: z.array(z.object({ ErrorEquals: z.array(text) })).default([]),
      Catch: z.array(z.looseObject({ ErrorEquals: z.array(text) })).default([]),
    }),
  ),
});
const AlarmSchema = z.object({ name: text, alarmDescription: text, alarmActions: z.array(text).length(1) });

const { modelCardAccountId } = settings;
const { region } = settings.deployment;

let graph: Graph;
let test: ReturnType<typeof createTestCloud>;
let page: string;

const local = () => ({
  endpoint: "http://aws.test",
  region,
  credentials: { accessKeyId: modelCardAccountId, secretAccessKey: "any" },
  requestHandler: test.cloud.requestHandler,
});

// The first synthesis of a machine installs SST's platform.
beforeAll(async () => {
  graph = await Graph.of("production");
  page = graph.all("apigatewayv2/api:Api", z.object({ name: text }))[0]?.name ?? "";
  page = `https://${page}.execute-api.${region}.amazonaws.com`;
  test = createTestCloud({ settings, homeRegion: region, approvalPageUrl: () => page });
}, 300_000);

describe("what deploys", () => {
  it("is made in the settings' account and Region only", () => {
    const provider = graph.resources.find(({ type }) => type === "pulumi:providers:aws");

    expect(provider?.inputs).toMatchObject({ region, allowedAccountIds: [modelCardAccountId] });
  });

  it("is this list of resources", async () => {
    await expect(`${graph.list()}\n`).toMatchFileSnapshot("model-card-account.txt");
  });
});

describe("what deploys is what runs locally", () => {
  it("has the same bucket for evidence, which keeps every version", async () => {
    const s3 = new S3Client(local());
    const [deployed] = graph.all("s3/bucket:Bucket", z.object({ bucket: text }));
    const object = { Bucket: deployed?.bucket, Key: "card.pdf" };

    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    const { VersionId } = await s3.send(new PutObjectCommand({ ...object, Body: "evidence" }));
    await s3.send(new DeleteObjectCommand(object));
    const { Body } = await s3.send(new GetObjectCommand({ ...object, VersionId }));

    expect(Buckets?.map(({ Name }) => Name)).toStrictEqual([deployed?.bucket]);
    expect(await Body?.transformToString()).toBe("evidence");
  });

  it("has the same rules, each with the same pattern or schedule, and no other on the default bus", async () => {
    const eventBridge = new EventBridgeClient(local());
    const { Rules = [] } = await eventBridge.send(new ListRulesCommand({}));
    const running = await Promise.all(
      Rules.map(({ Name }) => eventBridge.send(new DescribeRuleCommand({ Name }))),
    );

    const deployed = graph
      .all("cloudwatch/eventRule:EventRule", RuleSchema)
      .filter(({ eventBusName }) => eventBusName === undefined);

    expect(byName(deployed)).toStrictEqual(
      byName(
        running.map(({ Name, Description, EventPattern, ScheduleExpression }) => ({
          name: Name ?? "",
          description: Description ?? "",
          ...(EventPattern !== undefined && { eventPattern: JSON.parse(EventPattern) }),
          ...(ScheduleExpression !== undefined && { scheduleExpression: ScheduleExpression }),
        })),
      ),
    );
  });

  it("sends each rule's events to the same state machine, with the same role, retries, dead letters and input", async () => {
    const eventBridge = new EventBridgeClient(local());
    const { Rules = [] } = await eventBridge.send(new ListRulesCommand({}));
    const running = await Promise.all(
      Rules.map(async ({ Name }) => {
        const { Targets = [] } = await eventBridge.send(new ListTargetsByRuleCommand({ Rule: Name }));
        return Targets.map(({ Id, Arn, RoleArn, InputTransformer, RetryPolicy, DeadLetterConfig }) => ({
          rule: Name ?? "",
          targetId: Id ?? "",
          arn: Arn ?? "",
          roleArn: RoleArn,
          ...(InputTransformer && {
            inputTransformer: {
              inputPaths: InputTransformer.InputPathsMap ?? {},
              inputTemplate: InputTransformer.InputTemplate ?? "",
            },
          }),
          retryPolicy: {
            maximumRetryAttempts: RetryPolicy?.MaximumRetryAttempts,
            maximumEventAgeInSeconds: RetryPolicy?.MaximumEventAgeInSeconds,
          },
          deadLetterConfig: { arn: DeadLetterConfig?.Arn },
        }));
      }),
    );

    const deployed = graph
      .all("cloudwatch/eventTarget:EventTarget", TargetSchema)
      .filter(({ eventBusName }) => eventBusName === undefined);

    const byRule = (left: { rule: string }, right: { rule: string }) => left.rule.localeCompare(right.rule);
    expect(deployed.sort(byRule)).toStrictEqual(running.flat().sort(byRule));
  });

  it("keeps what a rule could not deliver in a queue of its own, which takes from that rule alone", () => {
    const queues = graph.all("sqs/queue:Queue", z.looseObject({ name: text }));
    const policies = graph.all("sqs/queuePolicy:QueuePolicy", z.object({ queueUrl: text, policy: text }));
    const targets = graph
      .all("cloudwatch/eventTarget:EventTarget", TargetSchema)
      .filter(({ eventBusName }) => eventBusName === undefined);

    expect(new Set(targets.map(({ deadLetterConfig }) => deadLetterConfig?.arn)).size).toBe(targets.length);
    for (const { rule, deadLetterConfig } of targets) {
      const name = deadLetterConfig?.arn.split(":").at(-1) ?? "";
      expect(queues.map((queue) => queue.name)).toContain(name);
      const policy = policies.find(({ queueUrl }) => queueUrl.endsWith(`/${name}`))?.policy;
      expect(policy).toContain(
        `"aws:SourceArn":"arn:aws:events:${region}:${modelCardAccountId}:rule/${rule}"`,
      );
    }
  });

  it("has the same state machines, state for state", async () => {
    const { stateMachines = [] } = await test.stepFunctions.send(new ListStateMachinesCommand({}));
    const running = await Promise.all(
      stateMachines.map(({ stateMachineArn }) =>
        test.stepFunctions.send(new DescribeStateMachineCommand({ stateMachineArn })),
      ),
    );

    const deployed = graph.all("sfn/stateMachine:StateMachine", StateMachineSchema);

    expect(
      byName(deployed).map(({ name, roleArn, definition }) => ({
        name,
        roleArn,
        definition: JSON.parse(definition),
      })),
    ).toStrictEqual(
      byName(
        running.map(({ name = "", roleArn, definition = "" }) => ({
          name,
          roleArn,
          definition: JSON.parse(definition),
        })),
      ),
    );
  });

  it("tells every function the same, and nothing else", async () => {
    const { Functions = [] } = await new LambdaClient(local()).send(new ListFunctionsCommand({}));

    const deployed = graph.all("lambda/function:Function", FunctionSchema);

    expect(
      Object.fromEntries(deployed.map(({ name, environment }) => [name, environment.variables])),
    ).toStrictEqual(
      Object.fromEntries(
        Functions.map(({ FunctionName, Environment }) => [FunctionName, Environment?.Variables]),
      ),
    );
  });

  it("gives every role the same trust and the same permissions", () => {
    const RoleSchema = z.object({ name: text, assumeRolePolicy: json });
    const PolicySchema = z.object({ name: text, role: text, policy: json });
    const place = { modelCardAccountId, region, approvalPageUrl: page };

    const trusts = graph.all("iam/role:Role", RoleSchema);
    const policies = graph.all("iam/rolePolicy:RolePolicy", PolicySchema);

    for (const { roleName, trust, policy } of modelCardAccountRoles(place)) {
      expect(trusts).toContainEqual({ name: roleName, assumeRolePolicy: trust });
      expect(policies).toContainEqual({ name: roleName, role: roleName, policy });
    }
  });
});

describe("the state machines", () => {
  const definitions = () =>
    graph.all("sfn/stateMachine:StateMachine", StateMachineSchema).map(({ name, definition }) => ({
      name,
      definition: JSON.parse(definition),
      states: StatesSchema.parse(JSON.parse(definition)).States,
    }));

  it("pass AWS's rules for the language", () => {
    for (const { name, definition } of definitions()) {
      expect({ name, ...validate(definition) }).toMatchObject({ name, isValid: true });
    }
  });

  it("invoke only functions that deploy", () => {
    const deployed = graph
      .all("lambda/function:Function", FunctionSchema)
      .map(({ name }) => `arn:aws:lambda:${region}:${modelCardAccountId}:function:${name}`);

    const invoked = definitions().flatMap(({ states }) =>
      Object.values(states).flatMap(({ Arguments }) => Arguments?.FunctionName ?? []),
    );

    expect(invoked.length).toBeGreaterThan(0);
    expect(invoked.filter((arn) => !deployed.includes(arn))).toStrictEqual([]);
  });

  it("retry and catch only errors that the code or the platform raises", () => {
    const platform = /^(States\.|Lambda\.|Sandbox\.|Runtime\.)/;
    const raised = Object.keys(errors);

    const named = definitions().flatMap(({ states }) =>
      Object.values(states).flatMap(({ Retry, Catch }) =>
        [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals),
      ),
    );

    expect(named.filter((name) => !platform.test(name) && !raised.includes(name))).toStrictEqual([]);
  });

  it("are traced and log what happened, never what states pass on", () => {
    const logGroups = graph.all("cloudwatch/logGroup:LogGroup", LogGroupSchema).map(({ name }) => name);

    for (const { tracingConfiguration, loggingConfiguration } of graph.all(
      "sfn/stateMachine:StateMachine",
      StateMachineSchema,
    )) {
      expect(tracingConfiguration.enabled).toBe(true);
      expect(loggingConfiguration).toMatchObject({ level: "ALL", includeExecutionData: false });
      expect(logGroups).toContain(/log-group:(.*):\*$/.exec(loggingConfiguration.logDestination)?.[1]);
    }
  });
});

describe("every function", () => {
  it("runs on Node.js 24 on arm64, traced, with its own role and log, and the limits of its definition", () => {
    const logGroups = graph.all("cloudwatch/logGroup:LogGroup", LogGroupSchema).map(({ name }) => name);

    const deployed = graph.all("lambda/function:Function", FunctionSchema);

    expect(deployed.map(({ name }) => name).sort()).toStrictEqual(
      functions.map(({ functionName }) => functionName).sort(),
    );
    for (const definition of functions) {
      const { functionName, timeoutSeconds, memoryMb, reservedConcurrency = -1 } = definition;
      expect(deployed.find(({ name }) => name === functionName)).toMatchObject({
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        timeout: timeoutSeconds,
        memorySize: memoryMb,
        reservedConcurrentExecutions: reservedConcurrency,
        role: `arn:aws:iam::${modelCardAccountId}:role/${functionName}`,
        tracingConfig: { mode: "Active" },
        loggingConfig: { logFormat: "JSON", logGroup: `/aws/lambda/${functionName}` },
      });
      expect(logGroups).toContain(`/aws/lambda/${functionName}`);
    }
  });

  it("is told no secret: nothing but names, ARNs and addresses of Cardway's own", () => {
    const deployed = graph.all("lambda/function:Function", FunctionSchema);

    for (const { name, environment } of deployed) {
      for (const [variable, value] of Object.entries(environment.variables)) {
        expect(`${name} ${variable}`).not.toMatch(/KEY$|SECRET|TOKEN|PASSWORD/);
        if (variable === "KEPT") continue;
        expect(value).toMatch(/^(cardway[a-z-]*|arn:aws:[a-z]+:\S+|https:\/\/[a-z0-9.-]+)$/);
      }
    }
  });
});

describe("the account's own safety", () => {
  it("keeps every log for as long as the settings say, encrypted", () => {
    const { logRetentionDays } = settings.deployment;
    const logGroups = graph.resources.filter(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup");

    expect(logGroups.length).toBeGreaterThan(functions.length);
    for (const { inputs } of logGroups) {
      expect(LogGroupSchema.parse(inputs)).toMatchObject({
        retentionInDays: logRetentionDays,
        kmsKeyId: expect.stringMatching(/^arn:aws:kms:/),
      });
    }
  });

  it("encrypts what it keeps: records, dead letters, alarms", () => {
    const loose = z.looseObject({});

    expect(graph.all("dynamodb/table:Table", loose)).toMatchObject([
      {
        serverSideEncryption: { enabled: true },
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: true,
        ttl: { enabled: true, attributeName: "expiresAt" },
      },
    ]);
    expect(graph.all("sqs/queue:Queue", loose).every((queue) => queue["sqsManagedSseEnabled"] === true)).toBe(
      true,
    );
    expect(graph.all("sns/topic:Topic", loose).every((topic) => topic["kmsMasterKeyId"] !== undefined)).toBe(
      true,
    );
  });

  it("has a bucket for evidence: private, versioned, encrypted, over TLS only", () => {
    const loose = z.looseObject({});
    const { bucketName, policy } = evidenceBucket(deploymentOf(settings, page));
    const bucket = { bucket: bucketName };

    expect(graph.all("s3/bucket:Bucket", loose)).toMatchObject([bucket]);
    expect(graph.all("s3/bucketVersioning:BucketVersioning", loose)).toMatchObject([
      { versioningConfiguration: { status: "Enabled" } },
    ]);
    expect(graph.all("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", loose)).toMatchObject([
      {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    ]);
    expect(
      graph.all("s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", loose),
    ).toMatchObject([{ rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] }]);
    expect(graph.all("s3/bucketPolicy:BucketPolicy", z.object({ policy: json }))).toStrictEqual([{ policy }]);
    expect(policy.Statement).toMatchObject([
      { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
  });

  it("signs links with a key that can do nothing else", () => {
    const keys = graph.all("kms/key:Key", z.looseObject({ keyUsage: text.optional() }));

    expect(keys).toContainEqual(
      expect.objectContaining({ keyUsage: "GENERATE_VERIFY_MAC", customerMasterKeySpec: "HMAC_256" }),
    );
  });

  it("logs no path of the approval page, because the path is the link", () => {
    const stages = graph.all(
      "apigatewayv2/stage:Stage",
      z.object({
        accessLogSettings: z.object({ format: text }),
        defaultRouteSettings: z.object({ throttlingRateLimit: z.number(), throttlingBurstLimit: z.number() }),
      }),
    );

    expect(stages).toHaveLength(1);
    expect(stages[0]?.accessLogSettings.format).not.toMatch(/path|routeKey|sourceIp|userAgent|identity/i);
  });

  it("lets no role do anything but named actions, on named resources where there is no written reason", () => {
    const allowed = graph
      .rolePolicies()
      .flatMap(({ statements }) => statements)
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap(({ Action, Resource = "*" }) =>
        [Action].flat().map((action) => ({ action, anywhere: [Resource].flat().includes("*") })),
      );

    expect(allowed.length).toBeGreaterThan(0);
    expect(allowed.filter(({ action }) => action.includes("*"))).toStrictEqual([]);
    expect(
      allowed.filter(({ action, anywhere }) => anywhere && !Object.hasOwn(reasonsForAnyResource, action)),
    ).toStrictEqual([]);
  });

  it("takes away from every role what is not in its definition", () => {
    const exclusive = graph.all(
      "iam/rolePoliciesExclusive:RolePoliciesExclusive",
      z.object({ roleName: text, policyNames: z.array(text) }),
    );
    const attachments = graph.all(
      "iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
      z.object({ roleName: text, policyArns: z.array(text) }),
    );

    for (const { name } of graph.all("iam/role:Role", z.object({ name: text }))) {
      const own = graph.rolePolicies().filter(({ role }) => role === name);
      expect(exclusive.find(({ roleName }) => roleName === name)?.policyNames.sort()).toStrictEqual(
        own.map((policy) => policy.name).sort(),
      );
      expect(attachments.find(({ roleName }) => roleName === name)?.policyArns).toStrictEqual([]);
    }
  });
});

describe("the retirement of shares", () => {
  const retirement = () => graph.resources.filter(({ type }) => type === "aws:lambda/invocation:Invocation");

  it("is invoked at every change of the settings, and at removal, but never by a replacement, which would retire all", () => {
    expect(retirement().map(({ inputs }) => inputs)).toStrictEqual([
      {
        functionName: "cardway-retire-shares",
        lifecycleScope: "CRUD",
        input: JSON.stringify({ policyVersion: settings.policyVersion }),
      },
    ]);
  });

  it("waits for every function, and the workflows wait for both", () => {
    const lambdas = graph.resources
      .filter(({ type }) => type === "aws:lambda/function:Function")
      .map(({ type, name }) => `${type} ${name}`);
    const workflows = graph.resources.filter(({ type }) => type === "aws:sfn/stateMachine:StateMachine");

    expect(lambdas).toHaveLength(functions.length);
    for (const { dependsOn } of retirement()) expect(dependsOn).toEqual(expect.arrayContaining(lambdas));
    for (const { dependsOn } of workflows) {
      expect(dependsOn).toEqual(
        expect.arrayContaining([...lambdas, "aws:lambda/invocation:Invocation RetireShares"]),
      );
    }
  });

  it("has at removal what its function needs until it is done: rights, records and the bus", () => {
    const component = graph.resources.find(
      ({ type, name }) => type === "sst:aws:Function" && name === "RetireShares",
    );

    expect(component?.dependsOn).toEqual(
      expect.arrayContaining([
        "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive cardway-retire-shares",
        "aws:dynamodb/table:Table cardway",
        "aws:cloudwatch/eventBus:EventBus cardway",
      ]),
    );
  });

  it("comes at removal after all that starts a workflow", () => {
    const started = graph.resources.filter(
      ({ type, inputs }) =>
        type === "aws:cloudwatch/eventTarget:EventTarget" && inputs["eventBusName"] === undefined,
    );

    expect(started).toHaveLength(3);
    for (const { dependsOn } of started) {
      expect(dependsOn).toContain("aws:sfn/stateMachine:StateMachine cardway-promotion");
      expect(dependsOn).toContain("aws:sfn/stateMachine:StateMachine cardway-sweep");
    }
  });

  it("leaves behind what removal says it keeps, and nothing else", () => {
    const kinds = graph.resources
      .filter(({ retainOnDelete }) => retainOnDelete)
      .map(({ type }) => type.split("/")[0] ?? "");

    expect(new Set(kinds)).toStrictEqual(new Set(["aws:cloudwatch", "aws:dynamodb", "aws:kms", "aws:s3"]));
    expect(
      graph.resources
        .filter(
          ({ type }) => !type.includes("bucketObject") && /:(Key|Alias|Table|LogGroup|Bucket\w*)$/.test(type),
        )
        .every(({ retainOnDelete }) => retainOnDelete),
    ).toBe(true);
  });

  it("has removal say what it keeps", () => {
    const commands = graph.resources.filter(({ type }) => type === "command:local:Command");

    expect(commands.map(({ inputs }) => inputs["environment"])).toStrictEqual([
      { KEPT: expect.stringContaining(kept.join("\n- ")) },
    ]);
  });
});

describe("every alarm", () => {
  it("says in a sentence what it means and reaches the operators' topic", () => {
    const topic = `arn:aws:sns:${region}:${modelCardAccountId}:cardway-alarms`;

    const deployed = graph.all("cloudwatch/metricAlarm:MetricAlarm", AlarmSchema);

    expect(deployed.map(({ name }) => name).sort()).toStrictEqual(
      alarms({ modelCardAccountId, region, approvalPageUrl: page }, settings)
        .map(({ name }) => name)
        .sort(),
    );
    for (const { alarmDescription, alarmActions } of deployed) {
      expect(alarmDescription).toMatch(/^[A-Z].{60,1020}\.$/);
      expect(alarmActions).toStrictEqual([topic]);
    }
  });
});

function byName<Named extends { name: string }>(things: Named[]): Named[] {
  return [...things].sort((left, right) => left.name.localeCompare(right.name));
}
