import { describe, expect, it } from "vitest";
import { AwsUnavailableError } from "../../functions/errors.ts";
import { approvalFixture, author, pendingCard, post, send, withIdentities } from "./approval-fixture.ts";
import { hiddenFields, pageText } from "./page-text.ts";

const highRisk = JSON.stringify({ intended_uses: { risk_rating: "High" } });

describe("the approval page, answered", () => {
  it("records an approval and says so", async () => {
    const { app, path, request, woken } = approvalFixture();

    const answer = await post(app, path(), { decision: "approve", comment: " Reviewed. " });

    const text = await pageText(answer);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Location")).toBeNull();
    expect(text).toContain("You approved Customer-Churn-Model-Card version 2");
    expect(text).toContain("Recorded on 21 November 2026, 14:05 UTC for version 2 and no other.");
    expect(text).toContain("the card becomes Approved and is shared with prod (444444444444), read-only.");
    expect(request()).toMatchObject({
      status: "approved",
      votes: [
        {
          approverId: "model-approver",
          approve: true,
          comment: "Reviewed.",
          at: "2026-11-21T14:05:00.000Z",
        },
      ],
    });
    expect(woken).toStrictEqual(["token-1"]);
  });

  it("records a rejection with its reason", async () => {
    const { app, path, request } = approvalFixture();

    const answer = await post(app, path("risk-officer"), { decision: "reject", comment: "No data review." });

    const text = await pageText(answer);
    expect(answer.status).toBe(200);
    expect(text).toContain("You rejected Customer-Churn-Model-Card version 2");
    expect(text).toContain("the card goes back to Draft");
    expect(request().votes).toMatchObject([
      { approverId: "risk-officer", approve: false, comment: "No data review." },
    ]);
  });

  it("keeps the first decision when the form is sent twice", async () => {
    const { app, path, request } = approvalFixture();
    await post(app, path(), { decision: "approve", comment: "" });
    const decided = request();

    const again = await post(app, path(), { decision: "reject", comment: "Changed my mind." });

    const text = await pageText(again);
    expect(again.status).toBe(409);
    expect(text).toContain("Already approved by you (Model approver) on 21 November 2026, 14:05 UTC.");
    expect(text).toContain("Sending an answer again changes nothing: your first one counts.");
    expect(request()).toBe(decided);
  });

  it("lets one of two approvers decide who answer at the same moment", async () => {
    const { app, path, request, writes } = approvalFixture();

    const answers = await Promise.all([
      post(app, path("model-approver"), { decision: "approve", comment: "" }),
      post(app, path("risk-officer"), { decision: "reject", comment: "Not yet." }),
    ]);

    expect(new Set(answers.map(({ status }) => status))).toStrictEqual(new Set([200, 409]));
    expect(writes()).toBe(1);
    expect(request().status).toMatch(/approved|rejected/);
  });

  it.each([
    ["no decision", { comment: "Hello" }, "Choose either Approve or Reject"],
    ["an unknown decision", { decision: "maybe", comment: "Hello" }, "Choose either Approve or Reject"],
    ["a decision in capitals", { decision: "APPROVE", comment: "Hello" }, "Choose either Approve or Reject"],
    ["two decisions", "decision=approve&decision=reject&comment=Hello", "Choose either Approve or Reject"],
    ["no form at all", "", "Choose either Approve or Reject"],
    ["JSON", '{"decision":"approve","comment":"Hello"}', "Choose either Approve or Reject"],
    [
      "a rejection without a reason",
      { decision: "reject", comment: " \r\n " },
      "A rejection needs a reason.",
    ],
    ["two comments", "decision=approve&comment=a&comment=b", "Write one comment, or none"],
    [
      "a comment that is too long",
      { decision: "approve", comment: "é".repeat(2001) },
      "Your comment has 2,001 characters, and 2,000 is the most.",
    ],
  ])("refuses %s and decides nothing", async (_case, form, sentence) => {
    const { app, path, request, woken } = approvalFixture();

    const answer = await post(app, path(), form);

    const text = await pageText(answer);
    expect(answer.status).toBe(400);
    expect(text).toContain("Your decision was not recorded");
    expect(text).toContain(sentence);
    expect(request().status).toBe("open");
    expect(woken).toStrictEqual([]);
  });

  it("keeps what was written in a form that is sent back", async () => {
    const { app, path } = approvalFixture();
    const comment = "\nFirst line\n</textarea><script>alert(1)</script>";

    const answer = await post(app, path(), { decision: "maybe", comment });

    const html = await answer.text();
    expect(html).toContain(
      ">\n\nFirst line\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>",
    );
    expect(html).not.toContain("<script");
  });

  it("keeps the choice and points at the comment when the reason is missing", async () => {
    const { app, path } = approvalFixture();

    const html = await (await post(app, path(), { decision: "reject", comment: "" })).text();

    expect(html).toMatch(/value="reject" required="" checked=""/);
    expect(html).not.toMatch(/value="approve" required="" checked=""/);
    expect(html).toContain('aria-describedby="comment-hint comment-fault" aria-invalid="true"');
    expect(html).toContain('<a href="#comment">');
  });

  it("counts a line break as one character, as the browser's field does", async () => {
    const { app, path } = approvalFixture();
    const comment = "123456789\r\n".repeat(199) + "1234567890";

    const answer = await post(app, path(), { decision: "approve", comment });

    expect(answer.status).toBe(200);
  });

  it("takes the longest comment in a script of many bytes", async () => {
    const { app, path, request } = approvalFixture();

    const answer = await post(app, path(), { decision: "reject", comment: "審".repeat(2000) });

    expect(answer.status).toBe(200);
    expect(request().votes[0]?.comment).toBe("審".repeat(2000));
  });

  it("refuses a body that is too large and decides nothing", async () => {
    const { app, path, request } = approvalFixture();

    const answer = await post(app, path(), { decision: "approve", comment: "x".repeat(25_000) });

    expect(answer.status).toBe(413);
    expect(await pageText(answer)).toContain("shorten the comment");
    expect(request().status).toBe("open");
  });

  it("takes no decision after the time is up", async () => {
    const { app, path, world, request } = approvalFixture();
    world.now = new Date("2026-12-05T09:30:00.000Z");

    const answer = await post(app, path(), { decision: "approve", comment: "" });

    expect(answer.status).toBe(410);
    expect(await pageText(answer)).toContain("The time to decide is up");
    expect(request().status).toBe("open");
  });

  it.each([
    ["superseded", 409],
    ["withdrawn", 409],
    ["expired", 410],
  ] as const)("answers a decision on a request that ended as %s with %i", async (status, code) => {
    const { app, path, change } = approvalFixture();
    change({ status, endedAt: "2026-11-21T13:02:00.000Z" });

    const answer = await post(app, path(), { decision: "approve", comment: "" });

    expect(answer.status).toBe(code);
    expect(await pageText(answer)).toContain("Nobody decided");
  });

  it.each([
    [{ version: 8 }, "You reviewed version 2, the card is now version 8 (Pending review)."],
    [{ status: "Draft" }, "The card is now Draft."],
  ] as const)("takes no decision when the card has moved on: %j", async (change, sentence) => {
    const { app, path, world, request } = approvalFixture();
    world.card = pendingCard(change);

    const answer = await post(app, path(), { decision: "approve", comment: "" });

    expect(answer.status).toBe(409);
    expect(await pageText(answer)).toContain(sentence);
    expect(request().status).toBe("open");
  });

  it("takes no decision from the author", async () => {
    const { app, path, request } = approvalFixture({
      settings: { approvers: withIdentities([author]) },
    });

    const answer = await post(app, path(), { decision: "approve", comment: "" });

    expect(answer.status).toBe(403);
    expect(await pageText(answer)).toContain("nobody approves their own card");
    expect(request().status).toBe("open");
  });

  it("refuses an approval of content that cannot be read, and takes a rejection", async () => {
    const { app, path, world, request } = approvalFixture();
    world.content = undefined;

    const approval = await post(app, path(), { decision: "approve", comment: "" });
    const statusAfterApproval = request().status;
    const rejection = await post(app, path(), { decision: "reject", comment: "Nothing to review." });

    expect(approval.status).toBe(409);
    expect(await pageText(approval)).toContain("you can approve only what you have reviewed");
    expect(statusAfterApproval).toBe("open");
    expect(rejection.status).toBe(200);
  });

  it("asks again when the card was moved and moved back while the decision was sent", async () => {
    const { app, path, world, dependencies, request } = approvalFixture();
    const cards = [pendingCard(), pendingCard(), pendingCard({ status: "Draft" }), pendingCard()];
    dependencies.modelCards.read = async () => cards.shift() ?? world.card;

    const answer = await post(app, path(), { decision: "approve", comment: "Fine" });

    expect(answer.status).toBe(409);
    expect(await pageText(answer)).toContain("It waits for a decision again");
    expect(request().status).toBe("open");
  });

  it("names the version that the card has when it moved on right after the decision", async () => {
    const { app, path, dependencies } = approvalFixture();
    const cards = [pendingCard(), pendingCard(), pendingCard()];
    dependencies.modelCards.read = async () => cards.shift() ?? pendingCard({ version: 3, status: "Draft" });

    const answer = await post(app, path(), { decision: "approve", comment: "" });

    const text = await pageText(answer);
    expect(answer.status).toBe(200);
    expect(text).toContain("You reviewed version 2, the card is now version 3 (Draft).");
    expect(text).not.toContain("What happens now");
  });

  it("shows nothing of an unexpected error, and a repeated form finds the decision recorded", async () => {
    const { app, path, dependencies, logged, woken } = approvalFixture();
    const { executions } = dependencies;
    const fail = async () => {
      throw new AwsUnavailableError("SendTaskSuccess with token-1 failed", {
        cause: new RangeError("token-1"),
      });
    };
    const { starter } = dependencies;
    dependencies.executions = { ...executions, resume: fail };
    dependencies.starter = { start: fail };

    const token = hiddenFields(await (await app.request(path())).text());
    const form = new URLSearchParams({ ...token, decision: "approve", comment: "Secret comment" }).toString();
    const failed = await send(app, path(), form);
    dependencies.executions = executions;
    dependencies.starter = starter;
    const repeated = await send(app, path(), form);

    const text = await pageText(failed);
    expect(failed.status).toBe(500);
    expect(failed.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect(text).toContain("Something went wrong on our side");
    expect(text).not.toMatch(/token-1|SendTaskSuccess|Secret/);
    expect(logged).toStrictEqual(["The approval page failed: AwsUnavailableError (RangeError)."]);
    expect(repeated.status).toBe(409);
    expect(await pageText(repeated)).toContain("Already approved by you");
    expect(woken).toStrictEqual(["token-1"]);
  });

  it("tells a voter who is not the last one what is still missing", async () => {
    const { app, path, request, woken } = approvalFixture({ content: highRisk });

    const answer = await post(app, path(), { decision: "approve", comment: "" });

    const text = await pageText(answer);
    expect(answer.status).toBe(200);
    expect(text).toContain("Your vote on Customer-Churn-Model-Card version 2 is recorded");
    expect(text).toContain(
      "The request takes 2 approvals, one of them by a risk-officer, so it waits for others.",
    );
    expect(request().status).toBe("open");
    expect(woken).toStrictEqual([]);
  });

  it("shows a voter their vote, asks no second time and takes none", async () => {
    const { app, path, request } = approvalFixture({ content: highRisk });
    await post(app, path(), { decision: "approve", comment: "Fine." });

    const opened = await app.request(path());
    const again = await post(app, path(), { decision: "reject", comment: "Changed my mind." });

    const html = await opened.text();
    expect(html).not.toContain("<form");
    expect(html).toContain("Customer-Churn-Model-Card version 2 waits for others");
    expect(again.status).toBe(409);
    expect(await pageText(again)).toContain("Your vote was recorded on 21 November 2026, 14:05 UTC");
    expect(request().votes).toHaveLength(1);
  });

  it.each<[string, (form: URLSearchParams) => void, Record<string, string>]>([
    ["has no token", (form) => form.delete("token"), {}],
    ["has a made-up token", (form) => form.set("token", "1.2.3"), {}],
    ["has two tokens", (form) => form.append("token", "1.2.3"), {}],
    ["comes from another site, by its origin", () => undefined, { Origin: "https://evil.example" }],
    ["comes from another site, by the browser's word", () => undefined, { "Sec-Fetch-Site": "cross-site" }],
  ])("takes no decision from a form that %s", async (_case, change, headers) => {
    const { app, path, writes } = approvalFixture();
    const token = hiddenFields(await (await app.request(path())).text());
    const form = new URLSearchParams({ ...token, decision: "approve", comment: "Kept" });
    change(form);

    const answer = await app.request(path(), { method: "POST", headers, body: form });

    const html = await answer.text();
    expect(answer.status).toBe(403);
    expect(html).toContain("It did not come from this page");
    expect(html).toContain("Kept</textarea>");
    expect(writes()).toBe(0);
  });

  it("takes no decision from a page that was open for more than a day, nor from another approver's page", async () => {
    const { app, path, world, writes } = approvalFixture();
    const token = hiddenFields(await (await app.request(path("risk-officer"))).text());
    const others = new URLSearchParams({ ...token, decision: "approve" }).toString();
    const borrowed = await send(app, path(), others);

    world.now = new Date("2026-11-22T14:06:00.000Z");
    const late = await send(app, path("risk-officer"), others);

    expect([borrowed.status, late.status]).toStrictEqual([403, 403]);
    expect(writes()).toBe(0);
  });

  it("takes a decision from a page whose browser sends no origin and no word about the site", async () => {
    const { app, path, request } = approvalFixture();
    const token = hiddenFields(await (await app.request(path())).text());
    const form = new URLSearchParams({ ...token, decision: "approve" });

    const answer = await app.request(path(), { method: "POST", headers: { Origin: "null" }, body: form });

    expect(answer.status).toBe(200);
    expect(request().status).toBe("approved");
  });

  it("records the vote of the link's own approver, whatever other names the form carries", async () => {
    const { app, path, request } = approvalFixture();
    const other = { approverId: "risk-officer", requestId: "other", version: "9", name: "Risk officer" };

    const answer = await post(app, `${path()}?approverId=risk-officer`, {
      ...other,
      decision: "approve",
      comment: "",
    });

    expect(answer.status).toBe(200);
    expect(request().votes).toMatchObject([{ approverId: "model-approver", name: "Model approver" }]);
    expect(request().card.version).toBe(2);
  });

  it("starts an execution that finds the decision where waking the one that waits fails", async () => {
    const { app, path, dependencies, woken } = approvalFixture();
    dependencies.executions.resume = async () => {
      throw new AwsUnavailableError("Step Functions is not there");
    };

    const answer = await post(app, path(), { decision: "approve", comment: "" });

    expect(answer.status).toBe(200);
    expect(woken).toStrictEqual(["started"]);
  });

  it("wakes the workflow after a rejection that does not end the request, so that others are asked", async () => {
    const { app, path, request, woken, change } = approvalFixture();
    change({ policy: { ...request().policy, oneRejectionEnds: false } });

    await post(app, path(), { decision: "reject", comment: "Not me." });

    expect(request().status).toBe("open");
    expect(woken).toStrictEqual(["token-1"]);
  });

  it("takes no decision for another lifecycle than the one that it was asked for", async () => {
    const { app, path, change, request, writes } = approvalFixture();
    const token = hiddenFields(await (await app.request(path())).text());
    change({ lifecycle: "sandbox" });

    const answer = await send(app, path(), new URLSearchParams({ ...token, decision: "approve" }).toString());

    expect(answer.status).toBe(409);
    expect(writes()).toBe(0);
    expect(request().status).toBe("open");
  });
});
