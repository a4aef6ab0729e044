import { DisableRuleCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateModelCardCommand,
  DescribeModelCardCommand,
  SageMakerClient,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { PromotionFailed } from "../../events/promotion-failed.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { VirtualClock } from "../../local/clock.ts";
import { createLocalCloud } from "../../local/cloud.ts";
import { filledForm } from "../../local/story/approver.ts";
import { filledContent, firstContent } from "../../local/story/content.ts";
import { stateMachineArn } from "../../stacks/definitions/deployment.ts";
import { functionNameOf } from "../../stacks/definitions/functions.ts";
import { type HistoryCounts, countHistory } from "./history.ts";
import { type FunctionCounts, Meter } from "./meter.ts";

/** One card's way from `Draft` to production, as people take it. */
export interface Journey {
  risk: "Medium" | "High";
  /** How often the content is changed before review is asked for. */
  versions: number;
  hoursUntilDecision: number;
  /** How long RAM takes to associate a card, or to let it go. */
  associationMs: number;
}

export const usualJourney: Journey = {
  risk: "Medium",
  versions: 1,
  hoursUntilDecision: 1,
  associationMs: 2_000,
};

/** What one journey came to. Everything but `computeMs` is the same each time. */
export interface Counts extends HistoryCounts {
  functions: Record<string, FunctionCounts>;
  readUnits: number;
  writeUnits: number;
  kmsRequests: number;
  mails: number;
  /** Chunks of 64 kB. */
  events: number;
  eventBytes: number;
  httpRequests: number;
  pageBytes: number;
}

const region = "us-east-1";
const pageUrl = "https://approvals.test";
/** Longer than any pause between two tries of a task, in seconds. */
const longestPause = 70;

const PageSchema = z.object({ statusCode: z.number(), body: z.string() });

/**
 * Plays one journey in process, on a clock of its own, and counts. Between two steps of people everything comes to rest.
 *
 * @throws {Error} the card does not arrive.
 */
export async function countJourney({
  risk,
  versions,
  hoursUntilDecision,
  associationMs,
}: Journey): Promise<Counts> {
  const { modelCardAccountId, lifecycles } = lifecycleSettings;
  const clock = new VirtualClock(new Date("2026-01-01T00:00:00.000Z"), 1);
  const meter = new Meter();
  let ids = 0;
  const cloud = createLocalCloud({
    context: {
      clock,
      newId: () => `00000000-0000-4000-8000-${(ids += 1).toString(16).padStart(12, "0")}`,
      random: () => 0.5,
      log: (line) => console.error(line),
    },
    settings: lifecycleSettings,
    homeRegion: region,
    awsUrl: () => "http://aws.test",
    approvalPageUrl: () => pageUrl,
    logLevel: "SILENT",
    associationDelayMs: () => associationMs,
    eventDelayMs: () => 0,
    keepFinishedExecutions: 1_000,
    keepMessages: 100,
    loadModule: (path) => meter.watch(path, cloud.requestHandler),
  });
  // Loading takes real time, which the clock would run away from.
  await cloud.loadFunctions();
  cloud.open(region);
  const config = (accountId = modelCardAccountId) => ({
    endpoint: "http://aws.test",
    region,
    credentials: { accessKeyId: accountId, secretAccessKey: "any" },
    requestHandler: cloud.requestHandler,
  });
  // The sweep costs the same whether cards move or not, so it is no part of a promotion.
  await new EventBridgeClient(config()).send(new DisableRuleCommand({ Name: "cardway-sweep" }));
  const owner = new SageMakerClient(config());
  const developer = new SageMakerClient(config(lifecycles[0]?.stages[0]?.accountId));
  const lambda = new LambdaClient(config());
  const pages = { httpRequests: 0, pageBytes: 0 };

  const step = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    meter.everythingCold();
    const result = await act();
    for (let still = 0; still < longestPause; still += 1) {
      const { started } = meter;
      await settle(meter);
      await clock.advance(1_000);
      if (meter.started > started) still = 0;
    }
    return result;
  };

  const request = async (link: string, method: "GET" | "POST", body = ""): Promise<string> => {
    const event = {
      version: "2.0",
      rawPath: new URL(link).pathname,
      rawQueryString: "",
      headers: { origin: pageUrl, "content-type": "application/x-www-form-urlencoded" },
      body,
      isBase64Encoded: false,
      requestContext: { domainName: new URL(pageUrl).host, http: { method } },
    };
    const { Payload } = await lambda.send(
      new InvokeCommand({
        FunctionName: functionNameOf("approval-page"),
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    );
    const page = PageSchema.parse(JSON.parse(Buffer.from(Payload ?? []).toString()));
    if (page.statusCode !== 200) throw new Error(`The approval page answered ${page.statusCode}`);
    pages.httpRequests += 1;
    pages.pageBytes += Buffer.byteLength(page.body);
    return page.body;
  };

  const name = "Customer-Churn-Model-Card";
  const { ModelCardArn: ModelCardName } = await step(() =>
    owner.send(
      new CreateModelCardCommand({
        ModelCardName: name,
        Content: JSON.stringify(firstContent),
        ModelCardStatus: "Draft",
      }),
    ),
  );
  const Content = JSON.stringify({
    ...filledContent,
    intended_uses: { ...filledContent.intended_uses, risk_rating: risk },
  });
  for (let version = 0; version < versions; version += 1) {
    await step(() => developer.send(new UpdateModelCardCommand({ ModelCardName, Content })));
  }
  await step(() =>
    developer.send(new UpdateModelCardCommand({ ModelCardName, ModelCardStatus: "PendingReview" })),
  );
  for (let hour = 0; hour < hoursUntilDecision; hour += 1) {
    await step(() => clock.advance(3_600_000 - longestPause * 1_000));
  }
  const links = cloud.ses
    .messages()
    .flatMap(({ Body }) => /https:\S+\/approvals\/\S+/.exec(Body.text_part ?? "")?.[0] ?? []);
  for (const link of new Set(links)) {
    await step(async () => {
      const form = filledForm(await request(link, "GET"), { decision: "approve", comment: "Reviewed." });
      if (form !== undefined) await request(link, "POST", form.toString());
    });
  }

  const { ModelCardStatus } = await owner.send(new DescribeModelCardCommand({ ModelCardName }));
  if (ModelCardStatus !== "Approved" || meter.detailTypes.includes(PromotionFailed.detailType)) {
    throw new Error(`The card arrived in status ${ModelCardStatus}, after ${meter.detailTypes.join(", ")}`);
  }
  const place = { modelCardAccountId, region, approvalPageUrl: pageUrl };
  const history = await countHistory(new SFNClient(config()), stateMachineArn(place));
  cloud.close();
  const { functions, readUnits, writeUnits, kmsRequests, mails, events, eventBytes } = meter;
  return {
    ...history,
    functions: Object.fromEntries(Object.entries(functions).filter(([, { invocations }]) => invocations > 0)),
    readUnits,
    writeUnits,
    kmsRequests,
    mails,
    events,
    eventBytes,
    ...pages,
  };
}

/** Lets everything go on that waits for nothing but its turn. */
async function settle(meter: Meter): Promise<void> {
  for (let quiet = 0; quiet < 50; quiet += 1) {
    const { started } = meter;
    await new Promise((resolve) => setImmediate(resolve));
    if (meter.underWay > 0 || meter.started > started) quiet = 0;
  }
}
