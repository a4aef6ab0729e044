import type { EventEnvelope } from "../events/envelope.ts";
import type { Settings } from "../functions/lifecycle/settings.ts";
import type { Runtime } from "../functions/runtime/runtime.ts";
import type { LocalContext } from "./context.ts";
import { Deployments } from "./deploy.ts";
import { createDynamoDb } from "./dynamodb/dynamodb.ts";
import { type Endpoint, createEndpoint } from "./endpoint/endpoint.ts";
import { createDirectRequestHandler } from "./endpoint/direct-request-handler.ts";
import { healthRoute } from "./endpoint/health.ts";
import { type EventBridge, createEventBridge } from "./event-bridge/event-bridge.ts";
import type { RoleWatcher } from "./identity/authorization.ts";
import { type Identity, createIdentity } from "./identity/identity.ts";
import { createKms } from "./kms/kms.ts";
import { createLambda } from "./lambda/lambda.ts";
import { type RamBehaviour, createRam, defaultRamBehaviour } from "./ram/ram.ts";
import {
  type ModelCardBehaviour,
  createSageMaker,
  defaultModelCardBehaviour,
} from "./sagemaker/sagemaker.ts";
import { createS3 } from "./s3/s3.ts";
import { sharedResourceArn } from "./sagemaker/export-job-arn.ts";
import { type Ses, createSes } from "./ses/ses.ts";
import { createSqs } from "./sqs/sqs.ts";
import type { AwsError } from "./wire/aws-error.ts";
import type { Caller } from "./wire/caller.ts";
import { type StepFunctions, createStepFunctions } from "./step-functions/step-functions.ts";

export interface LocalCloudOptions {
  context: LocalContext;
  settings: Settings;
  homeRegion: string;
  /** Address of the AWS endpoint, once it is known. */
  awsUrl: () => string;
  /** Base address of the approval page of a Region. */
  approvalPageUrl: (region: string) => string;
  /** Base address of the operations console of a Region; without it, there is none. */
  consoleUrl?: (region: string) => string;
  /** Log level of the functions. */
  logLevel: "INFO" | "SILENT";
  /** Takes each log line of the functions; the console does, if left out. */
  writeLog?: (line: string) => void;
  associationDelayMs: () => number;
  eventDelayMs: () => number;
  /** How often an event of an AWS service arrives: 0 where it is lost. Once, if left out. */
  copiesOfEvent?: (event: EventEnvelope) => number;
  keepFinishedExecutions: number;
  keepMessages: number;
  modelCardBehaviour?: Partial<ModelCardBehaviour>;
  ramBehaviour?: Partial<RamBehaviour>;
  /** How IAM simulates a role's policies for a resource of another account, which AWS does not document. */
  crossAccountSimulation?: "identity-policies-only" | "denied-without-resource-policy";
  /** The error that SES refuses a mail to an address with, to play a broken delivery. */
  failMailTo?: (address: string) => AwsError | undefined;
  /** Whether Lambda refuses whoever is one too many, as in AWS; ignored, if left out: one machine is in nobody's way. */
  reservedConcurrency?: "enforced" | "ignored";
  /** Loads a module of the repository by its path from the root; as needed, if left out. */
  loadModule?: (path: string) => Promise<unknown>;
  /** Accounts of the organisation, within which sharing needs no invitation; those of the settings if left out. */
  organizationAccountIds?: readonly string[];
  roleWatcher?: RoleWatcher;
}

/** All of AWS that Cardway and its users need, in one process, with Cardway deployed in it. */
export interface LocalCloud {
  endpoint: Endpoint;
  ses: Ses;
  stepFunctions: StepFunctions;
  eventBridge: EventBridge;
  /** Who may do what, without asking as them. */
  identity: Pick<Identity, "authorize" | "callerOf" | "roleMay">;
  /** Whether RAM's shares let somebody do something with a card, whatever their own policies say. */
  sharesAllow: (modelCardArn: string, action: string, caller: Caller) => boolean;
  /** A model card as SageMaker keeps it; `undefined` where it is gone or going. */
  findModelCard: ReturnType<typeof createSageMaker>["findModelCard"];
  /** How RAM behaves; may be changed while it runs. */
  ramBehaviour: RamBehaviour;
  /** Deploys Cardway into a Region, once. */
  open(region: string): void;
  /** Takes up all that an earlier process has left in the journal, in every Region that it had opened. */
  resume(): void;
  /** What a function of a Region is started with, by its folder in `functions/`. */
  functionRuntime(folder: string, region: string): Runtime;
  /** What calls in a Region by the administrator of the model card account are made with. */
  administratorRuntime(region: string): Runtime;
  /** Loads the code of all functions, which otherwise waits for the first invocation of each. */
  loadFunctions(): Promise<void>;
  /** An SDK request handler that reaches the endpoint without a socket. */
  requestHandler: ReturnType<typeof createDirectRequestHandler>;
  close(): void;
}

/** Builds the services, wires them to each other, and deploys Cardway into each Region at its first use. */
export function createLocalCloud(options: LocalCloudOptions): LocalCloud {
  const { context, settings, homeRegion } = options;
  const accountIds = new Set([
    settings.modelCardAccountId,
    ...settings.lifecycles.flatMap(({ stages }) => stages.map(({ accountId }) => accountId)),
  ]);
  const organizationAccountIds = options.organizationAccountIds ?? [...accountIds];

  const kms = createKms(context);
  const ses = createSes(context, {
    keepMessages: options.keepMessages,
    ...(options.failMailTo && { failFor: options.failMailTo }),
  });
  const lambda = createLambda(context);
  const dynamoDb = createDynamoDb(context);
  const sqs = createSqs(context, { baseUrl: options.awsUrl });
  const ramBehaviour: RamBehaviour = { ...defaultRamBehaviour, ...options.ramBehaviour };
  const ram = createRam(context, {
    resourceExists: (arn) => sageMaker.findModelCard(arn) !== undefined,
    organizationAccountIds: () => organizationAccountIds,
    associationDelayMs: options.associationDelayMs,
    behaviour: ramBehaviour,
  });
  const identity = createIdentity(context, {
    modelCardAccountId: settings.modelCardAccountId,
    resourcePolicyAllows: (resourceArn, action, caller) =>
      ram.allows(sharedResourceArn(resourceArn), action, caller),
    ...(options.crossAccountSimulation && { crossAccountSimulation: options.crossAccountSimulation }),
    ...(options.roleWatcher && { watcher: options.roleWatcher }),
  });
  const stepFunctions = createStepFunctions(context, {
    invokeLambda: (request) => lambda.invoke(request),
    roleMay: (roleArn, permission) => identity.roleMay(roleArn, permission),
    keepFinishedExecutions: options.keepFinishedExecutions,
  });
  const eventBridge = createEventBridge(context, {
    startExecution: (request) => stepFunctions.startExecution(request),
    invokeFunction: async ({ functionArn, payload }) => {
      const [, , , region = "", accountId = ""] = functionArn.split(":");
      await lambda.invoke({ functionName: functionArn, accountId, region, payload });
    },
    sendMessage: (message) => sqs.send(message),
    roleMay: (roleArn, permission) => identity.roleMay(roleArn, permission),
    eventDelayMs: options.eventDelayMs,
  });
  const s3 = createS3(context, { baseUrl: options.awsUrl, authorize: identity.authorize });
  const sageMaker = createSageMaker(context, {
    publish(event) {
      const copies = options.copiesOfEvent?.(event) ?? 1;
      for (let copy = 0; copy < copies; copy += 1) eventBridge.publish(event);
    },
    putObject: (object, call) => s3.putObject(object, call),
    behaviour: { ...defaultModelCardBehaviour, ...options.modelCardBehaviour },
  });

  const endpoint = createEndpoint({
    context,
    services: [
      sageMaker.service,
      ram.service,
      eventBridge.service,
      stepFunctions.service,
      lambda.service,
      dynamoDb.service,
      kms.service,
      ses.service,
      sqs.service,
      s3.service,
      identity.sts,
      identity.iam,
    ],
    identity,
    homeRegion,
    onRegion: async (region) => deployments.open(region),
    extraRoutes: [...ses.extraRoutes, healthRoute],
  });
  const requestHandler = createDirectRequestHandler(endpoint);
  const deployments = new Deployments({
    ...options,
    loadModule: options.loadModule ?? ((path) => import(new URL(`../${path}`, import.meta.url).href)),
    services: { identity, dynamoDb, kms, sqs, s3, ses, lambda, stepFunctions, eventBridge },
    requestHandler,
  });

  return {
    endpoint,
    ses,
    stepFunctions,
    eventBridge,
    identity,
    sharesAllow: ram.allows,
    findModelCard: sageMaker.findModelCard,
    ramBehaviour,
    open: (region) => deployments.open(region),
    resume() {
      deployments.reopen();
      stepFunctions.resume();
      eventBridge.resume();
      lambda.resume();
      sageMaker.resume();
    },
    functionRuntime: (folder, region) => deployments.functionRuntime(folder, region),
    administratorRuntime: (region) => deployments.administratorRuntime(region),
    loadFunctions: () => deployments.loadFunctions(),
    requestHandler,
    close: () => dynamoDb.close(),
  };
}
