import { describe, expect, it } from "vitest";
import { readModelCardContent } from "../../local/sagemaker/model-card-content.ts";
import { approvalFixture, author, pendingCard, withIdentities } from "./approval-fixture.ts";
import { customerChurnContent } from "./customer-churn-card.ts";
import { pageText } from "./page-text.ts";

/** The record of a decision that approved a version. */
const approvedVersion = (version: number) => ({
  version,
  creationTime: pendingCard().creationTime,
  requestId: "5c1ef6ae-9f2f-4e0c-8a3f-0a6b0d6d5b11",
  lifecycle: "default",
});

describe("the approval page, opened", () => {
  it("shows who is asked what and until when", async () => {
    const { app, path } = approvalFixture();

    const answer = await app.request(path());

    expect(answer.status).toBe(200);
    expect(answer.headers.get("Content-Type")).toBe("text/html; charset=UTF-8");
    const text = await pageText(answer);
    expect(text).toContain("Approve Customer-Churn-Model-Card version 2?");
    expect(text).toContain(
      "Risk rating Medium Owner Retention analytics Status of the card now Pending review Needs 1 approval",
    );
    expect(text).toContain(
      "Who is asked Model approver (you) model-approver Has not voted yet Risk officer risk-officer Has not voted yet",
    );
    expect(text).toContain("Answer until 5 December 2026, 09:30 UTC (14 days left)");
    expect(text).toContain(`Created or edited by ${author}`);
  });

  it("gives times to machines as well", async () => {
    const { app, path } = approvalFixture();

    const html = await (await app.request(path())).text();

    expect(html).toContain('<time datetime="2026-12-05T09:30:00.000Z">5 December 2026, 09:30 UTC</time>');
  });

  it("shows a card that SageMaker takes, with its metrics as tables", async () => {
    const { app, path } = approvalFixture();

    const text = await pageText(await app.request(path()));

    expect(() => readModelCardContent(customerChurnContent)).not.toThrow();
    expect(text).toContain("Business problem One contract customer in nine leaves every year");
    expect(text).toContain("Goal Direction Maximize Facet AUC");
    expect(text).toContain(
      "Name Value Notes validation:auc 0.9127 validation:logloss 0.2419 After 312 rounds",
    );
    expect(text).toContain(
      "Confusion matrix predicted to stay predicted to leave stayed 138476 24740 left 5440 15564",
    );
    expect(text).toContain("Recall by age recall 18-29 0.752");
    expect(text).toContain("Precision by recall (16 rows)");
    expect(text).toContain("Data protection review DPR-2026-118");
    expect(text).not.toContain("What this card does not say");
  });

  it("says what each decision leads to, by the settings", async () => {
    const { app, path } = approvalFixture();

    const text = await pageText(await app.request(path()));

    expect(text).toContain(
      "If you approve, the card becomes Approved and is shared with prod (444444444444), read-only.",
    );
    expect(text).toContain(
      "If you reject, the card goes back to Draft; test (333333333333) loses its access.",
    );
  });

  it("asks for no decision about a card whose tags have taken it to another lifecycle", async () => {
    const { app, path, world } = approvalFixture({
      settings: { routes: [{ tag: { key: "team", value: "retention" }, lifecycle: "default" }] },
    });
    const untagged = await pageText(await app.request(path()));

    world.tags["team"] = "retention";

    expect(untagged).toContain("The card belongs to another lifecycle now, by its tags or by the settings.");
    expect(untagged).not.toContain("Your decision");
    expect(await pageText(await app.request(path()))).toContain("is shared with prod (444444444444)");
  });

  it("names the sections that a card leaves empty", async () => {
    const { app, path } = approvalFixture({
      content: JSON.stringify({
        model_overview: { model_owner: "Retention analytics" },
        training_details: {},
      }),
    });

    const text = await pageText(await app.request(path()));

    expect(text).toContain("Risk rating Not rated");
    expect(text).toContain(
      "Nothing is written under: Intended uses, Business details, Training details, Evaluation details, Additional information.",
    );
  });

  it("shows sections that it does not know as plain text", async () => {
    const content = JSON.stringify({
      regulatory_review: { outcome: "passed", steps: [["a", 1], { by: null }] },
    });
    const { app, path } = approvalFixture({ content });

    const text = await pageText(await app.request(path()));

    expect(text).toContain("regulatory_review outcome passed steps a 1 by not given");
  });

  it.each([
    ["text that is not JSON", '{"model_overview": {"model_owner": '],
    ["JSON that is no object", '["Approved"]'],
    ["nothing", ""],
  ])("shows %s word for word and says that it is no card", async (_case, content) => {
    const { app, path } = approvalFixture({ content });

    const text = await pageText(await app.request(path()));

    expect(text).toContain("The content of this version is not a model card");
    expect(text).toContain(`Content ${content}`.trim());
    expect(text).toContain("Risk rating Not rated, counts as high");
  });

  it("offers no approval where there is no content to review", async () => {
    const { app, path, world } = approvalFixture();
    world.content = undefined;

    const answer = await app.request(path());

    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain("The content of this version is not there");
    expect(html).not.toContain('value="approve"');
    expect(html).toContain('value="reject"');
  });

  it("labels what it asks for and keeps to scripts' and styles' policies", async () => {
    const { app, path } = approvalFixture();

    const html = await (await app.request(path())).text();

    expect(html).toMatch(/^<!doctype html><html lang="en">/);
    expect(html).toContain('<form method="post">');
    expect(html).toContain('<label class="field" for="comment">');
    expect(html).toContain('maxlength="2000"');
    expect(html.match(/<input [^>]*>/g)).toHaveLength(3);
    expect(html).not.toMatch(/<script|<style| style=| on[a-z]+=|checked/);
  });

  it("says who decided what and when after the request has ended", async () => {
    const { app, path, change, world } = approvalFixture();
    change({
      status: "approved",
      endedAt: "2026-11-21T13:02:00.000Z",
      votes: [
        {
          approverId: "risk-officer",
          name: "Risk officer",
          roles: ["risk-officer"],
          approve: true,
          comment: "Reviewed with the report.",
          at: "2026-11-21T13:02:00.000Z",
        },
      ],
    });
    world.card = pendingCard({ status: "Approved" });

    const answer = await app.request(path());

    const text = await pageText(answer);
    expect(answer.status).toBe(200);
    expect(text).toContain("Already approved by Risk officer on 21 November 2026, 13:02 UTC.");
    expect(text).toContain(
      "Risk officer risk-officer Approved on 21 November 2026, 13:02 UTC Reviewed with the report.",
    );
    expect(text).toContain("The card is now Approved.");
    expect(text).not.toContain("Your decision");
  });

  it.each([
    [
      "superseded",
      "Nobody decided: a newer version of the card took its place on 21 November 2026, 13:02 UTC.",
    ],
    ["withdrawn", "Nobody decided: the card left its review on 21 November 2026, 13:02 UTC."],
    ["expired", "Nobody decided until 5 December 2026, 09:30 UTC."],
  ] as const)("says how a request ended as %s", async (status, sentence) => {
    const { app, path, change } = approvalFixture();
    change({ status, endedAt: "2026-11-21T13:02:00.000Z" });

    const answer = await app.request(path());

    expect(answer.status).toBe(200);
    expect(await pageText(answer)).toContain(sentence);
  });

  it("says that the time is up, and shows no form", async () => {
    const { app, path, world } = approvalFixture();
    world.now = new Date("2026-12-05T09:30:00.000Z");

    const answer = await app.request(path());

    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain("The time to decide is up");
    expect(html).not.toContain("<form");
  });

  it.each([
    [{ version: 3 }, "You reviewed version 2, the card is now version 3 (Pending review)."],
    [{ status: "Draft" }, "The card is now Draft."],
    [{ status: "Deleted" }, "The card has been deleted."],
    [{ creationTime: "2026-11-20T00:00:00.000Z" }, "The card was deleted and made anew under the same name."],
  ] as const)("says how the card has moved on: %j", async (change, sentence) => {
    const { app, path, world } = approvalFixture();
    world.card = pendingCard(change);

    const answer = await app.request(path());

    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain(sentence);
    expect(html).not.toContain("<form");
  });

  it("tells the author that others decide", async () => {
    const { app, path } = approvalFixture({
      settings: { approvers: withIdentities([author]) },
    });

    const text = await pageText(await app.request(path()));

    expect(text).toContain("You cannot decide about this card You created, edited or own it");
    expect(text).toContain("It was also sent to: Risk officer.");
  });

  it.each(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])("changes nothing on %s", async (method) => {
    const { app, path, request, woken, writes } = approvalFixture();
    const before = request();

    await app.request(`${path()}?decision=approve`, { method });

    expect(request()).toBe(before);
    expect(writes()).toBe(0);
    expect(woken).toStrictEqual([]);
  });

  it("shows field by field what changed since the version that was approved last", async () => {
    const { app, path, world } = approvalFixture({
      content: JSON.stringify({
        intended_uses: { risk_rating: "Medium", purpose_of_model: "Rank all customers." },
      }),
    });
    world.contents.set(
      1,
      JSON.stringify({ intended_uses: { risk_rating: "Low", purpose_of_model: "Rank all customers." } }),
    );
    world.record = {
      ...world.record,
      approvedLast: { version: 1, creationTime: pendingCard().creationTime },
      approved: approvedVersion(1),
    };

    const text = await pageText(await app.request(path()));

    expect(text).toContain("What changed since version 1, approved last");
    expect(text).toMatch(/Intended uses.{0,20}Risk rating.{0,40}Low.{0,40}Medium/);
  });

  it("compares with no version of a card that was deleted and made anew", async () => {
    const { app, path, world } = approvalFixture();
    world.contents.set(1, "{}");
    world.record = {
      ...world.record,
      approvedLast: { version: 1, creationTime: "2020-01-01T00:00:00.000Z" },
    };

    expect(await pageText(await app.request(path()))).not.toContain("approved last");
  });

  it("says that this very version was approved before", async () => {
    const { app, path, world } = approvalFixture();
    world.record = {
      ...world.record,
      approvedLast: { version: 2, creationTime: pendingCard().creationTime },
      approved: approvedVersion(2),
    };

    expect(await pageText(await app.request(path()))).toContain("This very version was approved before");
  });

  it.each([
    [2, "This very version was set to Approved without a decision"],
    [1, "What changed since version 1, set to Approved outside Cardway"],
  ])("does not call version %i approved that somebody set so outside Cardway", async (version, title) => {
    const { app, path, world } = approvalFixture();
    world.contents.set(1, "{}");
    const { creationTime } = pendingCard();
    world.record = { ...world.record, approvedLast: { version, creationTime } };

    const text = await pageText(await app.request(path()));

    expect(text).toContain(title);
    expect(text).not.toMatch(/approved before|approved last/);
  });

  it("leads from an old link to what changed in the version that took its place", async () => {
    const { app, path, world } = approvalFixture();
    world.card = pendingCard({ version: 8 });
    world.contents.set(8, JSON.stringify({ intended_uses: { risk_rating: "Low" } }));

    const html = await (await app.request(path())).text();

    expect(html).toContain("You reviewed version 2, the card is now version 8 (Pending review).");
    expect(html).toContain('<a href="#changes">See what changed</a>');
    expect(html).toContain('id="changes"');
    expect(html).toContain("What changed from version 2 to version 8");
  });

  it("shows who has the card now and who once it is approved", async () => {
    const { app, path } = approvalFixture();

    expect(await pageText(await app.request(path()))).toContain(
      "Who has the card once it is approved Stage Now Once approved dev 222222222222 read-write read-write test 333333333333 read-write read-write prod 444444444444 no access read-only",
    );
  });

  it("shows nothing of a card that was made anew under the same name, though it has a version of that number", async () => {
    const { app, path, world } = approvalFixture({ content: JSON.stringify({ custom: "Secret" }) });
    world.card = pendingCard({ creationTime: "2026-11-20T00:00:00.000Z" });
    world.record = {
      ...world.record,
      approvedLast: { version: 1, creationTime: pendingCard().creationTime },
      approved: approvedVersion(1),
    };
    world.contents.set(1, JSON.stringify({ custom: "Secret" }));

    const text = await pageText(await app.request(path()));

    expect(text).toContain("The card was deleted and made anew under the same name.");
    expect(text).not.toContain("Secret");
  });

  it("compares with no version that was another team's", async () => {
    const [first, ...others] = withIdentities([]);
    const answersFor = { linesOfBusiness: ["Corporate"] };
    const { app, path, world } = approvalFixture({
      settings: { approvers: first === undefined ? others : [{ ...first, answersFor }, ...others] },
      content: JSON.stringify({ business_details: { line_of_business: "Corporate" } }),
    });
    world.contents.set(
      1,
      JSON.stringify({ business_details: { line_of_business: "Retail" }, custom: "Secret" }),
    );
    world.record = {
      ...world.record,
      approvedLast: { version: 1, creationTime: pendingCard().creationTime },
      approved: approvedVersion(1),
    };

    const text = await pageText(await app.request(path()));

    expect(text).toContain("Your decision");
    expect(text).not.toMatch(/Secret|approved last/);
  });

  it("shows the votes of a request that ended without a decision as void", async () => {
    const { app, path, change } = approvalFixture();
    const vote = {
      approverId: "model-approver",
      name: "Model approver",
      roles: [],
      approve: true,
      comment: "",
      at: "2026-11-21T13:02:00.000Z",
    };
    change({ status: "withdrawn", endedAt: "2026-11-21T13:30:00.000Z", votes: [vote] });

    const text = await pageText(await app.request(path()));

    expect(text).toContain(
      "Who was asked Model approver (you) model-approver Approved on 21 November 2026, 13:02 UTC, does not count any more",
    );
    expect(text).toContain("Those who are to decide about the card again get a new mail.");
  });
});
