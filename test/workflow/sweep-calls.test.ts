import { AssociateResourceShareCommand, CreateResourceShareCommand } from "@aws-sdk/client-ram";
import { AddTagsCommand, type ModelCardStatus } from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Audience } from "../../events/access.ts";
import { createDynamoDbTable } from "../../functions/aws/dynamodb.ts";
import { createModelCardList } from "../../functions/aws/model-card-list.ts";
import { audienceKey, wantedAudiences } from "../../functions/lifecycle/access-plan.ts";
import { audiencePrincipals } from "../../functions/lifecycle/read-only.ts";
import { type Settings, defineSettings } from "../../functions/lifecycle/settings.ts";
import { newApprovalRequest } from "../../functions/records/approval-request.ts";
import { newCardRecord, withAnnounced } from "../../functions/records/card-record.ts";
import { createRecordsIn } from "../../functions/records/records-in-table.ts";
import type { Table } from "../../functions/records/table.ts";
import { ProgressSchema } from "../../functions/sweep/progress.ts";
import { handler } from "../../functions/sweep/handler.ts";
import { NoHash } from "../../simulation/function-host.ts";
import { tableName } from "../../stacks/definitions/deployment.ts";
import { lambdaContext } from "../web/http-api.ts";
import { accounts, createTestCloud, eitherDecides, promotionArn, region } from "./test-cloud.ts";

const [lifecycle] = eitherDecides.lifecycles;
const { policyVersion: _derived, ...settingsInput } = eitherDecides;
const Tags = [{ Key: "team", Value: "churn" }];
const routedByTag = defineSettings({
  ...settingsInput,
  routes: [{ tag: { key: "team", value: "churn" }, lifecycle: "default" }],
});
const executionsArn = promotionArn.replace(":stateMachine:", ":execution:");
const waiterOf = (name: string): string => `${executionsArn}:waits-for-${name}`;

/** Cards, one after the other in these statuses, each shared, recorded and asked about as its status calls for. */
async function settledCards(cards: number, statuses: ModelCardStatus[], settings: Settings = eitherDecides) {
  const { policyVersion } = settings;
  const test = createTestCloud({ settings, eventDelayMs: () => Number.MAX_SAFE_INTEGER });
  const inAudience = new Map<string, { audience: Audience; resourceArns: string[] }>();
  for (let card = 0; card < cards; card += 1) {
    const ResourceArn = await test.createCard(`card-${card}`, statuses[card % statuses.length]);
    if (settings === routedByTag) await test.owner.send(new AddTagsCommand({ ResourceArn, Tags }));
  }
  // Nothing of them is there yet, and nobody checks signatures: this is most of the time that it takes.
  const runtime = { ...test.cloud.administratorRuntime(region), sha256: NoHash };
  const table: Table = { ...createDynamoDbTable(runtime, tableName), get: () => Promise.resolve(undefined) };
  const records = createRecordsIn(table);
  const list = createModelCardList(runtime);
  const waiters: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await list.page(nextToken);
    for (const listed of page.cards) {
      const { modelCardArn, modelCardName, status } = listed;
      const card = { ...listed, version: 1, editors: [], riskRating: "Low" as const };
      const audiences = wantedAudiences(lifecycle, status);
      for (const audience of audiences) {
        const found = inAudience.get(audienceKey(audience)) ?? { audience, resourceArns: [] };
        inAudience.set(audienceKey(audience), found);
        found.resourceArns.push(modelCardArn);
      }
      const { creationTime, lastModifiedTime } = listed;
      const state = { status, creationTime, lastModifiedTime, version: 1 };
      const settled = { ...state, policyVersion, approvedHere: false, executionArn: waiterOf("nobody") };
      const record = withAnnounced({ ...newCardRecord(modelCardArn), settled }, audiences);
      if (status !== "PendingReview") {
        await records.changeCard(modelCardArn, () => ({ record, result: undefined }));
        continue;
      }
      const request = newApprovalRequest(card, {
        lifecycle: "default",
        riskRating: "Low",
        policyVersion,
        policy: eitherDecides.approval.policies.Low,
        approvers: [],
        deputies: [],
        authors: [],
        keyArn: "any",
        now: test.clock.now(),
        requestsEnded: 0,
      });
      const executionArn = waiterOf(modelCardName);
      waiters.push(executionArn);
      await records.addRequest({ ...request, waiting: { executionArn, taskToken: "any" } });
      const currentRequest = { requestId: request.requestId, creationTime, version: 1 };
      await records.changeCard(modelCardArn, () => ({
        record: { ...record, currentRequest },
        result: undefined,
      }));
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  for (const { audience, resourceArns } of inAudience.values()) await share(test, audience, resourceArns);
  return { test, waiters, settings };
}

async function share(
  test: ReturnType<typeof createTestCloud>,
  audience: Audience,
  resourceArns: string[],
): Promise<void> {
  const ram = test.ram(accounts.owner);
  for (let start = 0; start < resourceArns.length; start += 5_000) {
    const { resourceShare } = await ram.send(
      new CreateResourceShareCommand({
        name: `${audience.stage}-${start}`,
        principals: audiencePrincipals(audience, lifecycle),
        allowExternalPrincipals: false,
        tags: [{ key: "cardway:audience", value: audienceKey(audience) }],
      }),
    );
    const resourceShareArn = resourceShare?.resourceShareArn;
    const end = Math.min(start + 5_000, resourceArns.length);
    for (let at = start; at < end; at += 100) {
      const page = resourceArns.slice(at, Math.min(at + 100, end));
      await ram.send(new AssociateResourceShareCommand({ resourceShareArn, resourceArns: page }));
    }
  }
}

const bodyOf = (body: unknown): string =>
  body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
const ListExecutionsSchema = z.object({ nextToken: z.string().default("0") });

/** Runs the sweep's function with every AWS call counted. The executions that wait are played: there are too many to run. */
async function countedSweep({ test, waiters, settings }: Awaited<ReturnType<typeof settledCards>>) {
  const calls: Record<string, number> = {};
  const runtime = test.cloud.functionRuntime("sweep", region);
  const direct = test.cloud.requestHandler;
  const requestHandler: typeof direct = {
    ...direct,
    async handle(request) {
      const target = request.headers["x-amz-target"]?.split(".").at(-1);
      const call = target ?? (request.path === "/" ? "stage account" : request.path);
      calls[call] = (calls[call] ?? 0) + 1;
      if (call !== "ListExecutions") return direct.handle(request);
      const { nextToken } = ListExecutionsSchema.parse(JSON.parse(bodyOf(request.body)));
      const page = waiters.slice(Number(nextToken), Number(nextToken) + 1_000);
      const end = Number(nextToken) + page.length;
      const answer = {
        executions: page.map((executionArn) => ({
          executionArn,
          name: executionArn.split(":").at(-1),
          startDate: test.clock.now().getTime() / 1_000,
        })),
        ...(end < waiters.length && { nextToken: String(end) }),
      };
      const headers = { "content-type": "application/x-amz-json-1.0" };
      const body = new TextEncoder().encode(JSON.stringify(answer));
      return { response: { statusCode: 200, headers, body } };
    },
  };
  const run = handler.start({ ...runtime, requestHandler, settings });
  const input = {
    executionArn: `arn:aws:states:${region}:${accounts.owner}:execution:cardway-sweep:1`,
    startedAt: test.clock.now().toISOString(),
    dryRun: false,
    progress: null,
  };
  const progress = ProgressSchema.parse(await run(input, lambdaContext("cardway-sweep")));
  return { calls, total: Object.values(calls).reduce((sum, count) => sum + count, 0), progress };
}

const differencesOf = (one: Record<string, number>, other: Record<string, number>): object =>
  Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((call) => {
      const more = (other[call] ?? 0) - (one[call] ?? 0);
      return more === 0 ? [] : [[call, more]];
    }),
  );

describe("the sweep's calls", () => {
  it("are by the page at 10,000 cards in review, and by the card only where one differs", async () => {
    const cards = 10_000;
    const settled = await settledCards(cards, ["PendingReview"]);

    const { calls, total, progress } = await countedSweep(settled);

    expect(progress).toMatchObject({ scanned: cards, differing: 0, failing: 0, started: 0 });
    expect(calls).toStrictEqual({
      // Of cards and of requests.
      Scan: 7,
      ListExecutions: 10,
      ListModelCards: 100,
      "/getresourceshares": 1,
      // 20,000 cards in shares, and their principals.
      "/getresourceshareassociations": 41,
      // The sweep before this one, and this one as that of the next.
      GetItem: 2,
      PutItem: 1,
      PutEvents: 2,
    });
    expect(total).toBeLessThanOrEqual(cards / 100 + 20_000 / 500 + 25);

    await settled.test.setStatus(arnOf("card-0"), "Archived");
    await settled.test.edit(arnOf("card-1"), { intended_uses: { risk_rating: "High" } });
    const changed = await countedSweep(settled);

    expect(changed.progress).toMatchObject({ differing: 2, started: 2 });
    // Of each its record, its request, and whether somebody waits for that.
    expect(differencesOf(calls, changed.calls)).toStrictEqual({
      GetItem: 4,
      DescribeExecution: 2,
      StartExecution: 2,
    });
  }, 300_000);

  it("are by the page where cards are in every status", async () => {
    const cards = 1_000;
    const settled = await settledCards(cards, ["Draft", "PendingReview", "Approved", "Archived"]);

    const { calls, progress } = await countedSweep(settled);

    expect(progress).toMatchObject({ scanned: cards, differing: 0, failing: 0, started: 0 });
    expect(calls).toStrictEqual({
      Scan: 1,
      ListExecutions: 1,
      ListModelCards: 10,
      "/getresourceshares": 1,
      "/getresourceshareassociations": 4,
      GetItem: 2,
      PutItem: 1,
      PutEvents: 1,
      // Once for the read-only stage: its role is taken, and its reader's policies are asked about.
      "stage account": 2,
    });
  }, 60_000);

  it("are by the page where routes ask for tags, and ask for those of a card only where it differs", async () => {
    const cards = 1_000;
    const settled = await settledCards(cards, ["Draft", "PendingReview", "Archived"], routedByTag);

    const { calls, progress } = await countedSweep(settled);

    expect(progress).toMatchObject({ scanned: cards, differing: 0, failing: 0, started: 0 });
    expect(calls).toStrictEqual({
      Scan: 1,
      ListExecutions: 1,
      Search: 10,
      "/getresourceshares": 1,
      "/getresourceshareassociations": 3,
      GetItem: 2,
      PutItem: 1,
      PutEvents: 1,
    });

    await settled.test.setStatus(arnOf("card-0"), "Archived");
    const changed = await countedSweep(settled);

    expect(changed.progress).toMatchObject({ differing: 1, started: 1 });
    expect(differencesOf(calls, changed.calls)).toStrictEqual({
      DescribeModelCard: 1,
      ListTags: 1,
      GetItem: 1,
      StartExecution: 1,
    });
  }, 60_000);
});

function arnOf(name: string): string {
  return `arn:aws:sagemaker:${region}:${accounts.owner}:model-card/${name}`;
}
