import { createHash } from "node:crypto";
import * as z from "zod";
import type { EventEnvelope } from "../events/envelope.ts";
import { createApprovalPageDependencies } from "../functions/approval-page/handler.ts";
import { createPromotionRecords } from "../functions/aws/dynamodb.ts";
import { createModelCards } from "../functions/aws/sagemaker.ts";
import type { Card } from "../functions/lifecycle/card.ts";
import type { Settings } from "../functions/lifecycle/settings.ts";
import type { PromotionRecords } from "../functions/records/promotion-records.ts";
import { type LocalCloud, createLocalCloud } from "../local/cloud.ts";
import { tableName } from "../stacks/definitions/deployment.ts";
import { createApprovalApp } from "../web/approval-app.tsx";
import { accounts, cardArn, pageUrl, region } from "./accounts.ts";
import { Faults } from "./faults.ts";
import {
  type Call,
  type FunctionHost,
  type FunctionWorld,
  type SdkAnswer,
  type SdkRequest,
  operationOf,
  textOf,
} from "./function-host.ts";
import { MemoryTable } from "./memory-table.ts";
import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";
import { settingsOf } from "./settings.ts";
import { SimulatedClock } from "./simulated-clock.ts";
import { WatchedTable, type Write } from "./watched-table.ts";

/** How long a call is under way in one direction, in milliseconds. */
const longestTripMs = 40;

/** What a call that takes too long takes, in milliseconds: most functions have 30 seconds. */
const slowTripMs = 40_000;

/** Longest time after its function's end that a call still takes effect, in milliseconds. */
const afterlifeMs = 25_000;

/** What waits for a number of calls waits no longer than this, in milliseconds, where none come. */
const longestWaitForCallsMs = 600_000;

/** The page while nobody decides: then it may change nothing. */
const lookingFolder = "approval-page (looking)";

const changing = new Set(["PutItem", "StartExecution", "SendTaskSuccess", "UpdateModelCard", "PutEvents"]);

const cardChanges = new Set(["CreateModelCard", "UpdateModelCard", "DeleteModelCard"]);

const CardInputSchema = z.object({
  ModelCardName: z.string(),
  ModelCardStatus: z.string().optional(),
  Content: z.string().optional(),
});

/** A change of a card that AWS carried out. */
export interface CardChange {
  /** Folder of the function, or the account id of who it was. */
  by: string;
  operation: string;
  modelCardArn: string;
  status: string | undefined;
  /** The card as ApplyDecision saw it last, where it was that. */
  seen: CardChange["before"];
  /** The card as it was before; `undefined` where there was none. */
  before: { version: number; status: string; creationTime: string } | undefined;
}

/** One schedule: the whole system on virtual time, in which things go wrong as a seed says. */
export class World implements FunctionWorld {
  readonly clock: SimulatedClock;
  readonly cloud: LocalCloud;
  readonly faults: Faults;
  settings: Settings;
  readonly table: WatchedTable;
  readonly records: PromotionRecords;
  readonly plan: Plan;
  readonly random: Random;
  /** What happened, a line each. */
  readonly trace: string[] = [];
  /** Changes of cards that AWS carried out. */
  readonly cardChanges: CardChange[] = [];
  /** Whether somebody has let production write by hand: then Cardway can only end that soon. */
  isMeddledWith = false;
  /** Whether somebody has let production's reader role update: then Cardway can only take the cards away from it soon. Since when, in milliseconds since the epoch. */
  readerWidenedAt: number | undefined;
  /** Whether that has ever been, mended or not. */
  wasReaderWidened = false;
  /** Whether settings were deployed meanwhile, be it that what was changed was changed back. */
  isDeployedAnew = false;
  /** Whether no event of AWS arrives at all. */
  losesEvents = false;
  /** Cards as ApplyDecision saw them last, by ARN. */
  private readonly seenByApplyDecision = new Map<string, CardChange["before"]>();
  /** Who wrote a content first, by the content: an account id. No two people write the same. */
  readonly writers = new Map<string, string>();
  /** Moments of production's changes, in milliseconds since the epoch, of which an event arrived that names its account. */
  readonly toldBy = new Set<number>();
  /** Calls by which opening a page changed something: there must be none. */
  readonly changesByLooking: string[] = [];
  readonly observed = { eventsLost: 0, executions: 0, duplicatesAbsorbed: 0 };
  /** Hears of the end of every try of ConfirmAccess. */
  onConfirmed: (event: unknown, beganMs: number, error: string | undefined) => void = () => undefined;
  /** Hears of every write of a record. */
  onWrite: (write: Write) => void = () => undefined;
  private readonly startMs: number;
  private calls = 0;
  private awaited: { atCall: number; perform: () => Promise<void> } | undefined;
  private readonly credentials = new Map<string, { accessKeyId: string; sessionToken: string }>();
  private readonly host: FunctionHost;

  constructor(host: FunctionHost, plan: Plan, random: Random, omittedFaults: ReadonlySet<number>) {
    this.host = host;
    this.plan = plan;
    this.random = random;
    this.faults = new Faults(random, omittedFaults);
    this.settings = settingsOf(plan.settings);
    const start = new Date("2026-01-01T00:00:00.000Z");
    this.startMs = start.getTime();
    this.clock = new SimulatedClock(start, () => random.next("order"));
    this.table = new WatchedTable(new MemoryTable());
    host.world = this;
    this.cloud = createLocalCloud({
      context: {
        clock: this.clock,
        newId: () => random.id("id"),
        random: () => random.next("jitter"),
        log: (line) => this.tell(line),
      },
      settings: this.settings,
      homeRegion: region,
      awsUrl: () => "http://aws.test",
      approvalPageUrl: () => pageUrl,
      logLevel: "SILENT",
      associationDelayMs: () => this.associationMs(),
      eventDelayMs: () => this.eventDelayMs(),
      copiesOfEvent: (event) => this.copiesOf(event),
      keepFinishedExecutions: 10_000,
      keepMessages: 10_000,
      modelCardBehaviour: plan.modelCardBehaviour,
      ramBehaviour: {
        ...plan.ramBehaviour,
        associationOutcome: (entity) => this.failureOf(entity),
      },
      organizationAccountIds: plan.settings.shareOutsideOrganization
        ? [accounts.owner]
        : Object.values(accounts),
      crossAccountSimulation: plan.crossAccountSimulation,
      loadModule: async (path) => host.moduleOf(path),
    });
    this.cloud.open(region);
    this.cloud.stepFunctions.onExecutionChange(({ name, stateMachineArn: machine, status }) => {
      if (status === "RUNNING") this.observed.executions += 1;
      this.tell(`${machine.slice(machine.lastIndexOf(":") + 1)} ${name.slice(0, 8)}: ${status}`);
    });
    this.table.onWrite = (write) => {
      if (write.key.sk.startsWith("EFFECT#")) this.tell(`effect ${effectText(write.after)}`);
      this.onWrite(write);
    };
    this.records = createPromotionRecords(
      { ...this.cloud.administratorRuntime(region), table: this.table },
      tableName,
    );
  }

  tell(line: string): void {
    this.trace.push(`${String(this.clock.now().getTime() - this.startMs).padStart(10)} ${line}`);
  }

  /** Names what happened, the same for the same happenings. */
  fingerprint(): string {
    return createHash("sha256").update(this.trace.join("\n")).digest("hex").slice(0, 16);
  }

  now(folder: string): Date {
    const { clockSkewMs } = this.plan;
    const skew = this.faults.active ? this.random.fixed(`skew ${folder}`, -clockSkewMs, clockSkewMs) : 0;
    return new Date(this.clock.now().getTime() + skew);
  }

  wait(ms: number): Promise<void> {
    return this.clock.sleep(ms);
  }

  credentialsOf(folder: string): { accessKeyId: string; sessionToken: string } {
    const known = this.credentials.get(folder);
    if (known !== undefined) return known;
    const name = folder === lookingFolder ? "approval-page" : folder;
    const { environment } = this.cloud.functionRuntime(name, region);
    const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SESSION_TOKEN: sessionToken = "" } = environment;
    this.credentials.set(folder, { accessKeyId, sessionToken });
    return { accessKeyId, sessionToken };
  }

  /** Does something right before a coming call of a function, or when none comes for long. */
  beforeCall(calls: number, perform: () => Promise<void>): void {
    const waiting = { atCall: this.calls + calls, perform };
    this.awaited = waiting;
    this.clock.after(longestWaitForCallsMs, () => {
      if (this.awaited !== waiting) return;
      this.awaited = undefined;
      void perform();
    });
  }

  async call<Answer>(folder: string, operation: string, { run, refused }: Call<Answer>): Promise<Answer> {
    const place = `${folder} ${operation}`;
    if (folder === lookingFolder && changing.has(operation)) this.changesByLooking.push(operation);
    const fault = this.faults.ofCall(place, this.plan.faultsPerCall);
    await this.clock.sleep(this.tripMs(place) + (fault === "slow" ? slowTripMs : 0));
    await this.host.endOverdue();
    await this.interruptCall();
    if (fault !== undefined) this.tell(`${place}: ${fault}`);
    if (fault === "throttled" || fault === "unavailable") return refused(fault);
    if (fault === "died-before") return never();
    if (fault === "died-during") {
      this.clock.after(this.random.between(`afterlife ${place}`, 1, afterlifeMs), () => {
        this.tell(`${place} (its function has ended)`);
        void run();
      });
      return never();
    }
    this.tell(place);
    const answer = await run();
    if (fault === "died-after") return never();
    if (fault === "answer-lost") return refused("unavailable");
    await this.clock.sleep(this.tripMs(place));
    await this.host.endOverdue();
    return answer;
  }

  async handle(by: string, request: SdkRequest): Promise<SdkAnswer> {
    const operation = operationOf(request);
    if (operation === "DescribeModelCard" && by === "apply-decision") {
      const { ModelCardName } = CardInputSchema.parse(JSON.parse(textOf(request.body)));
      this.seenByApplyDecision.set(ModelCardName, this.cardState(ModelCardName));
    }
    if (!cardChanges.has(operation)) return this.cloud.requestHandler.handle(request);
    const { ModelCardName, ModelCardStatus, Content } = CardInputSchema.parse(
      JSON.parse(textOf(request.body)),
    );
    const modelCardArn = ModelCardName.startsWith("arn:") ? ModelCardName : cardArn(ModelCardName);
    const before = this.cardState(modelCardArn);
    const answer = await this.cloud.requestHandler.handle(request);
    if (answer.response.statusCode === 200) {
      const seen = by === "apply-decision" ? this.seenByApplyDecision.get(modelCardArn) : undefined;
      if (Content !== undefined && !this.writers.has(Content)) this.writers.set(Content, by);
      this.cardChanges.push({
        seen,
        by,
        operation,
        modelCardArn,
        status: ModelCardStatus,
        before,
      });
    }
    return answer;
  }

  ended(folder: string, event: unknown, beganMs: number, error?: Error): void {
    if (folder === "confirm-access") this.onConfirmed(event, beganMs, error?.name);
  }

  /** A card as Cardway would read it now. */
  async readCard(modelCardArn: string): Promise<Card> {
    return createModelCards(this.cloud.administratorRuntime(region)).read(modelCardArn);
  }

  /** A card as it is; `undefined` where it is gone or going. */
  cardState(modelCardArn: string): CardChange["before"] {
    const card = this.cloud.findModelCard(modelCardArn);
    const newest = card?.versions.at(-1);
    if (card === undefined || newest === undefined) return undefined;
    const { version, status } = newest;
    return { version, status, creationTime: card.creationTime.toISOString() };
  }

  /** The approval page as one visit finds it. */
  page(purpose: "look" | "decide") {
    const folder = purpose === "look" ? lookingFolder : "approval-page";
    const { environment } = this.cloud.functionRuntime("approval-page", region);
    return createApprovalApp({
      ...createApprovalPageDependencies(this.host.runtime(folder, environment)),
      log: (line) => this.tell(`approval-page: ${line}`),
      newNonce: () => this.random.id("nonce"),
    });
  }

  private tripMs(place: string): number {
    return this.random.between(`trip ${place}`, 1, longestTripMs);
  }

  private async interruptCall(): Promise<void> {
    this.calls += 1;
    if (this.awaited === undefined || this.awaited.atCall > this.calls) return;
    const { perform } = this.awaited;
    this.awaited = undefined;
    this.faults.count("step-between-calls");
    await perform();
  }

  private eventDelayMs(): number {
    const usual = this.random.between("event delay", 1, 3_000);
    return this.nextEventIsLate ? usual + this.random.between("event late", 60_000, 3_600_000) : usual;
  }

  private nextEventIsLate = false;

  /** How many events arrive of what changed at a moment. */
  private readonly arrivals = new Map<number, number>();

  /** RAM's slowness is a fault too. */
  private associationMs(): number {
    const longest = this.faults.active ? this.plan.associationMs : Math.min(this.plan.associationMs, 3_000);
    return this.random.between("association", 0, longest);
  }

  private failureOf(entity: string): string | undefined {
    const { failedAssociations } = this.plan;
    if (!this.faults.active || !this.random.chance("failed association", failedAssociations))
      return undefined;
    this.faults.count("association-failed");
    this.tell(`RAM will fail to associate ${entity.slice(entity.lastIndexOf(":") + 1)}`);
    return "The association failed";
  }

  private copiesOf(event: EventEnvelope): number {
    if (this.losesEvents) return 0;
    const name = `${event.source} ${event["detail-type"]}`;
    const fault = this.faults.ofEvent(name, this.plan.eventFaults);
    if (fault !== undefined) this.tell(`${name}: ${fault}`);
    this.nextEventIsLate = fault === "event-delayed";
    if (fault === "event-lost") this.observed.eventsLost += 1;
    const copies = fault === "event-lost" ? 0 : fault === "event-duplicated" ? 2 : 1;
    const moment = this.clock.now().getTime();
    if (copies > 0 && JSON.stringify(event.detail).includes(accounts.prod)) this.toldBy.add(moment);
    const before = this.arrivals.get(moment) ?? 0;
    this.arrivals.set(moment, before + copies);
    this.observed.duplicatesAbsorbed += Math.max(0, before + copies - 1) - Math.max(0, before - 1);
    return copies;
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

const EffectSchema = z.object({
  detailType: z.string(),
  detail: z.object({
    audience: z.object({ stage: z.string() }).optional(),
    outcome: z.string().optional(),
    stage: z.string().optional(),
    error: z.string().optional(),
    message: z.string().optional(),
  }),
});

function effectText(effect: unknown): string {
  const { detailType, detail } = EffectSchema.parse(effect);
  const { audience, outcome, stage, error, message } = detail;
  return [detailType, audience?.stage ?? stage, outcome, error, message]
    .filter((part) => part !== undefined)
    .join(" ");
}
