// @ts-nocheck
import { RedriveExecutionCommand, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { AddTagsCommand, DeleteTagsCommand } from "@aws-sdk/client-sagemaker";
import { DescribeModelCardCommand } from "@aws-sdk/client-sagemaker";
import { it } from "vitest";
import { defineSettings } from "../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { accounts, promotionArn, pageUrl } from "./test-cloud.ts";
import { gate, hooked, pass, rest, spin } from "./scratch-harness.ts";
const base = () => { const { policyVersion: _, ...r } = lifecycleSettings; return structuredClone(r); };
const look = (test, arn) => test.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: promotionArn, input: JSON.stringify({ modelCardArn: arn, reason: "look" }) }));
const can = async (client, arn) => { try { await client.send(new DescribeModelCardCommand({ ModelCardName: arn })); return true; } catch (e) { return e.name; } };
const report = async (label, test, arn) => {
  let st; try { st = await test.status(arn); } catch (e) { st = e.name; }
  console.log(`### ${label}\nstatus ${st}\nstory ${JSON.stringify(await test.story(arn))}\nexecutions ${JSON.stringify((await test.executions()).map((e) => e.status))}\nrecord ${JSON.stringify(await test.records.changeCard(arn, (r) => ({ record: r, result: { claim: r.claim?.state, current: r.currentRequest, approved: r.approved, settled: r.settled, lookAgain: r.lookAgain, announced: Object.keys(r.announced) } })))}\nprod reads: ${await can(await test.reader(accounts.prod), arn)}`);
};

it("1 MM: first approver decides while the mails go out", async () => {
  const { test, hooks } = hooked();
  const g = gate(); const g2 = gate(); let mails = 0; let prodGrant = 0;
  hooks.call = async (folder, op, phase) => {
    if (folder === "request-approval" && phase === "after" && op.includes("outbound-emails")) { mails++; if (mails === 1) await g.promise; }
    if (folder === "revoke-access" || folder==="grant-access") if (hooks.hold) await g2.promise;
  };
  hooks.start = async (folder) => { if (hooks.hold && (folder === "revoke-access" || folder === "grant-access")) await g2.promise; };
  const arn = await test.createCard("churn", "PendingReview");
  await test.until("mail", () => test.links("churn").length >= 1 || undefined);
  hooks.hold = true;
  console.log("post", (await test.post(test.links("churn")[0], "approve")).status);
  await pass(test, 40);
  hooks.hold = false; g.open();
  await pass(test, 40); g2.open();
  console.log(await rest(test));
  await report("1", test, arn);
}, 120000);

it("2 B: redriven RequestApproval overwrites the current request", async () => {
  const { test, hooks } = hooked();
  const g = gate(); let hold = true;
  hooks.start = async (folder) => { if (hold && folder === "request-approval") await g.promise; };
  const arn = await test.createCard("churn", "PendingReview");
  await test.until("in request-approval", () => hooks.trace.includes("request-approval") || undefined);
  const x1 = (await test.executions()).find((e) => e.status === "RUNNING");
  await test.stepFunctions.send(new StopExecutionCommand({ executionArn: x1.executionArn }));
  hold = false;
  // the Lambda of the stopped step is killed: never resumes (gate stays closed)
  await test.edit(arn, { model_overview: { problem_type: "v2" } });
  await test.until("mails v2", () => test.links("churn").length >= 2 || undefined);
  await pass(test, 40);
  const v2link = test.links("churn")[0];
  await test.stepFunctions.send(new RedriveExecutionCommand({ executionArn: x1.executionArn }));
  await pass(test, 60, 20);
  console.log("mails after redrive", test.cloud.ses.messages().map((m) => m.Subject));
  console.log("post v2", (await test.post(v2link, "approve")).status);
  await pass(test, 60, 500);
  await report("2", test, arn);
  console.log("running", (await test.executions()).filter((e) => e.status === "RUNNING").length);
}, 120000);

it("3 A: lookAgain at the request leaves it without a waiter", async () => {
  const { test, hooks } = hooked();
  const g = gate(); let first = true;
  hooks.call = async (folder, op, phase) => {
    if (folder === "read-card" && op === "DescribeModelCard" && phase === "after" && first) { first = false; await g.promise; }
  };
  const arn = await test.createCard("churn", "Draft");
  await test.until("first read", () => !first || undefined);
  await test.setStatus(arn, "PendingReview");
  hooks.start = async (folder) => { if (folder === "request-approval") { g.open(); hooks.start = undefined; await spin(600); } };
  await test.until("mails", () => test.links("churn").length >= 2 || undefined);
  await pass(test, 100, 20);
  await report("3", test, arn);
  const cur = await test.records.changeCard(arn, (r) => ({ record: r, result: r.currentRequest }));
  console.log("request", JSON.stringify((await test.records.findRequest(cur.requestId)).status), "trace", hooks.trace.join(" "));
  await test.clock.advance(30 * 24 * 3600_000); await pass(test, 60, 500);
  console.log("30 days later", JSON.stringify((await test.records.findRequest(cur.requestId)).status), JSON.stringify(await test.story(arn)));
  // P: a look at an expired request
  await look(test, arn); await pass(test, 60, 500);
  console.log("after a look", (await test.executions()).map((e) => e.status), (await test.post(test.links("churn")[0], "approve")).status, (await test.records.findRequest(cur.requestId)).status);
}, 120000);

it("4 H: card archived while the execution fails", async () => {
  const { test, hooks } = hooked();
  const g = gate();
  hooks.start = async (folder) => { if (folder === "confirm-access" && !hooks.done) { hooks.done = true; await g.promise; throw new TypeError("boom"); } };
  const arn = await test.createCard("churn", "Draft");
  await test.until("confirming", () => hooks.done || undefined);
  await test.setStatus(arn, "Archived");
  await pass(test, 60, 5);
  g.open();
  await rest(test);
  await report("4", test, arn);
  console.log("dev still reads", await can(test.sageMaker(accounts.dev), arn));
}, 120000);

it("5 F: rejection does not void an earlier approval", async () => {
  const { test } = hooked({ settings: defineSettings({ ...base(), requireRecordedApproval: true }) });
  const arn = await test.createCard("churn", "PendingReview");
  await test.until("mails", () => test.links("churn").length >= 2 || undefined);
  await pass(test, 40);
  await test.post(test.links("churn")[0], "approve"); await rest(test);
  await test.setStatus(arn, "PendingReview");
  await test.until("mails", () => test.links("churn").length >= 4 || undefined);
  await pass(test, 40);
  console.log((await test.post(test.links("churn")[2], "reject", "bad")).status); await rest(test);
  await report("5 rejected", test, arn);
  await test.setStatus(arn, "Approved"); await rest(test);
  await report("5", test, arn);
}, 120000);
