import { DescribeKeyCommand, DisableKeyCommand } from "@aws-sdk/client-kms";
import { AddTagsCommand, DeleteModelCardCommand } from "@aws-sdk/client-sagemaker";
import { RedriveExecutionCommand, SendTaskSuccessCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { type Settings, type SettingsInput, defineSettings } from "../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { linkKeyAlias } from "../../stacks/definitions/deployment.ts";
import { textOf } from "../web/page-text.ts";
import {
  type TestCloud,
  approver,
  atRest,
  authors,
  detailsOf,
  happened,
  inReview,
  linkOf,
  mediumRisk,
  recipients,
  subjectsTo,
} from "./reviews.ts";
import { createTestCloud, eitherDecides, pageUrl, promotionArn } from "./test-cloud.ts";

const { policyVersion: _derived, ...repositorySettings } = lifecycleSettings;

function underReview(options: Parameters<typeof inReview>[2] = {}, mails = 1, content: object = mediumRisk) {
  return inReview(content, mails, { settings: lifecycleSettings, ...options });
}

/** Something that a function comes to once it is armed, and where it waits, or does what a test wants, once. */
function hook(isThere: (folder: string, operation: string) => boolean) {
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  let armed: (() => Promise<void> | void) | undefined;
  return {
    arm: (action: () => Promise<void> | void = () => goOn.promise): void => {
      armed = action;
    },
    reached: reached.promise,
    goOn: goOn.resolve,
    async beforeCall(folder: string, operation: string): Promise<void> {
      const action = armed;
      if (action === undefined || !isThere(folder, operation)) return;
      armed = undefined;
      reached.resolve();
      await action();
    },
  };
}

const statusWrite = (folder: string, operation: string): boolean =>
  folder === "apply-decision" && operation === "UpdateModelCard";

/** What a function's next call becomes where the function dies; the workflow tries it again. */
function died(): never {
  throw Object.assign(new Error("The function died."), { name: "ServiceUnavailable" });
}

/** A card in review that somebody edits right before its decided status is set; the function may die right after. */
async function editedMeanwhile({ dies }: { dies: boolean }) {
  const write = hook(statusWrite);
  const read = hook((folder, operation) => folder === "apply-decision" && operation === "DescribeModelCard");
  let eventDelayMs = 0;
  const { test, modelCardArn } = await underReview({
    eventDelayMs: () => eventDelayMs,
    async beforeCall(folder, operation) {
      await write.beforeCall(folder, operation);
      await read.beforeCall(folder, operation);
    },
  });
  eventDelayMs = 30_000;
  write.arm(async () => {
    await test.edit(modelCardArn, { ...mediumRisk, model_overview: { problem_type: "Unreviewed" } });
    if (!dies) return;
    read.arm(died);
  });
  return { test, modelCardArn };
}

describe("a status that is being set", () => {
  it.each([
    { decision: "approve", status: "Approved", dies: false },
    { decision: "approve", status: "Approved", dies: true },
    { decision: "reject", status: "Draft", dies: false },
  ])(
    "by $decision is taken back from a version that nobody reviewed (function dies right after: $dies)",
    async ({ decision, status, dies }) => {
      const { test, modelCardArn } = await editedMeanwhile({ dies });

      await test.post(linkOf(test, approver), decision, "Because.");
      await happened(test, modelCardArn, "ApprovalUndone");
      await test.until("the question about the new version", () =>
        subjectsTo(test, approver).some((subject) => subject.includes("Approve churn version 2"))
          ? true
          : undefined,
      );
      await atRest(test, 1);

      expect(await test.status(modelCardArn)).toBe("PendingReview 2");
      expect(await test.story(modelCardArn)).not.toContain("AccessGranted prod");
      expect(await detailsOf(test, modelCardArn, "ApprovalUndone")).toMatchObject([
        { status, restored: "PendingReview" },
      ]);
    },
  );

  it("by a rejection stays where the function dies after somebody edited: a Draft opens nothing", async () => {
    const { test, modelCardArn } = await editedMeanwhile({ dies: true });

    await test.post(linkOf(test, approver), "reject", "Because.");
    await atRest(test);

    expect(await test.status(modelCardArn)).toBe("Draft 2");
    expect(await test.story(modelCardArn)).not.toContain("ApprovalUndone");
    expect(await test.story(modelCardArn)).not.toContain("AccessGranted prod");
  });

  it.each([
    { theirs: "Draft", dies: false },
    { theirs: "Archived", dies: false },
    { theirs: "Draft", dies: true },
    { theirs: "Archived", dies: true },
  ] as const)(
    "gives way to $theirs, which somebody set in the same moment (function dies right after: $dies)",
    async ({ theirs, dies }) => {
      const write = hook(statusWrite);
      const read = hook(
        (folder, operation) => folder === "apply-decision" && operation === "DescribeModelCard",
      );
      const { test, modelCardArn } = await underReview({
        async beforeCall(folder, operation) {
          await write.beforeCall(folder, operation);
          await read.beforeCall(folder, operation);
        },
      });
      write.arm();
      await test.post(linkOf(test, approver), "approve");
      await write.reached;

      await test.setStatus(modelCardArn, theirs);
      await test.until("another execution to see it", async () =>
        (await test.records.readCard(modelCardArn)).lookAgain ? true : undefined,
      );
      if (dies) read.arm(died);
      write.goOn();
      await happened(test, modelCardArn, "ApprovalUndone");
      await happened(test, modelCardArn, "AccessRevoked test");
      await atRest(test);

      expect(await test.status(modelCardArn)).toBe(`${theirs} 1`);
      expect(await test.story(modelCardArn)).not.toContain("AccessGranted prod");
      expect(await detailsOf(test, modelCardArn, "ApprovalDecided")).toMatchObject([{ applied: false }]);
    },
  );
});

describe("another look at the card that is under way", () => {
  const readShares = (folder: string, operation: string): boolean =>
    folder === "read-card" && operation.startsWith("/");
  const look = (test: TestCloud, modelCardArn: string) =>
    test.stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn: promotionArn,
        input: JSON.stringify({ modelCardArn, reason: "a look" }),
      }),
    );

  it("keeps nobody from hearing that the time is up", async () => {
    const shares = hook(readShares);
    const { test, modelCardArn } = await underReview(
      { settings: eitherDecides, beforeCall: shares.beforeCall },
      2,
      {},
    );
    await test.pass(335.99);
    await atRest(test, 1);
    shares.arm();
    await look(test, modelCardArn);
    await shares.reached;

    await test.clock.advance(20_000);
    shares.goOn();
    await happened(test, modelCardArn, "ApprovalDecided expired");
    await atRest(test);

    expect(subjectsTo(test, authors)).toHaveLength(1);
    expect((await test.records.readCard(modelCardArn)).outcomesToTell).toStrictEqual([]);
    expect((await test.executions()).map(({ status }) => status)).not.toContain("FAILED");
  });

  it("does not ask again about what was approved meanwhile without any change of the status", async () => {
    const { policyVersion: _version, ...settings } = eitherDecides;
    const shares = hook(readShares);
    const test = createTestCloud({
      settings: defineSettings({ ...settings, requireRecordedApproval: true }),
      beforeCall: shares.beforeCall,
    });
    const modelCardArn = await test.createCard("churn", "Approved");
    await test.until("the mails", () => (test.links("churn").length === 2 ? true : undefined));
    await atRest(test, 1);
    shares.arm();
    await look(test, modelCardArn);
    await shares.reached;

    expect((await test.post(linkOf(test, approver), "approve")).status).toBe(200);
    shares.goOn();
    await happened(test, modelCardArn, "AccessGranted prod");
    await atRest(test);

    expect(test.links("churn")).toHaveLength(2);
    expect((await test.executions()).map(({ status }) => status)).not.toContain("FAILED");
  });
});

describe("an approval is for the card's own lifecycle", () => {
  const [standard] = repositorySettings.lifecycles;
  const stages = standard?.stages ?? [];
  const person = (id: string, lifecycle: string): SettingsInput["approvers"][number] => ({
    id,
    name: id,
    address: `${id}@example.com`,
    roles: ["model-approver"],
    answersFor: { lifecycles: [lifecycle] },
  });
  const routed = (requireRecordedApproval: boolean): Settings =>
    defineSettings({
      ...repositorySettings,
      lifecycles: [
        { name: "sandbox", stages: stages.filter(({ name }) => name !== "prod") },
        { name: "critical", stages },
      ],
      routes: [
        { tag: { key: "tier", value: "critical" }, lifecycle: "critical" },
        { namePattern: "*", lifecycle: "sandbox" },
      ],
      approvers: [person("sandbox", "sandbox"), person("critical", "critical")],
      approval: {
        sender: "cardway@example.com",
        policies: { Low: { approvals: 1 }, Medium: { approvals: 1 }, High: { approvals: 1 } },
      },
      requireRecordedApproval,
    });
  const retag = (test: TestCloud, ResourceArn: string) =>
    test.owner.send(new AddTagsCommand({ ResourceArn, Tags: [{ Key: "tier", Value: "critical" }] }));

  it.each([true, false])(
    "and void once its tags say otherwise (recorded approval required: %s)",
    async (required) => {
      const { test, modelCardArn } = await underReview({ settings: routed(required) });
      await retag(test, modelCardArn);

      const answer = await test.post(linkOf(test, "sandbox@example.com"), "approve");
      await test.pass(7);
      await test.until(
        "the other lifecycle's question",
        () => linkOf(test, "critical@example.com") || undefined,
      );
      await atRest(test, 1);

      expect(answer.status).toBe(409);
      expect(textOf(answer.text)).toContain("The card belongs to another lifecycle now");
      await test.post(linkOf(test, "critical@example.com"), "approve");
      await happened(test, modelCardArn, "AccessGranted prod");
    },
  );

  it.each([true, false])("also after it was given (recorded approval required: %s)", async (required) => {
    const { test, modelCardArn } = await underReview({ settings: routed(required) });
    await test.post(linkOf(test, "sandbox@example.com"), "approve");
    await happened(test, modelCardArn, "ApprovalDecided approved");
    await atRest(test);

    await retag(test, modelCardArn);
    await test.setStatus(modelCardArn, "Archived");
    await test.setStatus(modelCardArn, "Approved");
    await test.until(
      "the other lifecycle's question",
      () => linkOf(test, "critical@example.com") || undefined,
    );
    await atRest(test, 1);

    expect(await test.story(modelCardArn)).not.toContain("AccessGranted prod");
  });

  it("and its link shows nothing of another card that takes its name", async () => {
    const { test } = await underReview();
    const old = linkOf(test, approver);
    await test.owner.send(new DeleteModelCardCommand({ ModelCardName: "churn" }));
    await test.clock.advance(1_000);
    await test.createCard("churn", "Draft", { model_overview: { model_description: "Secret" } });

    const page = textOf(await (await test.page.request(`${pageUrl}${old}`)).text());

    expect(page).toContain("made anew under the same name");
    expect(page).not.toContain("Secret");
  });
});

describe("votes", () => {
  const people = (counting: boolean, scoped: string[] = []): Settings =>
    defineSettings({
      ...repositorySettings,
      approvers: ["a", "b", "c"].map((id) => ({
        id,
        name: `Person ${id}`,
        address: `${id}@example.com`,
        ...(scoped.includes(id) && { answersFor: { cards: ["churn*"] } }),
      })),
      approval: {
        sender: "cardway@example.com",
        policies: {
          Low: { approvals: 1, oneRejectionEnds: !counting },
          Medium: { approvals: 2, oneRejectionEnds: !counting },
          High: { approvals: 2, oneRejectionEnds: !counting },
        },
      },
    });

  /** Takes somebody out of the settings for a while. */
  async function without(settings: Settings, id: string, act: () => Promise<unknown>): Promise<void> {
    const index = settings.approvers.findIndex((one) => one.id === id);
    const gone = settings.approvers.splice(index, 1);
    await act();
    settings.approvers.splice(index, 0, ...gone);
  }

  it("never turn a rejection into an approval, whoever comes and goes in the settings", async () => {
    const settings = people(false);
    const { test, modelCardArn } = await underReview({ settings }, 3);
    await test.post(linkOf(test, "a@example.com"), "approve");
    await without(settings, "a", () => test.post(linkOf(test, "b@example.com"), "approve"));

    const answer = await test.post(linkOf(test, "c@example.com"), "reject", "Leaks personal data.");
    await happened(test, modelCardArn, "ApprovalDecided rejected");
    await atRest(test);

    expect(textOf(answer.text)).toContain("You rejected churn version 1");
    expect(await test.status(modelCardArn)).toBe("Draft 1");
  });

  it("are counted again when something falls due, so that those who count again are not forgotten", async () => {
    const settings = people(false);
    const { test, modelCardArn } = await underReview({ settings }, 3);
    await test.post(linkOf(test, "a@example.com"), "approve");
    await without(settings, "a", () => test.post(linkOf(test, "b@example.com"), "approve"));
    expect(await test.status(modelCardArn)).toBe("PendingReview 1");

    await test.pass(7);
    await happened(test, modelCardArn, "AccessGranted prod");
  });

  it("that reject without ending the request make the workflow ask those who were left out so far", async () => {
    const { test, modelCardArn } = await underReview({ settings: people(true, ["a", "b"]) }, 2);
    expect(recipients(test)).toStrictEqual(["a@example.com", "b@example.com"]);

    await test.post(linkOf(test, "a@example.com"), "reject", "Not convinced.");
    await test.until("the third approver's mail", () => linkOf(test, "c@example.com") || undefined);
    await atRest(test, 1);
    await test.post(linkOf(test, "b@example.com"), "approve");
    await test.post(linkOf(test, "c@example.com"), "approve");

    await happened(test, modelCardArn, "AccessGranted prod");
  });

  it("that decide are carried out within hours also where nobody could be woken", async () => {
    const { test, modelCardArn } = await underReview();
    const { currentRequest } = await test.records.readCard(modelCardArn);
    // As a page leaves it that dies between the vote and the wake-up.
    await test.records.changeRequest(currentRequest?.requestId ?? "", (found) => ({
      record: {
        ...found,
        status: "approved",
        endedAt: test.clock.now().toISOString(),
        votes: [
          {
            approverId: "model-approver",
            name: "Model approver",
            roles: ["model-approver"],
            approve: true,
            comment: "",
            at: test.clock.now().toISOString(),
          },
        ],
      },
      result: undefined,
    }));

    await test.pass(7);
    await happened(test, modelCardArn, "AccessGranted prod");
  });
});

describe("a request", () => {
  it("whose outcome cannot be given access to is told all the same", async () => {
    const { test, modelCardArn } = await underReview();
    const broken = await test.breakFunction("cardway-revoke-access");

    await test.post(linkOf(test, approver), "reject", "Not yet.");
    await happened(test, modelCardArn, "PromotionFailed");
    await atRest(test);

    expect(test.mailTo(authors)?.Body.text_part).toContain("> Not yet.");
    await broken.repair();
    const failed = (await test.executions()).find(({ status }) => status === "FAILED");
    await test.stepFunctions.send(new RedriveExecutionCommand({ executionArn: failed?.executionArn ?? "" }));
    await happened(test, modelCardArn, "AccessRevoked test");
    await atRest(test);
    expect(subjectsTo(test, authors)).toHaveLength(1);
  });

  it("whose key was put away is asked anew, with the key that took its place", async () => {
    const { test, modelCardArn } = await underReview();
    const old = await test.kms.send(new DescribeKeyCommand({ KeyId: linkKeyAlias }));
    await test.rotateLinkKey();
    await test.kms.send(new DisableKeyCommand({ KeyId: old.KeyMetadata?.KeyId }));

    await test.pass(25);
    await happened(test, modelCardArn, "ApprovalDecided withdrawn");
    await test.until("another link", () => (test.links("churn").length === 2 ? true : undefined));
    await atRest(test, 1);

    expect((await test.post(linkOf(test, approver), "approve")).status).toBe(200);
    await happened(test, modelCardArn, "AccessGranted prod");
  });

  it.each([{ kind: "ended" }, { kind: "over" }, "nonsense", []])(
    "goes on waiting where somebody ends the wait with %j",
    async (output) => {
      const { test, modelCardArn } = await underReview();
      const { currentRequest } = await test.records.readCard(modelCardArn);
      const request = await test.records.findRequest(currentRequest?.requestId ?? "");

      await test.stepFunctions.send(
        new SendTaskSuccessCommand({
          taskToken: request?.waiting?.taskToken ?? "",
          output: JSON.stringify(output),
        }),
      );
      await test.clock.advance(60_000);
      await atRest(test, 1);

      expect((await test.post(linkOf(test, approver), "approve")).status).toBe(200);
      await happened(test, modelCardArn, "AccessGranted prod");
    },
  );
});
