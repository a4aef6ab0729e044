import { DescribeModelCardCommand } from "@aws-sdk/client-sagemaker";
import { RedriveExecutionCommand, SendTaskSuccessCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { type SettingsInput, defineSettings } from "../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { startWebServer } from "../../local/web-server.ts";
import { hiddenFields, textOf } from "../web/page-text.ts";
import {
  type TestCloud,
  approver,
  atRest,
  deputy,
  happened,
  highRisk,
  inReview,
  linkOf,
  mediumRisk,
  officer,
  recipients,
  subjectsTo,
} from "./reviews.ts";
import { accounts, createTestCloud, pageUrl } from "./test-cloud.ts";

const { policyVersion: _derived, ...repositorySettings } = lifecycleSettings;

function settingsWith(change: Partial<SettingsInput>) {
  return defineSettings({ ...repositorySettings, ...change });
}

/** A card in review under the settings of the repository, unless a test has its own. */
function underReview(content: object, mails: number, options: Parameters<typeof inReview>[2] = {}) {
  return inReview(content, mails, { settings: lifecycleSettings, ...options });
}

describe("the risk rating of a card", () => {
  it.each([
    ["Low", [approver]],
    ["Medium", [approver]],
    ["High", [approver, officer]],
    ["Unknown", [approver, officer]],
  ])("%s decides who is asked", async (risk_rating, expected) => {
    const { test } = await underReview({ intended_uses: { risk_rating } }, expected.length);

    expect(recipients(test)).toStrictEqual(expected);
  });

  it("that is missing counts as the strictest", async () => {
    const { test, modelCardArn } = await underReview({ intended_uses: {} }, 2);

    await test.post(linkOf(test, approver), "approve");
    await test.clock.advance(60_000);

    expect(await test.status(modelCardArn)).toBe("PendingReview 1");
    const asked = (await test.records.effectsOf(modelCardArn)).find(
      ({ detailType }) => detailType === "ApprovalRequested",
    );
    expect(asked?.detail).toMatchObject({
      riskRating: "Unknown",
      approvals: 2,
      roles: ["risk-officer"],
      policyVersion: lifecycleSettings.policyVersion,
    });
  });
});

describe("two approvals", () => {
  it("are both needed, and both stand in the record of the decision", async () => {
    const { test, modelCardArn } = await underReview(highRisk, 2);

    const first = await test.post(linkOf(test, officer), "approve", "Risk is acceptable.");
    expect(await test.status(modelCardArn)).toBe("PendingReview 1");
    const second = await test.post(linkOf(test, approver), "approve");
    await happened(test, modelCardArn, "AccessGranted prod");
    await atRest(test);

    expect(first.status).toBe(200);
    expect(textOf(first.text)).toContain("Your vote on churn version 1 is recorded");
    expect(textOf(first.text)).toContain("it waits for others");
    expect(textOf(second.text)).toContain("You approved churn version 1");
    const effects = await test.records.effectsOf(modelCardArn);
    expect(effects.find(({ detailType }) => detailType === "ApprovalDecided")?.detail).toMatchObject({
      outcome: "approved",
      applied: true,
      riskRating: "High",
      approverId: "model-approver",
      votes: [
        {
          approverId: "risk-officer",
          roles: ["risk-officer"],
          approve: true,
          comment: "Risk is acceptable.",
        },
        { approverId: "model-approver", roles: ["model-approver"], approve: true, comment: "" },
      ],
    });
  });

  it("are never one person's: a second click of the same approver counts for nothing", async () => {
    const { test, modelCardArn } = await underReview(highRisk, 2);

    await test.post(linkOf(test, approver), "approve");
    const again = await test.post(linkOf(test, approver), "approve");
    const other = await test.post(linkOf(test, approver), "reject", "Changed my mind.");

    expect([again.status, other.status]).toStrictEqual([409, 409]);
    expect(textOf(other.text)).toContain(
      "You approved this version Your vote was recorded on 1 January 2026",
    );
    expect(await test.status(modelCardArn)).toBe("PendingReview 1");
  });

  it("are shown to the next approver, with who has voted so far", async () => {
    const { test } = await underReview(highRisk, 2);
    await test.post(linkOf(test, officer), "approve", "Fine with me.");

    const page = await test.page.request(`${pageUrl}${linkOf(test, approver)}`);

    expect(textOf(await page.text())).toMatch(
      /Who is asked Model approver \(you\) model-approver Has not voted yet Risk officer risk-officer Approved on 1 January 2026, 00:00 UTC Fine with me\./,
    );
  });

  it("are void once one of them is a rejection", async () => {
    const { test, modelCardArn } = await underReview(highRisk, 2);

    await test.post(linkOf(test, officer), "approve");
    await test.post(linkOf(test, approver), "reject", "No hold-out data.");
    await happened(test, modelCardArn, "ApprovalDecided rejected");
    await atRest(test);

    expect(await test.status(modelCardArn)).toBe("Draft 1");
  });

  it("do not carry over to a new version, whose request starts at nought", async () => {
    const { test, modelCardArn } = await underReview(highRisk, 2);
    const old = linkOf(test, approver);
    await test.post(linkOf(test, officer), "approve");

    await test.edit(modelCardArn, { ...highRisk, model_overview: { problem_type: "Other" } });
    await test.until("new mails", () => (test.links("churn").length === 4 ? true : undefined));
    await atRest(test, 1);
    const late = await test.post(old, "approve");
    await test.post(linkOf(test, approver), "approve");
    await test.clock.advance(60_000);

    expect(late.status).toBe(409);
    expect(textOf(late.text)).toContain(
      "You reviewed version 1, the card is now version 2 (Pending review).",
    );
    expect(late.text).toContain('<a href="#changes">See what changed</a>');
    expect(textOf(late.text)).toContain("What changed from version 1 to version 2");
    expect(await test.status(modelCardArn)).toBe("PendingReview 2");
    await test.post(linkOf(test, officer), "approve");
    await happened(test, modelCardArn, "AccessGranted prod");
  });

  it("do not carry over to the same version that left the review in between, seen or unseen", async () => {
    let eventDelayMs = 0;
    const { test, modelCardArn } = await underReview(highRisk, 2, {
      eventDelayMs: () => eventDelayMs,
    });
    const old = linkOf(test, approver);
    await test.post(linkOf(test, officer), "approve");
    eventDelayMs = 300_000;

    await test.setStatus(modelCardArn, "Draft");
    await test.setStatus(modelCardArn, "PendingReview");
    const answer = await test.post(old, "approve");

    expect(answer.status).toBe(409);
    expect(textOf(answer.text)).toContain("The card was sent to review again since then.");
    await test.until("new mails", () => (test.links("churn").length === 4 ? true : undefined));
    await test.post(linkOf(test, approver), "approve");
    await test.clock.advance(60_000);
    expect(await test.status(modelCardArn)).toBe("PendingReview 1");
  });
});

describe("nobody decides about their own card", () => {
  const people = (extra: object) =>
    settingsWith({
      approvers: [
        ...repositorySettings.approvers,
        {
          id: "olivia",
          name: "Olivia Owner",
          address: "olivia@example.com",
          roles: ["model-approver"],
          ...extra,
        },
      ],
    });

  it.each([
    ["the owner that the content names", { model_owner: "Olivia Owner, retention analytics" }],
    ["the creator that the content names", { model_creator: "olivia@example.com" }],
  ])("who is %s", async (_case, model_overview) => {
    const content = { intended_uses: { risk_rating: "Medium" }, model_overview };

    const { test } = await underReview(content, 1, { settings: people({}) });

    expect(recipients(test)).not.toContain("olivia@example.com");
  });

  const administrator = [`arn:aws:iam::${accounts.owner}:user/administrator`];

  /** Notes Olivia as somebody who worked on the card, as what events tell is noted. */
  async function noteOliviasWork(test: TestCloud, modelCardArn: string): Promise<void> {
    await test.records.changeCard(modelCardArn, (record) => ({
      record: {
        ...record,
        editors: {
          creator: [],
          creationTime: record.currentRequest?.creationTime,
          identities: [...(record.editors?.identities ?? []), ...administrator],
        },
      },
      result: undefined,
    }));
  }

  it("who edits the card after they were asked: their vote is refused on the server", async () => {
    const settings = people({ identities: administrator });
    const { test, modelCardArn } = await underReview(mediumRisk, 2, { settings });
    const link = linkOf(test, "olivia@example.com");

    await noteOliviasWork(test, modelCardArn);
    const answer = await test.post(link, "approve");

    expect(answer.status).toBe(403);
    expect(textOf(answer.text)).toContain("You cannot decide about this card");
    expect(await test.status(modelCardArn)).toBe("PendingReview 1");
  });

  it("whose work was approved, where the same version is sent to review again, and only there", async () => {
    const settings = people({ identities: administrator });
    const { test, modelCardArn } = await underReview(mediumRisk, 2, { settings });
    const questions = (address: string) =>
      subjectsTo(test, address).filter((subject) => subject.startsWith("Approve churn")).length;
    await noteOliviasWork(test, modelCardArn);
    await test.post(linkOf(test, approver), "approve");
    await happened(test, modelCardArn, "AccessGranted prod");

    await test.setStatus(modelCardArn, "PendingReview");
    await test.until("the second question", () => (questions(approver) === 2 ? true : undefined));
    await atRest(test, 1);
    expect(questions("olivia@example.com")).toBe(1);

    await test.edit(modelCardArn, { ...mediumRisk, model_overview: { problem_type: "Other" } });
    await test.until("the third question", () => (questions(approver) === 3 ? true : undefined));
    await atRest(test, 1);
    expect(questions("olivia@example.com")).toBe(2);
  });

  it("and where too few are left an operator sees it at once, until a redrive finds enough", async () => {
    const content = { ...highRisk, model_overview: { model_owner: "Risk officer, Head of models" } };
    const test = createTestCloud({ settings: lifecycleSettings });
    const modelCardArn = await test.createCard("churn", "PendingReview", content);

    await happened(test, modelCardArn, "PromotionFailed");
    await atRest(test);

    const failure = (await test.records.effectsOf(modelCardArn)).find(
      ({ detailType }) => detailType === "PromotionFailed",
    );
    expect(failure?.detail).toMatchObject({
      error: "TooFewApproversError",
      message: expect.stringContaining("It is the own card of risk-officer, head-of-models."),
    });
    expect(test.links("churn")).toStrictEqual([]);
  });
});

describe("an approver of another team", () => {
  const teams = settingsWith({
    approvers: [
      ...repositorySettings.approvers,
      {
        id: "credit",
        name: "Credit",
        address: "credit@example.com",
        roles: ["model-approver"],
        answersFor: { linesOfBusiness: ["Credit"] },
      },
      {
        id: "retail",
        name: "Retail",
        address: "retail@example.com",
        roles: ["model-approver"],
        answersFor: { linesOfBusiness: ["Retail"] },
      },
    ],
  });
  const retail = {
    intended_uses: { risk_rating: "Medium" },
    business_details: { line_of_business: "retail" },
  };

  it("is not asked, and its links open nothing", async () => {
    const { test } = await underReview(retail, 1, { settings: teams });
    const stolen = linkOf(test, "retail@example.com").replace("/retail/", "/credit/");

    expect(recipients(test)).toStrictEqual(["retail@example.com"]);
    expect((await test.page.request(`${pageUrl}${stolen}`)).status).toBe(404);
  });

  it("does not see the next version of a card that has become its own through an old link of the first team", async () => {
    const { test, modelCardArn } = await underReview(retail, 1, { settings: teams });
    const old = linkOf(test, "retail@example.com");

    await test.edit(modelCardArn, {
      ...retail,
      business_details: { line_of_business: "Credit", business_problem: "Secret" },
    });
    await test.until("the other team's mail", () => test.mailTo("credit@example.com"));
    const page = textOf(await (await test.page.request(`${pageUrl}${old}`)).text());

    expect(page).toContain("You reviewed version 1, the card is now version 2");
    expect(page).not.toContain("Secret");
    expect(page).not.toContain("See what changed");
  });
});

describe("many answers at once, over HTTP", () => {
  it.each([
    ["one approval", mediumRisk, 1],
    ["two approvals", highRisk, 2],
  ])("have one effect where %s decides, and every page says who decided", async (_case, content, mails) => {
    const { test, modelCardArn } = await underReview(content, mails);
    const server = await startWebServer(test.page, 0);
    try {
      const links = [linkOf(test, approver), linkOf(test, officer)].filter((link) => link !== "");
      const forms = await Promise.all(
        links.map(async (link) => hiddenFields(await (await fetch(`${server.url}${link}`)).text())),
      );
      const posts = Array.from({ length: 60 }, (_, index) => {
        const at = index % links.length;
        const decision = { decision: "approve", comment: `Click ${index}` };
        return fetch(`${server.url}${links[at]}`, {
          method: "POST",
          body: new URLSearchParams({ ...forms[at], ...decision }),
        });
      });
      const answers = await Promise.all(posts);
      const pages = await Promise.all(answers.map((answer) => answer.text()));
      await happened(test, modelCardArn, "AccessGranted prod");
      await atRest(test);

      expect(answers.filter(({ status }) => status === 200)).toHaveLength(mails);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(60 - mails);
      const refused = pages.filter((_page, index) => answers[index]?.status === 409).map(textOf);
      expect(refused.every((page) => /(Already approved by|You approved this version)/.test(page))).toBe(
        true,
      );
      expect(refused.every((page) => page.includes("1 January 2026"))).toBe(true);
      expect(
        (await test.story(modelCardArn)).filter((effect) => effect === "ApprovalDecided approved"),
      ).toHaveLength(1);
      const last = await (await fetch(`${server.url}${links[0]}`)).text();
      expect(textOf(last)).toContain("Already approved by");
    } finally {
      await server.close();
    }
  });
});

describe("a vote that decides", () => {
  it("while the workflow is between two waits is found and not lost", async () => {
    const reminding = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const { test, modelCardArn } = await underReview(mediumRisk, 1, {
      async beforeCall(folder) {
        if (folder !== "remind-approvers") return;
        reminding.resolve();
        await goOn.promise;
      },
    });
    const link = linkOf(test, approver);
    // The first wait is over, and the next one has not begun.
    await test.pass(24);
    await reminding.promise;

    const answer = await test.post(link, "approve");
    goOn.resolve();

    expect(answer.status).toBe(200);
    await happened(test, modelCardArn, "AccessGranted prod");
    expect(await test.status(modelCardArn)).toBe("Approved 1");
  });

  it("during a redrive has one effect", async () => {
    const { test, modelCardArn } = await underReview(mediumRisk, 1);
    const link = linkOf(test, approver);
    const waiting = (await test.executions()).find(({ status }) => status === "RUNNING");
    const executionArn = waiting?.executionArn ?? "";
    await test.stepFunctions.send(new StopExecutionCommand({ executionArn }));

    await Promise.all([
      test.stepFunctions.send(new RedriveExecutionCommand({ executionArn })),
      test.post(link, "approve"),
      test.post(link, "approve"),
    ]);
    await happened(test, modelCardArn, "AccessGranted prod");
    await atRest(test);

    const story = await test.story(modelCardArn);
    expect(story.filter((effect) => effect.startsWith("ApprovalDecided"))).toStrictEqual([
      "ApprovalDecided approved",
    ]);
    expect(story.filter((effect) => effect === "AccessGranted prod")).toHaveLength(1);
  });

  it("is undone, recorded and asked again where somebody edits the card in the same moment", async () => {
    let edit: (() => Promise<void>) | undefined;
    const { test, modelCardArn } = await underReview(mediumRisk, 1, {
      async beforeCall(folder, operation) {
        // Between the look at the version and the write of the status.
        if (folder === "apply-decision" && operation === "UpdateModelCard") await edit?.();
      },
    });
    edit = async () => {
      edit = undefined;
      const content = { intended_uses: { risk_rating: "Medium", purpose_of_model: "Changed" } };
      await test.edit(modelCardArn, content);
    };

    await test.post(linkOf(test, approver), "approve");
    await happened(test, modelCardArn, "ApprovalUndone");
    await test.until("the question about the new version", () =>
      test.mailTo(approver)?.Subject.includes("version 2") ? true : undefined,
    );
    await atRest(test, 1);

    expect(await test.status(modelCardArn)).toBe("PendingReview 2");
    const story = await test.story(modelCardArn);
    expect(story).not.toContain("AccessGranted prod");
    const decided = (await test.records.effectsOf(modelCardArn)).find(
      ({ detailType }) => detailType === "ApprovalDecided",
    );
    expect(decided?.detail).toMatchObject({ outcome: "approved", applied: false });
    await test.post(linkOf(test, approver), "approve");
    await happened(test, modelCardArn, "AccessGranted prod");
  });

  it("is nobody's where the wait was ended without one: the execution waits on, with another token", async () => {
    const { test, modelCardArn } = await underReview(mediumRisk, 1);
    const { currentRequest } = await test.records.readCard(modelCardArn);
    const tokenNow = async (): Promise<string> =>
      (await test.records.findRequest(currentRequest?.requestId ?? ""))?.waiting?.taskToken ?? "";
    const taskToken = await tokenNow();

    await test.stepFunctions.send(
      new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ kind: "decided" }) }),
    );
    await test.until("another wait", async () => ((await tokenNow()) === taskToken ? undefined : true));
    await atRest(test, 1);

    expect(await test.status(modelCardArn)).toBe("PendingReview 1");
    expect(test.links("churn")).toHaveLength(1);
    await test.post(linkOf(test, approver), "approve");
    await happened(test, modelCardArn, "AccessGranted prod");
  });

  it("never gives the card more than its own next stage", async () => {
    const { test, modelCardArn } = await underReview(mediumRisk, 1);
    await test.post(linkOf(test, approver), "approve");
    await happened(test, modelCardArn, "AccessGranted prod");
    await atRest(test);

    const prod = test.sageMaker(accounts.prod);
    await expect(
      prod.send(new DescribeModelCardCommand({ ModelCardName: modelCardArn })),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
    const reader = await test.reader(accounts.prod);
    await expect(
      reader.send(new DescribeModelCardCommand({ ModelCardName: modelCardArn })),
    ).resolves.toMatchObject({ ModelCardStatus: "Approved" });
    expect(recipients(test)).not.toContain(deputy);
  });
});
