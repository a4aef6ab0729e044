import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { readAccessMatrix } from "../../queries/access-matrix.ts";
import { readMatters } from "../../queries/attention.ts";
import { auditedCards, readAudit, verifyAudit } from "../../queries/audit.ts";
import { readCardDetail } from "../../queries/card.ts";
import { readCards } from "../../queries/cards.ts";
import { readExecutions, readExecutionsOfCard } from "../../queries/executions.ts";
import { explainCard } from "../../queries/explain.ts";
import { readOpenRequests, readRequest } from "../../queries/requests.ts";
import { readStatus } from "../../queries/status.ts";
import { readSweeps } from "../../queries/sweeps.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { tableName } from "../../stacks/definitions/deployment.ts";
import { functionNameOf } from "../../stacks/definitions/functions.ts";
import { happened } from "../workflow/reviews.ts";
import { accounts } from "../workflow/test-cloud.ts";
import { organisation } from "./organisation.ts";

describe("what operators see", () => {
  it("counts cards by status, health and stage, and puts first what needs a person", async () => {
    const { sources } = await organisation();
    const status = await readStatus(sources);
    expect(status).toMatchObject({
      cards: 5,
      byStatus: { Draft: 2, PendingReview: 1, Approved: 2, Archived: 0 },
      byHealth: { well: 3, waiting: 1, attention: 1, working: 0, unseen: 0 },
      byStage: { dev: { readWrite: 4 }, test: { readWrite: 3 }, prod: { readOnly: 2 } },
    });
    expect(status.matters.map(({ kind, modelCardName }) => `${kind} ${modelCardName}`)).toStrictEqual([
      "failed failed",
      "approval-waiting review",
      "approved-outside outside",
    ]);
    expect(await readMatters(sources)).toStrictEqual(status.matters);
  });

  it("pages cards, by status and by name", async () => {
    const { sources } = await organisation();
    const first = await readCards({ limit: 2 }, sources);
    const second = await readCards({ limit: 10, nextToken: first.nextToken }, sources);
    expect([...first.cards, ...second.cards].map(({ modelCardName }) => modelCardName)).toStrictEqual([
      "approved",
      "draft",
      "failed",
      "outside",
      "review",
    ]);
    const inReview = await readCards({ limit: 10, status: "PendingReview" }, sources);
    expect(inReview.cards).toMatchObject([
      { modelCardName: "review", riskRating: "Medium", owner: "administrator", health: "waiting" },
    ]);
  });

  it("tells of one card who has access, who should, and how that is proved", async () => {
    const { sources, arns } = await organisation();
    const detail = await readCardDetail("approved", sources);
    expect(detail?.access).toMatchObject([
      {
        stage: "dev",
        wanted: "read-write",
        isAsWanted: true,
        live: [{ access: "read-write", state: "granted" }],
      },
      { stage: "test", wanted: "read-write", isAsWanted: true },
      {
        stage: "prod",
        wanted: "read-only",
        isAsWanted: true,
        proved: { executionArn: expect.stringContaining(":execution:cardway-promotion:") },
        confirmed: { executionArn: expect.stringContaining(":execution:cardway-promotion:") },
      },
    ]);
    expect(detail?.versions).toHaveLength(1);
    expect(detail?.executions[0]).toMatchObject({ status: "SUCCEEDED" });
    expect(JSON.stringify(detail?.request ?? {})).not.toContain("taskToken");
    expect(await readCardDetail("no-such-card", sources)).toBeUndefined();
    expect(detail?.card.modelCardArn).toBe(arns.approved);
  });

  it("takes no proof for one of access that came later, and was not proved", async () => {
    const { test, sources, broken, arns } = await organisation();
    await broken.repair();
    await test.breakFunction(functionNameOf("confirm-access"));
    await test.setStatus(arns.draft, "Approved");
    await happened(test, arns.draft, "PromotionFailed");
    const detail = await readCardDetail("draft", sources);
    expect(detail?.access[2]).toMatchObject({ wanted: "read-only", live: [{ access: "read-only" }] });
    expect(detail?.access[2]?.proved).toBeUndefined();
  });

  it("explains each access by the rule, the setting and the fact behind it", async () => {
    const { sources } = await organisation();
    const detail = await readCardDetail("outside", sources);
    if (detail === undefined) throw new Error("no card");
    const explanation = explainCard(detail, lifecycleSettings);
    expect(explanation.route.source).toBe("routes[0]");
    expect(explanation.status.map(({ source }) => source)).toContain("requireRecordedApproval: false");
    expect(explanation.stages[2]?.reasons[0]).toMatchObject({
      source: "lifecycles[0].stages[2].access.Approved",
    });
    expect(explanation.next).toStrictEqual([]);
  });

  it("says what is wrong with a card that nobody has access to yet, and what the next promotion would do", async () => {
    const { sources } = await organisation();
    const detail = await readCardDetail("failed", sources);
    if (detail === undefined) throw new Error("no card");
    expect(detail.access[0]).toMatchObject({
      stage: "dev",
      wanted: "read-write",
      live: [],
      isAsWanted: false,
    });
    expect(explainCard(detail, lifecycleSettings).next).toStrictEqual(["give read-write of dev"]);
    expect(detail.executions[0]).toMatchObject({ status: "FAILED" });
  });

  it("lists executions by status and by card", async () => {
    const { sources, arns } = await organisation();
    const failed = await readExecutions({ workflow: "promotion", status: "FAILED", limit: 10 }, sources);
    const ofCard = await readExecutionsOfCard(arns.failed, { limit: 10 }, sources);
    expect(failed.executions.map(({ executionArn }) => executionArn)).toContain(ofCard[0]?.executionArn);
    expect(ofCard[0]).toMatchObject({ status: "FAILED" });
    const none = await readExecutions(
      { workflow: "promotion", since: "2027-01-01T00:00:00Z", limit: 10 },
      sources,
    );
    expect(none).toStrictEqual({ executions: [], nextToken: undefined });
  });

  it("lists open requests with who was asked and who is still to answer", async () => {
    const { sources, arns } = await organisation();
    const { requests, total } = await readOpenRequests({ skip: 0, limit: 10 }, sources);
    expect(total).toBe(1);
    expect(requests).toMatchObject([
      {
        modelCardArn: arns.review,
        approvals: 1,
        asked: [{ approverId: "model-approver", mails: [{ kind: "question" }] }],
      },
    ]);
    expect(JSON.stringify(requests)).not.toMatch(/taskToken|@/);
    expect(await readRequest(requests[0]?.requestId ?? "", sources)).toMatchObject({ status: "open" });
  });

  it("shows cards by accounts, with what is announced and what RAM shows", async () => {
    const { sources } = await organisation();
    const matrix = await readAccessMatrix({ limit: 10 }, sources);
    expect(matrix.accounts.map(({ accountId }) => accountId)).toStrictEqual([
      accounts.dev,
      accounts.test,
      accounts.prod,
    ]);
    expect(matrix.rows[0]).toMatchObject({
      modelCardName: "approved",
      cells: { [accounts.prod]: { live: "read-only", announced: "read-only", state: "as-announced" } },
    });
  });

  it("shows the last sweeps and what they found", async () => {
    const { test, sources } = await organisation();
    await test.pass(1.1);
    const { sweeps, nextRunAt } = await readSweeps({ limit: 5 }, sources);
    expect(sweeps[0]).toMatchObject({ status: "SUCCEEDED", dryRun: false, findings: { scanned: 5 } });
    expect(nextRunAt).toBeDefined();
  });

  it("pages through the audit of all cards, newest first, each entry once", async () => {
    const { test, sources } = await organisation();
    await test.pass(30);
    const seen: string[] = [];
    let before: { date: string; place?: string } | undefined;
    do {
      const page = await readAudit({ since: "2026-01-01", limit: 7, before }, sources);
      seen.push(...page.entries.map(({ at, effectId }) => `${at} ${effectId}`));
      before = page.before;
    } while (before !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.map((one) => one.slice(0, 24))).toStrictEqual(
      seen
        .map((one) => one.slice(0, 24))
        .sort()
        .reverse(),
    );
    const { entries } = await verifyAudit(auditedCards(sources), sources);
    expect(seen).toHaveLength(entries);
  });

  it("verifies all chains, and says which entry of which card was changed or removed", async () => {
    const { test, sources, arns } = await organisation();
    expect((await verifyAudit(auditedCards(sources), sources)).broken).toStrictEqual([]);

    const client = DynamoDBDocumentClient.from(new DynamoDBClient(test.administrator(accounts.owner)));
    const itemsOf = async (arn: string) => {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: "pk = :pk and begins_with(sk, :sk)",
          ExpressionAttributeValues: { ":pk": `CARD#${arn}`, ":sk": "EFFECT#" },
        }),
      );
      return Items.sort((one, other) => one["data"].sequence - other["data"].sequence);
    };
    const [, second] = await itemsOf(arns.approved);
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...second, data: { ...second?.["data"], at: "2020-01-01T00:00:00.000Z" } },
      }),
    );
    const last = (await itemsOf(arns.draft)).at(-1);
    await client.send(
      new DeleteCommand({ TableName: tableName, Key: { pk: last?.["pk"], sk: last?.["sk"] } }),
    );

    const { broken } = await verifyAudit(auditedCards(sources), sources);
    expect(broken).toMatchObject([
      { modelCardName: "approved", faults: [{ kind: "changed", sequence: 2 }] },
      { modelCardName: "draft", faults: [{ kind: "removed", sequence: last?.["data"].sequence }] },
    ]);
  });
});
