import * as z from "zod";
import { PersonaSettingsSchema } from "../functions/lifecycle/persona-settings.ts";
import type { Settings } from "../functions/lifecycle/settings.ts";
import { stageAccounts } from "../functions/lifecycle/stage-accounts.ts";
import type { LambdaHandler } from "../functions/runtime/lambda-handler.ts";
import type { Runtime } from "../functions/runtime/runtime.ts";
import {
  type Deployment,
  configurationSetName,
  deploymentOf,
  eventBusName,
  linkKeyAlias,
  roleArnOf,
} from "../stacks/definitions/deployment.ts";
import { evidenceBucket } from "../stacks/definitions/evidence-bucket.ts";
import { type FunctionDefinition, functionNameOf, functionsOf } from "../stacks/definitions/functions.ts";
import { type RoleDefinition, modelCardAccountRoles } from "../stacks/definitions/roles.ts";
import type { PolicyDocument } from "../stacks/definitions/policy.ts";
import { deadLetterQueues, rules } from "../stacks/definitions/rules.ts";
import { modelCardAccountPersonaRoles } from "../stacks/definitions/personas.ts";
import { stageAccountRoles } from "../stacks/definitions/stage-account.ts";
import { stateMachines } from "../stacks/definitions/state-machines.ts";
import { table } from "../stacks/definitions/table.ts";
import type { LocalContext } from "./context.ts";
import { DeployedDefinitions } from "./deployed-definitions.ts";
import { createRetryStrategy } from "./retry-strategy.ts";
import type { DynamoDb } from "./dynamodb/dynamodb.ts";
import type { createDirectRequestHandler } from "./endpoint/direct-request-handler.ts";
import type { EventBridge } from "./event-bridge/event-bridge.ts";
import type { Identity } from "./identity/identity.ts";
import { type DurableMap, durableMap } from "./journal/durable-map.ts";
import type { Kms } from "./kms/kms.ts";
import type { Lambda } from "./lambda/lambda.ts";
import type { S3 } from "./s3/s3.ts";
import type { Ses } from "./ses/ses.ts";
import type { Sqs } from "./sqs/sqs.ts";
import type { StepFunctions } from "./step-functions/step-functions.ts";

interface DeploymentOptions {
  context: LocalContext;
  settings: Settings;
  awsUrl: () => string;
  approvalPageUrl: (region: string) => string;
  consoleUrl?: (region: string) => string;
  logLevel: "INFO" | "SILENT";
  writeLog?: (line: string) => void;
  requestHandler: ReturnType<typeof createDirectRequestHandler>;
  reservedConcurrency?: "enforced" | "ignored";
  /** Loads a module of the repository by its path from the root. */
  loadModule: (path: string) => Promise<unknown>;
  services: {
    identity: Identity;
    dynamoDb: DynamoDb;
    kms: Kms;
    sqs: Sqs;
    s3: S3;
    ses: Ses;
    lambda: Lambda;
    stepFunctions: StepFunctions;
    eventBridge: EventBridge;
  };
}

const HandlerModuleSchema = z.object({
  handler: z.custom<LambdaHandler>((value) => typeof value === "function" && "start" in value),
});

/** Puts the plain definitions of `stacks/` into the local services: the very data that deploys to AWS. */
export class Deployments {
  private readonly options: DeploymentOptions;
  private readonly opened = new Set<string>();
  private readonly definitions: DeployedDefinitions;
  private readonly retryStrategy: ReturnType<typeof createRetryStrategy>;
  /** Every Region that has ever been opened. */
  private readonly regions: DurableMap<true>;

  constructor(options: DeploymentOptions) {
    this.options = options;
    this.definitions = new DeployedDefinitions(options.context);
    this.retryStrategy = createRetryStrategy(options.context);
    this.regions = durableMap(options.context, "deployment/regions");
  }

  /** Deploys Cardway into all Regions that an earlier process had opened. */
  reopen(): void {
    for (const region of this.regions.keys()) this.open(region);
  }

  /** Deploys Cardway into a Region at the first call, and does nothing at later ones. */
  open(region: string): void {
    if (this.opened.has(region)) return;
    this.deploy(region);
    this.opened.add(region);
  }

  /** What a function of a Region is started with: as in AWS, with the permissions of its own role and no others. */
  functionRuntime(folder: string, region: string): Runtime {
    const name = functionNameOf(folder);
    const deployment = this.placeIn(region);
    const definition = functionsOf(deployment).find(({ functionName }) => functionName === name);
    if (definition === undefined) throw new TypeError(`stacks/definitions/functions.ts defines no ${name}`);
    return this.runtimeOf(definition, deployment);
  }

  /** What calls in a Region by the administrator of the model card account are made with. */
  administratorRuntime(region: string): Runtime {
    return this.runtime({
      AWS_ACCESS_KEY_ID: this.options.settings.modelCardAccountId,
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_REGION: region,
    });
  }

  /** Loads the code of all functions, which otherwise waits for the first invocation of each. */
  async loadFunctions(): Promise<void> {
    const { region } = this.options.settings.deployment;
    for (const { handlerPath } of functionsOf(this.placeIn(region)))
      await this.options.loadModule(handlerPath);
  }

  private deploy(region: string): void {
    const { settings, services } = this.options;
    const { dynamoDb, kms, sqs, s3, ses, lambda, stepFunctions, eventBridge } = services;
    const deployment = this.placeIn(region);
    const place = { accountId: deployment.modelCardAccountId, region };

    const { definitions } = this;
    const { sender } = settings.approval;
    definitions.make(`table/${region}`, () => void dynamoDb.createTable({ ...place, table }));
    const { bucketName, isVersioned } = evidenceBucket(deployment);
    definitions.put(`bucket/${region}`, { bucketName, isVersioned }, () =>
      s3.putBucket({ ...place, name: bucketName, isVersioned }),
    );
    definitions.make(`key/${region}`, () => {
      kms.createKey({ ...place, alias: linkKeyAlias, keyUsage: "GENERATE_VERIFY_MAC", keySpec: "HMAC_256" });
    });
    definitions.make(`configuration-set/${region}`, () =>
      ses.createConfigurationSet({ ...place, configurationSetName }),
    );
    definitions.make(`identity/${region}/${sender}`, () =>
      ses.createEmailIdentity({ ...place, emailIdentity: sender }),
    );
    for (const { queueName, policy } of deadLetterQueues(deployment)) {
      definitions.put(`queue/${region}/${queueName}`, policy, () =>
        sqs.putQueue({ ...place, queueName, attributes: { Policy: JSON.stringify(policy) } }),
      );
    }
    definitions.make(`bus/${region}`, () => void eventBridge.createEventBus(place, { Name: eventBusName }));

    this.putRoles(region);
    for (const { reservedConcurrency, ...definition } of functionsOf(deployment)) {
      const isLimited = this.options.reservedConcurrency === "enforced" && reservedConcurrency !== undefined;
      lambda.createFunction(place, {
        ...definition,
        ...(isLimited && { reservedConcurrency }),
        handlerPath: definition.handlerPath.replace(/\.ts$/, ".handler"),
        roleArn: roleArnOf(definition.functionName, place.accountId),
        environment: definition.environment(deployment),
        load: async () => {
          const { handler } = HandlerModuleSchema.parse(
            await this.options.loadModule(definition.handlerPath),
          );
          return handler.start(this.runtimeOf(definition, deployment));
        },
      });
    }
    for (const { name, definition, role } of stateMachines(deployment)) {
      const roleArn = roleArnOf(role.roleName, place.accountId);
      definitions.put(`state-machine/${region}/${name}`, { definition, roleArn }, () =>
        stepFunctions.putStateMachine({ name, definition: JSON.stringify(definition), roleArn }, place),
      );
    }
    const defined = rules(deployment, settings);
    for (const { name, description, target, ...trigger } of defined) {
      definitions.put(`rule/${region}/${name}`, { description, target, trigger }, () => {
        eventBridge.putRule(place, {
          Name: name,
          Description: description,
          ...("pattern" in trigger
            ? { EventPattern: JSON.stringify(trigger.pattern) }
            : { ScheduleExpression: trigger.scheduleExpression }),
        });
        eventBridge.putTargets(place, { Rule: name, Targets: [target] });
      });
    }
    const ruleNames = defined.map(({ name }) => name);
    definitions.removeOthers(`rule/${region}/`, ruleNames, (name) => eventBridge.removeRule(place, name));
  }

  /** Roles belong to no Region: those of the model card account get one policy for each Region that is open. */
  private putRoles(region: string): void {
    const settings = onOneMachine(this.options.settings);
    this.regions.set(region, true);
    const inRegions = [...this.regions.keys()].map((name) => {
      const deployment = this.placeIn(name);
      return [...modelCardAccountRoles(deployment), ...modelCardAccountPersonaRoles(deployment, settings)];
    });
    for (const role of inRegions[0] ?? []) {
      const sameRole = inRegions.flatMap((roles) =>
        roles.filter(({ roleName }) => roleName === role.roleName),
      );
      this.putRole(
        role,
        sameRole.map(({ policy }) => policy),
      );
    }
    for (const accountId of stageAccounts(settings)) {
      for (const role of stageAccountRoles(accountId, settings)) this.putRole(role, [role.policy]);
    }
  }

  private putRole(role: RoleDefinition, policies: PolicyDocument[]): void {
    const { roleName, accountId, trust, permissionsBoundary } = role;
    const defined = {
      roleArn: roleArnOf(roleName, accountId),
      trust,
      policies: policies
        .filter(({ Statement }) => Statement.length > 0)
        .map((document, index) => ({
          name: index === 0 ? roleName : `${roleName}-${index + 1}`,
          document,
        })),
      ...(permissionsBoundary !== undefined && { boundary: permissionsBoundary }),
    };
    this.definitions.put(`role/${defined.roleArn}`, defined, () =>
      this.options.services.identity.putRole(defined),
    );
  }

  /** What Lambda would set for a function: its own variables, and the credentials of its own role. */
  private runtimeOf(definition: FunctionDefinition, deployment: Deployment): Runtime {
    const { functionName } = definition;
    const roleArn = roleArnOf(functionName, deployment.modelCardAccountId);
    const credentials = this.options.services.identity.credentialsOf(roleArn, functionName);
    return this.runtime({
      ...definition.environment(deployment),
      AWS_REGION: deployment.region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      LOG_LEVEL: this.options.logLevel,
    });
  }

  private runtime(environment: Record<string, string>): Runtime {
    const { context, settings, requestHandler, awsUrl, writeLog } = this.options;
    return {
      environment: { ...environment, AWS_ENDPOINT_URL: awsUrl() },
      settings,
      now: () => context.clock.now(),
      wait: (ms) =>
        new Promise((resolve) => {
          context.clock.after(ms, resolve);
        }),
      requestHandler,
      retryStrategy: this.retryStrategy,
      ...(writeLog && { writeLog }),
      trace: (client) => client,
    };
  }

  private placeIn(region: string): Deployment {
    const { settings, approvalPageUrl, consoleUrl } = this.options;
    return deploymentOf(onOneMachine(settings), approvalPageUrl(region), region, consoleUrl?.(region));
  }
}

/**
 * One machine has no VPCs, no tags of people, no keys of cards and no issuer, and each account's administrator plays everybody
 * in it.
 */
function onOneMachine(settings: Settings): Settings {
  const { exportBuckets } = settings.deployment.personas;
  const personas = PersonaSettingsSchema.parse({ exportBuckets });
  const deployment = { ...settings.deployment, console: undefined, cardKeyArns: [], personas };
  return { ...settings, deployment };
}
