// @ts-nocheck
import { RedriveExecutionCommand, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { AddTagsCommand, DeleteTagsCommand, DescribeModelCardCommand, UpdateModelCardCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { AssociateResourceShareCommand, DisassociateResourceShareCommand } from "@aws-sdk/client-ram";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
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
const toProd = async (test) => { const arn = await toReview(test); await test.post(test.links("churn")[0], "approve"); await rest(test); return arn; };

it("6 stale read claims and withdraws the open request for good", async () => {
  const { test, hooks } = hooked();
  const g = gate(); let n = 0;
  hooks.call = async (folder, op, phase) => { if (folder === "read-card" && op === "DescribeModelCard" && phase === "after") { n++; if (n === 2) await g.promise; } };
  const arn = await test.createCard("churn", "Draft"); // two executions: the 2nd one's read is slow
  await test.until("two reads", () => n >= 2 || undefined);
  await pass(test, 30);
  await test.setStatus(arn, "PendingReview");
  await test.until("mails", () => test.links("churn").length >= 2 || undefined);
  await pass(test, 40);
  g.open();
  await pass(test, 100, 50); await rest(test, 0, 500, 60);
  await report("6", test, arn);
  console.log("post", (await test.post(test.links("churn")[0], "approve")).status, "mails", test.links("churn").length);
}, 60000);

it("7 an approver edits an approved card, Cardway returns it to review, and the approver approves the own edit", async () => {
  const s = base();
  s.approvers = [s.approvers[0], { id: "editor", name: "Editor", address: "editor@example.com", identities: [`arn:aws:iam::${accounts.dev}:user/administrator`] }];
  const { test } = hooked({ settings: defineSettings(s), modelCardBehaviour: { userContext: "iam-identity" } });
  const arn = await toReview(test);
  await test.post(test.links("churn")[0], "approve"); await rest(test);
  const dev = test.sageMaker(accounts.dev);
  await test.edit(arn, { model_overview: { problem_type: "mine" } }, dev);
  const d = await test.owner.send(new DescribeModelCardCommand({ ModelCardName: arn }));
  console.log("editor of v2", JSON.stringify(d.LastModifiedBy));
  await test.until("mails v2", () => test.links("churn version 2").length >= 1 || undefined); await pass(test, 60);
  const to = test.cloud.ses.messages().filter((m) => m.Subject.includes("version 2")).map((m) => m.Destination.ToAddresses[0]);
  console.log("asked about v2", to, "last modified by", JSON.stringify((await test.owner.send(new DescribeModelCardCommand({ ModelCardName: arn }))).LastModifiedBy));
  const i = to.indexOf("editor@example.com");
  if (i >= 0) { console.log("post by editor", (await test.post(test.links("churn version 2")[i], "approve")).status); await rest(test); }
  await report("7", test, arn);
}, 60000);

it("8 a writer role of the production account", async () => {
  const s = base();
  s.lifecycles[0].stages[0].writerRoleArns = [`arn:aws:iam::${accounts.prod}:role/writer`];
  let settings; try { settings = defineSettings(s); } catch (e) { console.log("8 refused", e.message); return; }
  const { test } = hooked({ settings });
  const arn = await test.createCard("churn", "Draft"); await rest(test, 0, 500, 100);
  const { resourceShareAssociations } = await test.ram(accounts.owner).send(new (await import("@aws-sdk/client-ram")).GetResourceShareAssociationsCommand({ associationType: "PRINCIPAL" }));
  console.log("8 principals", resourceShareAssociations.map((a) => [a.resourceShareName, a.associatedEntity, a.status].join(" ")));
  const { resourceShareAssociations: res } = await test.ram(accounts.owner).send(new (await import("@aws-sdk/client-ram")).GetResourceShareAssociationsCommand({ associationType: "RESOURCE" }));
  console.log("8 resources", res.map((a) => [a.resourceShareName, a.associatedEntity, a.status].join(" ")));
  await report("8", test, arn);
}, 60000);

it("9a a principal taken out of a share by hand", async () => {
  const { test } = hooked();
  const arn = await test.createCard("churn", "Draft"); await rest(test);
  const share = await test.shareOf("cardway-default-dev-read-write");
  await test.ram(accounts.owner).send(new DisassociateResourceShareCommand({ resourceShareArn: share, principals: [accounts.dev] }));
  await look(test, arn); await rest(test);
  await report("9a look", test, arn); console.log("dev", await can(test.sageMaker(accounts.dev), arn));
  await test.setStatus(arn, "PendingReview"); await rest(test, 1, 5000);
  console.log("after review, dev", await can(test.sageMaker(accounts.dev), arn), await test.story(arn), (await test.executions()).map((e) => e.status));
}, 60000);
it("9b a stranger added to a read-write share of Cardway's", async () => {
  const { test } = hooked({ settings: defineSettings({ ...base(), shareOutsideOrganization: true }), organizationAccountIds: Object.values(accounts) });
  const arn = await test.createCard("churn", "Draft"); await rest(test);
  const share = await test.shareOf("cardway-default-dev-read-write");
  await test.ram(accounts.owner).send(new AssociateResourceShareCommand({ resourceShareArn: share, principals: [accounts.stranger] }));
  await look(test, arn); await rest(test);
  await test.setStatus(arn, "PendingReview"); await pass(test, 80, 50);
  console.log("9b stranger", await can(test.sageMaker(accounts.stranger), arn), await test.story(arn));
}, 60000);

it("10 routes by tag", async () => {
  const s = base(); s.routes = [{ tag: { key: "line", value: "retail" }, lifecycle: "default" }];
  const { test, hooks } = hooked({ settings: defineSettings(s) });
  const arn = await test.createCard("churn", "Draft"); await rest(test);
  await test.owner.send(new AddTagsCommand({ ResourceArn: arn, Tags: [{ Key: "line", Value: "retail" }] }));
  await test.setStatus(arn, "PendingReview");
  await test.until("mails", () => test.links("churn").length >= 2 || undefined); await pass(test, 40);
  const got = await test.page.request(`${pageUrl}${test.links("churn")[0]}`); console.log("10 GET", got.status, test.logged.slice(-1));
  const p = await test.post(test.links("churn")[0], "reject", ""); console.log("10 POST invalid", p.status);
  await test.owner.send(new DeleteTagsCommand({ ResourceArn: arn, TagKeys: ["line"] }));
  await look(test, arn); await rest(test);
  console.log("10 untagged", await test.story(arn));
  await test.owner.send(new AddTagsCommand({ ResourceArn: arn, Tags: [{ Key: "line", Value: "retail" }] }));
  await look(test, arn); await pass(test, 80, 50);
  await report("10 tagged again", test, arn); console.log("mails", test.links("churn").length);
}, 60000);

it("10b approved, untagged before it is applied, tagged again: loop", async () => {
  const s = base(); s.routes = [{ tag: { key: "line", value: "retail" }, lifecycle: "default" }];
  const { test, hooks } = hooked({ settings: defineSettings(s) });
  const arn = await test.createCard("churn", "Draft"); await rest(test);
  await test.owner.send(new AddTagsCommand({ ResourceArn: arn, Tags: [{ Key: "line", Value: "retail" }] }));
  await test.setStatus(arn, "PendingReview");
  await test.until("mails", () => test.links("churn").length >= 2 || undefined); await pass(test, 40);
  const running = (await test.executions()).find((e) => e.status === "RUNNING");
  await test.stepFunctions.send(new StopExecutionCommand({ executionArn: running.executionArn }));
  await test.owner.send(new DeleteTagsCommand({ ResourceArn: arn, TagKeys: ["line"] }));
  console.log("10b", (await test.post(test.links("churn")[0], "approve")).status); await rest(test);
  await test.owner.send(new AddTagsCommand({ ResourceArn: arn, Tags: [{ Key: "line", Value: "retail" }] }));
  hooks.trace.length = 0;
  await look(test, arn); console.log("rest?", await rest(test, 0, 100, 60));
  console.log("10b trace", hooks.trace.length, hooks.trace.slice(0, 24).join(" "));
  await report("10b", test, arn);
}, 60000);
