// @ts-nocheck
import { RedriveExecutionCommand, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { DeleteModelCardCommand, DescribeModelCardCommand } from "@aws-sdk/client-sagemaker";
import { AssociateResourceShareCommand, GetResourceShareAssociationsCommand } from "@aws-sdk/client-ram";
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
  console.log(`### ${label}\nstatus ${st}\nstory ${JSON.stringify(await test.story(arn))}\nexecutions ${JSON.stringify((await test.executions()).map((e) => e.status))}\nrecord ${JSON.stringify(await test.records.changeCard(arn, (r) => ({ record: r, result: { claim: r.claim?.state, current: r.currentRequest, approved: r.approved, settled: r.settled && [r.settled.status, r.settled.version], announced: Object.keys(r.announced) } })))}\nprod reads: ${await can(await test.reader(accounts.prod), arn)}`);
};
const toReview = async (test, name = "churn", n = 2) => { const arn = await test.createCard(name, "PendingReview"); await test.until("mails", () => test.links(name).length >= n || undefined); await pass(test, 40); return arn; };

it("11a decision's record is lost when ApplyDecision is interrupted after the status", async () => {
  for (const d of ["approve", "reject"]) {
    const { test, hooks } = hooked();
    const arn = await toReview(test);
    hooks.call = async (folder, op, phase) => { if (folder === "apply-decision" && op === "UpdateModelCard" && phase === "after") throw new TypeError("killed"); };
    await test.post(test.links("churn")[0], d, "why"); await rest(test); hooks.call = undefined;
    const failed = (await test.executions()).find((e) => e.status === "FAILED");
    await test.stepFunctions.send(new RedriveExecutionCommand({ executionArn: failed.executionArn })); await rest(test);
    await report("11a " + d, test, arn);
  }
}, 60000);

it("11b posted twice: decided twice on record", async () => {
  const { test, hooks } = hooked();
  const arn = await toReview(test); const g = gate();
  hooks.call = async (folder, op, phase, r) => { if (folder === "apply-decision" && op === "UpdateModelCard" && phase === "before") await g.promise; };
  await test.post(test.links("churn")[0], "approve"); await pass(test, 20);
  await test.post(test.links("churn")[0], "approve"); await pass(test, 40);
  g.open(); await rest(test);
  await report("11b", test, arn);
}, 60000);

it("12 a Lambda in flight after its execution was stopped grants what nobody wants", async () => {
  const { test, hooks } = hooked();
  const arn = await test.createCard("churn", "Draft"); await rest(test);
  const g = gate(); let seen = false;
  hooks.call = async (folder, op, phase) => { if (folder === "grant-access" && op === "/associateresourceshare" && phase === "before" && !seen) { seen = true; await g.promise; } };
  await test.setStatus(arn, "PendingReview");
  await test.until("granting", () => seen || undefined);
  const x = (await test.executions()).find((e) => e.status === "RUNNING");
  await test.stepFunctions.send(new StopExecutionCommand({ executionArn: x.executionArn }));
  await test.setStatus(arn, "Archived"); await pass(test, 100, 10);
  const s1 = await test.story(arn); g.open(); await pass(test, 50, 10);
  await report("12", test, arn); console.log("story before", s1, "test reads", await can(test.sageMaker(accounts.test), arn), "elapsed", test.clock.now());
}, 60000);

it("13 ApplyDecision killed between approving an unseen version and taking it back", async () => {
  const { test, hooks } = hooked();
  const arn = await toReview(test);
  let done = 0;
  hooks.call = async (folder, op, phase) => {
    if (folder === "apply-decision" && op === "UpdateModelCard") {
      if (phase === "before" && done === 0) { done = 1; await test.edit(arn, { model_overview: { problem_type: "unseen" } }); return; }
      if (phase === "after" && done === 1) { done = 2; throw new TypeError("killed"); }
    }
  };
  await test.post(test.links("churn")[0], "approve"); await rest(test);
  await report("13", test, arn);
}, 60000);
it("13b no crash: another execution reads in the window", async () => {
  const { test, hooks } = hooked();
  const arn = await toReview(test); const g = gate();
  let done = 0;
  hooks.call = async (folder, op, phase) => {
    if (folder === "apply-decision" && op === "UpdateModelCard") {
      if (phase === "before" && done === 0) { done = 1; await test.edit(arn, { model_overview: { problem_type: "unseen" } }); return; }
      if (phase === "after" && done === 1) { done = 2; await g.promise; }
    }
  };
  await test.post(test.links("churn")[0], "approve"); await pass(test, 100, 5);
  await report("13b in the window", test, arn); g.open(); await pass(test, 100, 20);
  await report("13b later", test, arn);
}, 60000);

it("14 a card moves from a read-write to a read-only lifecycle of one account", async () => {
  const s = base();
  s.lifecycles.push({ name: "lab", stages: [{ name: "sandbox", accountId: accounts.prod, access: { Draft: "read-write", PendingReview: "read-write", Approved: "read-write", Archived: "none" } }] });
  s.routes = [{ tag: { key: "line", value: "lab" }, lifecycle: "lab" }, { namePattern: "*", lifecycle: "default" }];
  const { AddTagsCommand, DeleteTagsCommand } = await import("@aws-sdk/client-sagemaker");
  const { test } = hooked({ settings: defineSettings(s), associationDelayMs: () => 3000 });
  const arn = await test.createCard("churn", "Draft"); await rest(test, 0, 1000);
  await test.owner.send(new AddTagsCommand({ ResourceArn: arn, Tags: [{ Key: "line", Value: "lab" }] })); await look(test, arn); await rest(test, 0, 1000);
  await test.owner.send(new DeleteTagsCommand({ ResourceArn: arn, TagKeys: ["line"] })); await look(test, arn); await rest(test, 0, 1000);
  await report("14", test, arn);
}, 60000);

it("15 NotificationFailed: never expires; redrive mails expired links", async () => {
  const { test, hooks } = hooked();
  let fail = true;
  hooks.call = async (folder, op, phase, r) => { if (fail && folder === "request-approval" && op.includes("outbound-emails") && phase === "before" && String(r.body).includes("risk-officer")) { const e = new Error("x"); e.name = "MessageRejected"; throw e; } };
  const arn = await test.createCard("churn", "PendingReview"); await rest(test);
  await report("15", test, arn);
  console.log("mails", test.cloud.ses.messages().map((m) => m.Destination.ToAddresses[0]));
  await test.clock.advance(15 * 24 * 3600_000 - 60_000); await rest(test);
  await test.clock.advance(60_000);
  console.log("after 15 days", await test.story(arn), (await test.executions()).map((e) => e.status));
  fail = false; await look(test, arn); await pass(test, 80, 100);
  console.log("after look", (await test.executions()).map((e) => e.status), test.cloud.ses.messages().map((m) => m.Destination.ToAddresses[0]), "post", (await test.post(test.links("churn").at(-1), "approve")).status);
}, 60000);

it("16 writerRoleArns added later", async () => {
  const settings = defineSettings(base());
  const { test } = hooked({ settings });
  const arn = await test.createCard("churn", "Draft"); await rest(test);
  settings.lifecycles[0].stages[0].writerRoleArns = [`arn:aws:iam::${accounts.dev}:role/writer`]; settings.policyVersion = "changed00000";
  await look(test, arn); await rest(test);
  await report("16", test, arn);
  console.log("16 whole dev account still reads", await can(test.sageMaker(accounts.dev), arn));
  const c2 = await test.createCard("other", "Draft"); await pass(test, 300, 500);
  console.log("16 new card", await test.story(c2), (await test.executions()).map((e) => e.status), "dev account", await can(test.sageMaker(accounts.dev), c2));
}, 60000);
it("17 foreign card", async () => {
  const { test } = hooked();
  const arn = `arn:aws:sagemaker:us-east-1:${accounts.stranger}:model-card/theirs`;
  await look(test, arn); await rest(test); console.log("17", await test.story(arn), (await test.executions()).map((e) => e.status));
}, 60000);
it("18 delete and re-create at once; deletion event late", async () => {
  const { test } = hooked({ eventDelayMs: () => 3000 });
  const arn = await toReview(test).catch(async () => { }); 
  const a = "arn:aws:sagemaker:us-east-1:111111111111:model-card/churn";
  await pass(test, 100, 200);
  await test.post(test.links("churn")[0], "approve"); await rest(test);
  await report("18 before", test, a);
  await test.owner.send(new DeleteModelCardCommand({ ModelCardName: "churn" })); 
  for (let i = 0; i < 200; i++) { try { await test.createCard("churn", "Draft"); console.log("recreated", i); break; } catch (e) { if (i % 50 === 0) console.log(e.name, e.message); await test.clock.advance(10); } }
  await rest(test); await report("18", test, a);
}, 60000);
