import { describe, expect, it } from "vitest";
import { type SettingsInput, defineSettings } from "../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { AwsError } from "../../local/wire/aws-error.ts";
import { textOf } from "../web/page-text.ts";
import {
  approver,
  atRest,
  authors,
  deputy,
  detailsOf,
  happened,
  highRisk,
  inReview,
  linkOf,
  mediumRisk,
  officer,
  recipients,
  subjectsTo,
} from "./reviews.ts";
import { createTestCloud, pageUrl } from "./test-cloud.ts";

const hour = 3_600_000;
const { policyVersion: _derived, ...repositorySettings } = lifecycleSettings;
const { approval } = repositorySettings;
const { Low, Medium, High } = approval.policies;

function policiesWith(change: Partial<NonNullable<SettingsInput["approval"]["policies"]>>) {
  return defineSettings({
    ...repositorySettings,
    approval: { ...approval, policies: { Low, Medium, High, ...change } },
  });
}

function underReview(content: object, mails: number, options: Parameters<typeof inReview>[2] = {}) {
  return inReview(content, mails, { settings: lifecycleSettings, ...options });
}

describe("approvers who do not answer", () => {
  it("are reminded with growing pauses, only those who have not voted, with a link that works", async () => {
    const { test, modelCardArn } = await underReview(highRisk, 2);
    await test.post(linkOf(test, officer), "approve");

    for (const hours of [24, 48, 96]) {
      await test.pass(hours);
      await atRest(test, 1);
    }

    expect(subjectsTo(test, approver).map((subject) => subject.startsWith("Reminder: "))).toStrictEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(subjectsTo(test, officer)).toHaveLength(1);
    expect(await detailsOf(test, modelCardArn, "ApproversReminded")).toMatchObject([
      { round: 1, approverIds: ["model-approver"] },
      { round: 2, approverIds: ["model-approver"] },
      // The deputy was asked at the fifth day.
      { round: 3, approverIds: ["model-approver", "head-of-models"] },
    ]);
    expect((await test.post(linkOf(test, approver), "approve")).status).toBe(200);
    await happened(test, modelCardArn, "AccessGranted prod");
  });

  it("are not reminded once the request has ended", async () => {
    const { test, modelCardArn } = await underReview(mediumRisk, 1);
    await test.post(linkOf(test, approver), "approve");
    await happened(test, modelCardArn, "AccessGranted prod");
    const mails = test.cloud.ses.messages().length;

    await test.pass(400);

    expect(test.cloud.ses.messages()).toHaveLength(mails);
  });

  it("are joined by the named deputies, who can decide then and not before", async () => {
    const { test, modelCardArn } = await underReview(highRisk, 2);
    expect(recipients(test)).not.toContain(deputy);

    await test.pass(121);
    await atRest(test, 1);

    expect(await detailsOf(test, modelCardArn, "ApprovalEscalated")).toMatchObject([
      { deputyIds: ["head-of-models"] },
    ]);
    expect(test.mailTo(deputy)?.Body.text_part).toMatch(/deputy/i);
    await test.post(linkOf(test, deputy), "approve");
    await test.post(linkOf(test, approver), "approve");
    await happened(test, modelCardArn, "AccessGranted prod");
  });

  it("have links of a key that was rotated meanwhile: old and new ones work side by side", async () => {
    const { test, modelCardArn } = await underReview(highRisk, 2);
    const before = linkOf(test, officer);
    await test.rotateLinkKey();

    await test.pass(25);
    await atRest(test, 1);
    const otherCard = await test.createCard("fraud", "PendingReview", mediumRisk);
    await test.until("the other card's mail", () => test.links("fraud")[0]);
    await atRest(test, 2);

    expect((await test.post(before, "approve")).status).toBe(200);
    const reminded = test.links("churn").findLast((link) => link.includes("/model-approver/"));
    expect((await test.post(reminded ?? "", "approve")).status).toBe(200);
    expect((await test.post(test.links("fraud")[0] ?? "", "approve")).status).toBe(200);
    await happened(test, modelCardArn, "AccessGranted prod");
    await happened(test, otherCard, "AccessGranted prod");
    const keys = await Promise.all(
      [modelCardArn, otherCard].map(async (arn) => {
        const requestId = (await test.records.readCard(arn)).approved?.requestId ?? "";
        return (await test.records.findRequest(requestId))?.keyArn;
      }),
    );
    expect(new Set(keys).size).toBe(2);
  });

  it("let the request expire: the card stays in review, and everybody hears it", async () => {
    const { test, modelCardArn } = await underReview(mediumRisk, 1);

    await test.pass(337);
    await happened(test, modelCardArn, "ApprovalDecided expired");
    await atRest(test);

    expect(await test.status(modelCardArn)).toBe("PendingReview 1");
    for (const address of [approver, deputy, authors]) {
      expect(test.mailTo(address)?.Body.text_part).toMatch(/stays in|still in|stays as it is/i);
    }
  });

  it("send the card back to Draft where the policy says so", async () => {
    const settings = policiesWith({ Medium: { ...Medium, onExpiry: "return-to-draft" } });
    const { test, modelCardArn } = await underReview(mediumRisk, 1, { settings });

    await test.pass(337);
    await happened(test, modelCardArn, "ApprovalDecided expired");
    await happened(test, modelCardArn, "AccessRevoked test");
    await atRest(test);

    expect(await test.status(modelCardArn)).toBe("Draft 1");
    expect(await detailsOf(test, modelCardArn, "ApprovalDecided")).toMatchObject([{ applied: true }]);
  });

  it("show an operator that too few of them are left, instead of a wait that cannot end", async () => {
    const options: Parameters<typeof createTestCloud>[0] = { settings: lifecycleSettings };
    const { test, modelCardArn } = await underReview(mediumRisk, 1, options);
    // Both who could decide turn out to have worked on the version.
    const { creationTime } = (await test.records.readCard(modelCardArn)).currentRequest ?? {};
    lifecycleSettings.approvers.forEach(({ identities, id }) => identities.push(`profile-${id}`));
    try {
      const identities = lifecycleSettings.approvers.map(({ id }) => `profile-${id}`);
      await test.records.changeCard(modelCardArn, (record) => ({
        record: { ...record, editors: { creationTime, identities, creator: [] } },
        result: undefined,
      }));

      await test.pass(25);
      await happened(test, modelCardArn, "PromotionFailed");

      // Each sweep tries again, because nobody waits for approvers any more.
      const failures = await detailsOf(test, modelCardArn, "PromotionFailed");
      expect(failures).toMatchObject(failures.map(() => ({ error: "TooFewApproversError" })));
    } finally {
      lifecycleSettings.approvers.forEach(({ identities }) => identities.pop());
    }
  });

  it("make the workflow notice a card that left the review without any event", async () => {
    let lost = false;
    const { test, modelCardArn } = await underReview(mediumRisk, 1, {
      eventDelayMs: () => (lost ? 10_000 * hour : 0),
    });
    lost = true;
    await test.setStatus(modelCardArn, "Draft");

    await test.pass(25);
    await happened(test, modelCardArn, "ApprovalDecided withdrawn");
    await happened(test, modelCardArn, "AccessRevoked test");
    await atRest(test);
  });
});

describe("a mail that SES does not take", () => {
  const refusal = new AwsError(
    "MessageRejected",
    "Address risk-officer@example.com is on the suppression list",
  );

  it("is tried again, then announced and shown, while the other approver's mail goes out at once", async () => {
    let tries = 0;
    const { test, modelCardArn } = await underReview(highRisk, 1, {
      failMailTo(address) {
        if (address !== officer) return undefined;
        tries += 1;
        return refusal;
      },
    });

    await happened(test, modelCardArn, "NotificationFailed");
    await atRest(test, 1);

    expect(tries).toBe(4);
    expect(recipients(test)).toStrictEqual([approver]);
    const [failure] = await detailsOf(test, modelCardArn, "NotificationFailed");
    expect(failure).toMatchObject({ kind: "question", recipientId: "risk-officer" });
    expect(JSON.stringify(failure)).not.toContain("@example.com");
    const page = await test.page.request(`${pageUrl}${linkOf(test, approver)}`);
    expect(textOf(await page.text())).toContain(
      "Risk officer risk-officer Has not voted yet The mail to this approver could not be delivered.",
    );
    expect(test.logged.join("\n")).not.toContain("@example.com");
  });

  it("goes out with the first try that SES takes", async () => {
    let refusals = 2;
    const { test, modelCardArn } = await underReview(mediumRisk, 1, {
      failMailTo: () => ((refusals -= 1) >= 0 ? refusal : undefined),
    });

    expect(subjectsTo(test, approver)).toHaveLength(1);
    expect(await detailsOf(test, modelCardArn, "NotificationFailed")).toStrictEqual([]);
  });

  it("is made up for by the next reminder", async () => {
    let broken = true;
    const { test, modelCardArn } = await underReview(highRisk, 1, {
      failMailTo: (address) => (broken && address === officer ? refusal : undefined),
    });
    await happened(test, modelCardArn, "NotificationFailed");
    await atRest(test, 1);

    broken = false;
    await test.pass(24);
    await atRest(test, 1);

    expect((await test.post(linkOf(test, officer), "approve")).status).toBe(200);
    const page = await test.page.request(`${pageUrl}${linkOf(test, approver)}`);
    expect(await page.text()).not.toContain("could not be delivered");
  });

  it("about the outcome keeps nobody from access, and is announced", async () => {
    const { test, modelCardArn } = await underReview(mediumRisk, 1, {
      failMailTo: (address) => (address === authors ? refusal : undefined),
    });

    await test.post(linkOf(test, approver), "approve");
    await happened(test, modelCardArn, "NotificationFailed");
    await atRest(test);

    expect((await test.story(modelCardArn)).indexOf("AccessGranted prod")).toBeLessThan(
      (await test.story(modelCardArn)).indexOf("NotificationFailed"),
    );
    expect(await detailsOf(test, modelCardArn, "NotificationFailed")).toMatchObject([
      { kind: "outcome", recipientId: "data-science-team" },
    ]);
    expect((await test.records.readCard(modelCardArn)).outcomesToTell).toStrictEqual([]);
  });
});

describe("the outcome of a request", () => {
  const outcomeMails = (test: Awaited<ReturnType<typeof underReview>>["test"]) =>
    test.cloud.ses.messages().filter(({ Subject }) => !/^(Approve |Reminder: )/.test(Subject));

  it("is told to everybody who was asked and, with its reason, to the author of a rejected card", async () => {
    const { test, modelCardArn } = await underReview(highRisk, 2);

    await test.post(linkOf(test, officer), "reject", "No drift report.");
    await happened(test, modelCardArn, "ApprovalDecided rejected");
    await atRest(test);

    const told = outcomeMails(test);
    expect(told.flatMap(({ Destination }) => Destination.ToAddresses)).toStrictEqual([
      approver,
      officer,
      authors,
    ]);
    expect(told.every(({ Body }) => Body.text_part?.includes("> No drift report."))).toBe(true);
    expect(told.every(({ Body }) => !/https?:\/\//.test(Body.text_part ?? ""))).toBe(true);
  });

  it("is told once, however often the workflow goes by", async () => {
    const { test, modelCardArn } = await underReview(mediumRisk, 1, {
      modelCardBehaviour: { eventCopies: 3 },
      settings: lifecycleSettings,
    });

    await test.post(linkOf(test, approver), "approve");
    await happened(test, modelCardArn, "AccessGranted prod");
    await test.pass(1);
    await atRest(test);

    expect(outcomeMails(test)).toHaveLength(2);
  });

  it("goes to the author whom the settings know, and to no team then", async () => {
    const settings = defineSettings({
      ...repositorySettings,
      authors: [
        ...repositorySettings.authors,
        { id: "olivia", name: "Olivia Owner", address: "olivia@example.com" },
      ],
    });
    const content = { ...mediumRisk, model_overview: { model_owner: "Olivia Owner" } };
    const { test, modelCardArn } = await underReview(content, 1, { settings });

    await test.post(linkOf(test, approver), "reject", "Not yet.");
    await happened(test, modelCardArn, "ApprovalDecided rejected");
    await atRest(test);

    expect(test.mailTo("olivia@example.com")?.Body.text_part).toContain("> Not yet.");
    expect(test.mailTo(authors)).toBeUndefined();
  });

  it("that nobody could be told of is announced, where the settings name no author for the card", async () => {
    const settings = defineSettings({
      ...repositorySettings,
      authors: [
        {
          id: "credit",
          name: "Credit",
          address: "credit@example.com",
          answersFor: { linesOfBusiness: ["Credit"] },
        },
      ],
    });
    const { test, modelCardArn } = await underReview(mediumRisk, 1, { settings });

    await test.post(linkOf(test, approver), "reject", "Not yet.");
    await happened(test, modelCardArn, "NotificationFailed");
    await atRest(test);

    const [failure] = await detailsOf(test, modelCardArn, "NotificationFailed");
    expect(failure).toMatchObject({ kind: "outcome", message: expect.stringContaining("No author") });
  });

  it.each([
    [
      "superseded",
      async (test: Awaited<ReturnType<typeof underReview>>["test"], arn: string) => test.edit(arn, highRisk),
    ],
    [
      "withdrawn",
      async (test: Awaited<ReturnType<typeof underReview>>["test"], arn: string) =>
        test.setStatus(arn, "Draft"),
    ],
    [
      "withdrawn",
      async (test: Awaited<ReturnType<typeof underReview>>["test"], arn: string) =>
        test.setStatus(arn, "Archived"),
    ],
    [
      "withdrawn",
      async (test: Awaited<ReturnType<typeof underReview>>["test"], arn: string) =>
        test.setStatus(arn, "Approved"),
    ],
  ])("%s is told to whom it was asked, and not to the author who did it", async (outcome, change) => {
    const { test, modelCardArn } = await underReview(mediumRisk, 1);
    const old = linkOf(test, approver);

    await change(test, modelCardArn);
    await happened(test, modelCardArn, `ApprovalDecided ${outcome}`);
    await test.until("the outcome mail", () => outcomeMails(test)[0]);
    await atRest(test, outcome === "superseded" ? 1 : 0);

    expect(outcomeMails(test).flatMap(({ Destination }) => Destination.ToAddresses)).toStrictEqual([
      approver,
    ]);
    const page = await test.page.request(`${pageUrl}${old}`);
    expect(textOf(await page.text())).toContain("Nobody decided");
  });
});

describe("an approval outside Cardway", () => {
  it("is accepted, recorded and announced, and is what the next version is compared with", async () => {
    const test = createTestCloud({ settings: lifecycleSettings });
    const modelCardArn = await test.createCard("churn", "Approved", mediumRisk);
    await happened(test, modelCardArn, "PromotionCompleted ApprovedOutsideCardway");
    await atRest(test);

    await test.edit(modelCardArn, { ...mediumRisk, model_overview: { problem_type: "Churn" } });
    await test.until("the mail", () => test.mailTo(approver));
    await atRest(test, 1);

    const page = textOf(await (await test.page.request(`${pageUrl}${linkOf(test, approver)}`)).text());
    expect(await test.status(modelCardArn)).toBe("PendingReview 2");
    expect(page).toContain("What changed since version 1, set to Approved outside Cardway");
  });

  it("is asked about anew where a recorded one is required, also while a request is open", async () => {
    const settings = defineSettings({ ...repositorySettings, requireRecordedApproval: true });
    const { test, modelCardArn } = await underReview(mediumRisk, 1, { settings });
    const first = linkOf(test, approver);

    await test.setStatus(modelCardArn, "Approved");
    await happened(test, modelCardArn, "ApprovalDecided withdrawn");
    await test.until("a new question", () =>
      linkOf(test, approver) !== first && linkOf(test, approver) !== "" ? true : undefined,
    );
    await atRest(test, 1);
    expect(await test.story(modelCardArn)).not.toContain("AccessGranted prod");

    expect((await test.post(linkOf(test, approver), "approve")).status).toBe(200);
    await happened(test, modelCardArn, "AccessGranted prod");
  });
});
