import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  KMSClient,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { CreateResourceShareCommand, GetResourceSharesCommand, RAMClient } from "@aws-sdk/client-ram";
import {
  CreateModelCardCommand,
  DescribeModelCardCommand,
  type ModelCardStatus,
  SageMakerClient,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import * as z from "zod";
import { createApprovalPageDependencies } from "../../functions/approval-page/handler.ts";
import { createPromotionRecords } from "../../functions/aws/dynamodb.ts";
import { readerRoleArn } from "../../functions/lifecycle/read-only.ts";
import { type Settings, defineSettings } from "../../functions/lifecycle/settings.ts";
import { verifierRoleName } from "../../functions/lifecycle/verifier-role.ts";
import type { LambdaHandler, StartedHandler } from "../../functions/runtime/lambda-handler.ts";
import type { Runtime } from "../../functions/runtime/runtime.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { VirtualClock } from "../../local/clock.ts";
import type { Journal } from "../../local/journal/journal.ts";
import { type LocalCloud, type LocalCloudOptions, createLocalCloud } from "../../local/cloud.ts";
import { widenReader } from "../../simulation/widen-reader.ts";
import { linkKeyAlias, stateMachineArn, tableName } from "../../stacks/definitions/deployment.ts";
import { functions } from "../../stacks/definitions/functions.ts";
import { createApprovalApp } from "../../web/approval-app.tsx";
import { recordWriting, recordedLogs, recordingContent } from "../logs/recorded-logs.ts";
import { recordRoleCalls } from "../permissions/role-calls.ts";
import { hiddenFields } from "../web/page-text.ts";

export const accounts = {
  owner: "111111111111",
  dev: "222222222222",
  test: "333333333333",
  prod: "444444444444",
  stranger: "555555555555",
};
export const region = "us-east-1";
const { policyVersion: _derived, ...settingsInput } = lifecycleSettings;
const { policies } = settingsInput.approval;
const escalation = { afterHours: 240, to: ["head-of-models"] };

/** The settings of the repository, but that any one approver decides about a card of low risk, and nobody is reminded. */
export const eitherDecides = defineSettings({
  ...settingsInput,
  approval: {
    ...settingsInput.approval,
    policies: { ...policies, Low: { approvals: 1, remindAfterHours: [], escalation } },
  },
});

/** Content of a card is of low risk unless a test says otherwise. */
const lowRisk = { intended_uses: { risk_rating: "Low" } };

const StorySchema = z.object({
  audience: z.object({ stage: z.string() }).optional(),
  outcome: z.string().optional(),
  stage: z.string().optional(),
});
export const pageUrl = "http://approvals.test";
export const promotionArn = stateMachineArn({
  modelCardAccountId: accounts.owner,
  region,
  approvalPageUrl: pageUrl,
});

const HandlerModuleSchema = z.object({
  handler: z.custom<LambdaHandler>((value) => typeof value === "function" && "start" in value),
});

// Loading modules takes real time, which virtual time would run away from.
const handlers = new Map<string, LambdaHandler>();
for (const { handlerPath } of functions) {
  const module: unknown = await import(new URL(`../../${handlerPath}`, import.meta.url).href);
  handlers.set(handlerPath, HandlerModuleSchema.parse(module).handler);
}

/** What a test does before a function makes an AWS call, for example `apply-decision` and `UpdateModelCard`. */
export type BeforeCall = (folder: string, operation: string) => Promise<void> | void;

/** What functions are started with instead, for example a table in memory. */
type RuntimeChanges = Partial<Pick<Runtime, "table" | "sha256">>;

/** The module of a function whose every AWS call a test sees coming, and which runs under the settings deployed last. */
function watched(
  handlerPath: string,
  beforeCall: BeforeCall,
  direct: LocalCloud["requestHandler"],
  deployed: () => Settings,
  runtimeChanges: RuntimeChanges,
): unknown {
  const handler = handlers.get(handlerPath);
  if (handler === undefined) throw new TypeError(`There is no ${handlerPath}`);
  const folder = handlerPath.split("/")[1] ?? "";
  const requestHandler: LocalCloud["requestHandler"] = {
    ...direct,
    async handle(request) {
      await beforeCall(folder, request.headers["x-amz-target"]?.split(".").at(-1) ?? request.path);
      return direct.handle(request);
    },
  };
  const start: LambdaHandler["start"] = (runtime) => {
    const started = new Map<Settings, StartedHandler>();
    return (event, context) => {
      const settings = deployed();
      const run =
        started.get(settings) ?? handler.start({ ...runtime, ...runtimeChanges, requestHandler, settings });
      started.set(settings, run);
      return run(event, context);
    };
  };
  return { handler: Object.assign((event: unknown, context: Context) => handler(event, context), { start }) };
}

/** Lets everything that waits for nothing but its turn go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export type TestCloud = ReturnType<typeof createTestCloud>;

/** A start after which everything goes on from a journal. */
export interface Restart {
  journal: Journal;
  /** Counts the starts, so that no id comes twice. */
  generation: number;
  now: Date;
}

/** The whole system in process on a clock that tests move, and the clients of every account. */
export function createTestCloud({
  beforeCall = () => undefined,
  random = () => 0.5,
  runtime = {},
  restart,
  ...options
}: Partial<LocalCloudOptions> & {
  settings?: Settings;
  beforeCall?: BeforeCall;
  random?: () => number;
  runtime?: RuntimeChanges;
  restart?: Restart;
} = {}) {
  const clock = new VirtualClock(restart?.now ?? new Date("2026-01-01T00:00:00.000Z"), 1);
  const generation = String(restart?.generation ?? 0).padStart(3, "0");
  const logged: string[] = [];
  let ids = 0;
  let deployed = options.settings ?? eitherDecides;
  const cloud = createLocalCloud({
    context: {
      clock,
      newId: () => {
        ids += 1;
        // Different from the first letter on, as real ones are: people name things by how their ids begin.
        const start = Math.imul(ids, 0x9e37_79b1) >>> 0;
        return `${start.toString(16).padStart(8, "0")}-0000-4000-8${generation}-${ids.toString(16).padStart(12, "0")}`;
      },
      random,
      log: (line) => logged.push(line),
      ...(restart && { journal: restart.journal }),
    },
    settings: eitherDecides,
    homeRegion: region,
    awsUrl: () => "http://aws.test",
    approvalPageUrl: () => pageUrl,
    ...recordedLogs,
    associationDelayMs: () => 0,
    eventDelayMs: () => 0,
    keepFinishedExecutions: 1_000,
    keepMessages: 100,
    roleWatcher: recordRoleCalls(),
    loadModule: async (path) => watched(path, beforeCall, cloud.requestHandler, () => deployed, runtime),
    ...options,
  });
  cloud.open(region);
  cloud.resume();
  const page = createApprovalApp({
    ...createApprovalPageDependencies(cloud.functionRuntime("approval-page", region)),
    log: (line) => logged.push(line),
    newNonce: () => `nonce-${(ids += 1)}`,
  });
  const records = createPromotionRecords(cloud.administratorRuntime(region), tableName);

  const config = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => ({
    endpoint: "http://aws.test",
    region,
    credentials,
    requestHandler: recordingContent(cloud.requestHandler),
    maxAttempts: 1,
  });
  const administrator = (accountId: string) => config({ accessKeyId: accountId, secretAccessKey: "any" });
  const clients = new Map<string, SageMakerClient>();
  const sageMaker = (accountId: string): SageMakerClient => {
    const client = clients.get(accountId) ?? new SageMakerClient(administrator(accountId));
    clients.set(accountId, client);
    return client;
  };
  const stepFunctions = new SFNClient(administrator(accounts.owner));
  const owner = sageMaker(accounts.owner);

  return {
    cloud,
    clock,
    logged,
    page,
    records,
    /** What an account's administrator makes clients with. */
    administrator,
    sageMaker,
    owner,
    stepFunctions,
    ram: (accountId: string) => new RAMClient(administrator(accountId)),
    iam: (accountId: string) => new IAMClient(administrator(accountId)),
    sqs: new SQSClient(administrator(accounts.owner)),
    kms: new KMSClient(administrator(accounts.owner)),
    lambda: new LambdaClient(administrator(accounts.owner)),
    events: new EventBridgeClient(administrator(accounts.owner)),

    /** Gives all functions other settings, from their next invocation on. Roles stay as they are. */
    deploy(settings: Settings): void {
      deployed = settings;
    },

    /** The reader role of a stage account, with its own credentials. */
    async reader(accountId: string): Promise<SageMakerClient> {
      const { Credentials } = await new STSClient(administrator(accountId)).send(
        new AssumeRoleCommand({ RoleArn: readerRoleArn(accountId), RoleSessionName: "test" }),
      );
      return new SageMakerClient(
        config({
          accessKeyId: Credentials?.AccessKeyId ?? "",
          secretAccessKey: Credentials?.SecretAccessKey ?? "",
          sessionToken: Credentials?.SessionToken ?? "",
        }),
      );
    },

    /** Lets hours pass, with time for everything that falls due in between. */
    async pass(hours: number): Promise<void> {
      for (let left = hours; left > 0; left -= 1) {
        await clock.advance(Math.min(1, left) * 3_600_000);
        await settle();
      }
    },

    /** Lets virtual time pass until something holds. */
    async until<Value>(
      what: string,
      find: () => Promise<Value | undefined> | Value | undefined,
    ): Promise<Value> {
      for (let round = 0; round < 2_000; round += 1) {
        const found = await find();
        if (found !== undefined && found !== false) return found;
        await settle();
        await clock.advance(round < 50 ? 1 : 500);
      }
      const executions = await stepFunctions.send(
        new ListExecutionsCommand({ stateMachineArn: promotionArn }),
      );
      const ends = await Promise.all(
        (executions.executions ?? []).map(async ({ executionArn }) => {
          const { status, error, cause } = await stepFunctions.send(
            new DescribeExecutionCommand({ executionArn }),
          );
          return [status, error, cause].join(" ");
        }),
      );
      throw new Error(`${what} did not happen. Executions:\n${ends.join("\n")}\nLog:\n${logged.join("\n")}`);
    },

    async createCard(name: string, status: ModelCardStatus = "Draft", content: object = {}): Promise<string> {
      const { ModelCardArn } = await owner.send(
        new CreateModelCardCommand({
          ModelCardName: name,
          Content: JSON.stringify({ ...lowRisk, ...content }),
          ModelCardStatus: status,
        }),
      );
      return ModelCardArn ?? "";
    },

    async setStatus(modelCardArn: string, status: ModelCardStatus, by = owner): Promise<void> {
      await by.send(new UpdateModelCardCommand({ ModelCardName: modelCardArn, ModelCardStatus: status }));
    },

    async edit(modelCardArn: string, content: object, by = owner): Promise<void> {
      await by.send(
        new UpdateModelCardCommand({
          ModelCardName: modelCardArn,
          Content: JSON.stringify({ ...lowRisk, ...content }),
        }),
      );
    },

    async status(modelCardArn: string): Promise<string> {
      const card = await owner.send(new DescribeModelCardCommand({ ModelCardName: modelCardArn }));
      return `${card.ModelCardStatus} ${card.ModelCardVersion}`;
    },

    /** What the effects on record say, oldest first, for example `AccessGranted dev`. */
    async story(modelCardArn: string): Promise<string[]> {
      const effects = await records.effectsOf(modelCardArn);
      return effects.map(({ detailType, detail }) => {
        const { audience, outcome, stage } = StorySchema.parse(detail);
        return [detailType, audience?.stage ?? stage ?? outcome]
          .filter((part) => part !== undefined)
          .join(" ");
      });
    },

    /** The links in the mails about a card, oldest first. */
    links(name: string): string[] {
      return cloud.ses
        .messages()
        .filter(({ Subject }) => Subject.includes(name))
        .flatMap(
          ({ Body }) => /http:\/\/approvals\.test(\/approvals\/\S+)/.exec(Body.text_part ?? "")?.[1] ?? [],
        );
    },

    /** Opens the page of a link and posts its form. */
    async post(link: string, decision: string, comment = ""): Promise<{ status: number; text: string }> {
      recordWriting(comment);
      const opened = await page.request(`${pageUrl}${link}`);
      const form = new URLSearchParams({ ...hiddenFields(await opened.text()), decision, comment });
      const response = await page.request(`${pageUrl}${link}`, {
        method: "POST",
        headers: { origin: pageUrl },
        body: form,
      });
      return { status: response.status, text: await response.text() };
    },

    /** The newest mail to an address; `undefined` where there is none. */
    mailTo(address: string) {
      return cloud.ses
        .messages()
        .filter(({ Destination }) => Destination.ToAddresses.includes(address))
        .at(-1);
    },

    /** Makes a new key for links and keeps the old one, as docs/decisions/0004 says. */
    async rotateLinkKey(): Promise<void> {
      const kms = new KMSClient(administrator(accounts.owner));
      const old = await kms.send(new DescribeKeyCommand({ KeyId: linkKeyAlias }));
      await kms.send(
        new CreateAliasCommand({
          AliasName: `${linkKeyAlias}-before`,
          TargetKeyId: old.KeyMetadata?.KeyId,
        }),
      );
      const made = await kms.send(
        new CreateKeyCommand({ KeyUsage: "GENERATE_VERIFY_MAC", KeySpec: "HMAC_256" }),
      );
      await kms.send(
        new UpdateAliasCommand({ AliasName: linkKeyAlias, TargetKeyId: made.KeyMetadata?.KeyId }),
      );
    },

    /** Takes a function's permissions away. */
    async breakFunction(functionName: string): Promise<{ repair(): Promise<void> }> {
      const iam = new IAMClient(administrator(accounts.owner));
      const name = { RoleName: functionName, PolicyName: functionName };
      const { PolicyDocument } = await iam.send(new GetRolePolicyCommand(name));
      await iam.send(new DeleteRolePolicyCommand(name));
      return {
        async repair() {
          await iam.send(
            new PutRolePolicyCommand({ ...name, PolicyDocument: decodeURIComponent(PolicyDocument ?? "") }),
          );
        },
      };
    },

    /** Lets an account's reader role update cards. */
    widenReader: (accountId: string) => widenReader(new IAMClient(administrator(accountId))),

    /** Shares cards past Cardway, as an administrator of the model card account may; answers with the share's ARN. */
    async shareByHand(resourceArns: string[], principals: string[]): Promise<string> {
      const { resourceShare } = await new RAMClient(administrator(accounts.owner)).send(
        new CreateResourceShareCommand({ name: "by-hand", principals, resourceArns }),
      );
      return resourceShare?.resourceShareArn ?? "";
    },

    /** Takes away the role by which Cardway asks what a reader role may do. */
    async deleteVerifier(accountId: string): Promise<void> {
      const iam = new IAMClient(administrator(accountId));
      await iam.send(
        new DeleteRolePolicyCommand({ RoleName: verifierRoleName, PolicyName: verifierRoleName }),
      );
      await iam.send(new DeleteRoleCommand({ RoleName: verifierRoleName }));
    },

    /** ARN of the share of that name. */
    async shareOf(name: string): Promise<string> {
      const { resourceShares } = await new RAMClient(administrator(accounts.owner)).send(
        new GetResourceSharesCommand({ resourceOwner: "SELF", name }),
      );
      return resourceShares?.[0]?.resourceShareArn ?? "";
    },

    /** Executions, newest first. */
    async executions() {
      const { executions } = await stepFunctions.send(
        new ListExecutionsCommand({ stateMachineArn: promotionArn }),
      );
      return executions ?? [];
    },

    async execution(executionArn: string) {
      return stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    },
  };
}
