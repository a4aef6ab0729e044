import { beforeAll, describe, expect, it } from "vitest";
import { AwsCallFailedError, AwsUnavailableError, RecordUnreadableError } from "../../../functions/errors.ts";
import type { Act } from "../../../functions/operate/act.ts";
import { createQuerySources } from "../../../queries/sources.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { atRest, detailsOf, happened, mediumRisk } from "../../workflow/reviews.ts";
import { type TestCloud, createTestCloud, region } from "../../workflow/test-cloud.ts";
import { hiddenFields, pageText, textOf } from "../page-text.ts";
import { auditor, operator, testConsole } from "./test-console.ts";

const own = { "Sec-Fetch-Site": "same-origin", Origin: "http://127.0.0.1:4567" };

/** Sends a confirmation's form as a browser does. */
function send(app: ReturnType<typeof testConsole>, path: string, fields: Record<string, string>) {
  return app.request(path, { method: "POST", headers: own, body: new URLSearchParams(fields) });
}

/** Opens an act's confirmation, confirms it, and opens the page that this leads to. */
async function confirm(app: ReturnType<typeof testConsole>, path: string) {
  const asked = await (await app.request(path)).text();
  const answer = await send(app, path.split("?")[0] ?? "", hiddenFields(asked));
  const location = answer.headers.get("Location") ?? "";
  const cookie = answer.headers.get("Set-Cookie")?.split(";")[0] ?? "";
  const after = await app.request(location, { headers: { Cookie: cookie } });
  return { asked: textOf(asked), status: answer.status, location, after: await pageText(after) };
}

describe("the console", () => {
  let test: TestCloud;
  let app: ReturnType<typeof testConsole>;
  let review: string;
  let requestId: string;

  beforeAll(async () => {
    // Nobody hears of the drafts, which are here to be listed.
    test = createTestCloud({
      settings: lifecycleSettings,
      copiesOfEvent: (event) => (JSON.stringify(event).includes("draft-") ? 0 : 1),
    });
    app = testConsole(test);
    const approved = await test.createCard("approved", "PendingReview", mediumRisk);
    await test.until("the mail", () => (test.links("approved").length > 0 ? true : undefined));
    await test.post(test.links("approved")[0] ?? "", "approve", "Good <b>work</b>.");
    await happened(test, approved, "AccessGranted prod");
    review = await test.createCard("review", "PendingReview", mediumRisk);
    await test.until("the mail", () => (test.links("review").length > 0 ? true : undefined));
    for (let index = 1; index <= 60; index += 1)
      await test.createCard(`draft-${String(index).padStart(2, "0")}`);
    await atRest(test, 1);
    requestId = (await test.records.readCard(review)).currentRequest?.requestId ?? "";
  }, 300_000);

  it("shows the lanes with the newest cards, and what needs attention before them", async () => {
    const text = await pageText(await app.request("/console"));

    expect(text).toMatch(/Needs attention .*review waits for approval until .* Draft newest 15 draft-60 /);
    expect(text).toContain("Pending review 1 review Medium risk administrator");
    expect(text).toContain("Archived 0 No cards.");
  });

  it("is found with a slash behind its name too", async () => {
    const answer = await app.request("/console/");

    expect(answer.status).toBe(301);
    expect(answer.headers.get("Location")).toBe("/console");
  });

  it("pages cards on the server, and keeps the filter from page to page", async () => {
    const first = await (await app.request("/console/cards?status=Draft&order=name")).text();
    const next = /href="([^"]*)" rel="next"/.exec(first)?.[1]?.replaceAll("&amp;", "&") ?? "";
    const second = await pageText(await app.request(next));

    expect(textOf(first)).toContain("draft-50");
    expect(textOf(first)).not.toContain("draft-51");
    expect(second).toContain("draft-51");
    expect(second).toContain("First page");
    expect(second).not.toContain("Next page");
  });

  it("says what a name may be, instead of asking AWS for one that cannot be", async () => {
    const text = await pageText(await app.request("/console/cards?name=a%20b"));

    expect(text).toContain("A name has letters of a to z, digits and hyphens only.");
  });

  it("tells of one card who has access, its versions, its approval and everything that happened", async () => {
    const answer = await app.request("/console/cards/approved");
    const html = await answer.text();
    const text = textOf(html);

    expect(answer.status).toBe(200);
    expect(text).toContain("prod 444444444444 read-only read-only as wanted");
    expect(text).toContain("Model approver approved the card, which decided the request");
    expect(text).toContain("Nothing: a look at the card would find all as it should be.");
    expect(html).toContain("Good &lt;b&gt;work&lt;/b&gt;.");
    expect(html).not.toContain("<b>");
  });

  it("shows nobody's task token, mail address or card content on any page", async () => {
    const { card } = { card: await (await app.request("/console/cards/review")).text() };
    const request = await (await app.request(`/console/requests/${requestId}`)).text();

    expect(`${card}${request}`).not.toMatch(/taskToken|@example\.com|intended_uses/);
  });

  it.each([
    ["a card", "/console/cards/no-such-card", "There is no such card"],
    ["a card that can have no such name", "/console/cards/no%20card", "There is no such card"],
    [
      "a card of another account",
      `/console/cards/${encodeURIComponent("arn:aws:sagemaker:us-east-1:999999999999:model-card/x")}`,
      "There is no such card",
    ],
    ["a request", "/console/requests/0f4c2c5e-7f1d-4a52-9d51-000000000001", "There is no such request"],
    ["an act", "/console/acts/delete-everything", "There is nothing to do it to"],
    [
      "an act on a card that is not there",
      "/console/acts/look?modelCardArn=arn:aws:sagemaker:us-east-1:111111111111:model-card/none",
      "There is nothing to do it to",
    ],
    ["a page", "/console/nothing", "There is no such page"],
  ])("says that there is no such thing: %s", async (_what, path, title) => {
    const answer = await app.request(path);

    expect(answer.status).toBe(404);
    expect(await pageText(answer)).toContain(title);
  });

  it("offers an auditor nothing to do but to collect evidence, and confirms nothing", async () => {
    const audited = testConsole(test, () => auditor);
    const pages = await Promise.all(
      ["/console/cards/review", "/console/requests", "/console/sweeps"].map(async (path) =>
        (await audited.request(path)).text(),
      ),
    );
    const asked = await audited.request("/console/acts/sweep?dryRun=true");

    expect(pages.join("")).not.toMatch(/\/console\/acts\/(?!collect-evidence)/);
    expect(asked.status).toBe(403);
    expect(await pageText(asked)).toContain("You may only look");
  });

  it("has a card looked at once it is confirmed, on record, and leads to the execution that does", async () => {
    const { asked, status, location, after } = await confirm(
      app,
      `/console/acts/look?modelCardArn=${review}`,
    );
    await atRest(test, 1);

    expect(asked).toContain("An execution of cardway-promotion starts for the card review.");
    expect(status).toBe(303);
    expect(after).toContain("The card is being looked at, by this execution.");
    const acts = await detailsOf(test, review, "OperatorActed");
    expect(acts).toMatchObject([{ act: "look", operator: "person-1", through: "console" }]);
    expect(location).toBe(`/console/executions/promotion/${String(acts[0]?.["effectId"])}`);
  });

  it("says what came of an act once, on the next page alone", async () => {
    const asked = await (await app.request("/console/acts/sweep?dryRun=true")).text();
    const answer = await send(app, "/console/acts/sweep", hiddenFields(asked));
    const cookie = answer.headers.get("Set-Cookie") ?? "";
    const first = await app.request("/console/sweeps", { headers: { Cookie: cookie.split(";")[0] ?? "" } });
    await atRest(test, 1);

    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect(await first.clone().text()).toContain("The sweep has begun.");
    expect(first.headers.get("Set-Cookie")).toMatch(/^cardway-done=; Max-Age=0/);
    const forged = await app.request("/console/sweeps", { headers: { Cookie: "cardway-done=nonsense" } });
    expect(await pageText(forged)).not.toContain("The sweep has begun.");
  });

  it("takes a form that is sent twice as one act", async () => {
    const fields = hiddenFields(await (await app.request("/console/acts/sweep?dryRun=true")).text());

    const answers = [
      await send(app, "/console/acts/sweep", fields),
      await send(app, "/console/acts/sweep", fields),
    ];
    await atRest(test, 1);

    const [first, second] = answers.map(({ headers }) => headers.get("Location"));
    expect(second).toBe(first);
  });

  it("reminds who has not answered, and withdraws the question, naming who hears of it", async () => {
    const reminded = await confirm(app, `/console/acts/remind?requestId=${requestId}`);
    await atRest(test, 1);
    const withdrawn = await confirm(app, `/console/acts/withdraw?requestId=${requestId}`);
    await atRest(test, 0);
    const again = await app.request(`/console/acts/withdraw?requestId=${requestId}`);
    const late = await send(app, "/console/acts/remind", { requestId, actId: crypto.randomUUID() });

    expect(reminded.asked).toContain("goes to each who has not answered: Model approver.");
    expect(reminded.after).toContain("1 approver gets a reminder.");
    expect(withdrawn.after).toContain("The request is withdrawn. Everybody who was asked is told.");
    expect(await pageText(again)).toContain("This cannot be done It is withdrawn already.");
    expect(late.status).toBe(409);
    expect(await pageText(late)).toContain("is withdrawn already: there is nothing to do.");
  });

  it("verifies one card's chain, and all of them a part at a time, for auditors too", async () => {
    const audited = testConsole(test, () => auditor);
    const one = await pageText(await audited.request("/console/audit?card=approved&verify=card"));
    let path: string | undefined = "/console/audit/verification";
    let parts = 0;
    let html = "";
    while (path !== undefined) {
      html = await (await audited.request(path)).text();
      path = /href="([^"]*)" data-continue/.exec(html)?.[1]?.replaceAll("&amp;", "&");
      parts += 1;
    }

    expect(one).toContain("This chain is as it was written");
    expect(parts).toBe(2);
    expect(textOf(html)).toMatch(
      /Everything on record is as it was written 63 chains with \d+ entries were checked/,
    );
  });

  it("believes no address from elsewhere that says that all chains were checked", async () => {
    const address = "/console/audit/verification?gone=true&chains=9000&entries=90000";
    for (const site of ["cross-site", "same-site", "none"]) {
      const page = await pageText(await app.request(address, { headers: { "Sec-Fetch-Site": site } }));
      expect(page).toContain("checked so far");
      expect(page).not.toContain("9,0");
    }
  });

  it("names the cards whose chains are broken, and where to find what was written, once all are checked", async () => {
    const path = "/console/audit/verification?gone=true&chains=62&entries=180&broken=approved";

    const html = await (await testConsole(test, () => auditor).request(path, { headers: own })).text();

    expect(textOf(html)).toMatch(/Not as it was written: 1 of \d+ chains with \d+ entries/);
    expect(textOf(html)).toContain("its point-in-time backup has the entries as they were");
    expect(textOf(html)).toContain("Whose chains are not as they were written approved");
  });

  it("answers events at once: nothing for who has seen all, and that something changed for others", async () => {
    const stream = async (headers: Record<string, string> = {}, path = "/console/events") => {
      const answer = await app.request(path, { headers });
      expect(answer.headers.get("Content-Type")).toBe("text/event-stream; charset=utf-8");
      return answer.text();
    };
    const first = await stream();
    const id = /^id: (.*)$/m.exec(first)?.[1] ?? "";
    const seen = await stream({ "Last-Event-ID": id });
    const page = /data-seen="([^"]*)"/.exec(await (await app.request("/console")).text())?.[1];
    await happened(test, await test.createCard("after"), "AccessGranted dev");

    expect(first).toMatch(/^retry: 1000\nid: \S+\ndata: \S+\n\n$/);
    expect(seen).not.toContain("event:");
    expect(page).toBe(id);
    expect(await stream({ "Last-Event-ID": id })).toContain("event: changed\n");
    expect(await stream({}, `/console/events?seen=${id}`)).toContain("event: changed\n");
  });

  it.each([
    ["script", /<script src="([^"]*)"/, /^\/console\/script\.js\?v=[0-9a-f]{12}$/, "text/javascript"],
    ["styles", /href="([^"]*)"\/?><script/, /^\/console\/styles\.css\?v=[0-9a-f]{12}$/, "text/css"],
  ])("serves its %s under an address of their own for each version", async (_what, link, address, type) => {
    const page = await (await app.request("/console")).text();
    const path = link.exec(page)?.[1] ?? "";
    const answer = await app.request(path);

    expect(path).toMatch(address);
    expect(answer.headers.get("Content-Type")).toBe(`${type}; charset=utf-8`);
    expect(answer.headers.get("Cache-Control")).toContain("max-age");
  });

  it.each([
    [
      new AwsUnavailableError("SageMaker ListModelCards is throttled."),
      503,
      "AWS does not answer at this moment",
    ],
    [new AwsCallFailedError("SageMaker ListModelCards was refused."), 502, "AWS refused a call"],
    [new RecordUnreadableError("Cardway's record CARD#x cannot be read."), 500, "A record cannot be read"],
    [new TypeError("secret inner part"), 500, "Something went wrong on our side"],
  ])("says in words what has gone wrong: $name", async (error, status, title) => {
    const sources = createQuerySources(test.cloud.administratorRuntime(region), region);
    const failing = testConsole(test, () => operator, {
      sources: {
        ...sources,
        modelCardPages: {
          page() {
            throw error;
          },
        },
      },
    });
    const answer = await failing.request("/console/cards");
    const text = await pageText(answer);

    expect(answer.status).toBe(status);
    expect(text).toContain(title);
    expect(text.includes(error.message)).toBe(!(error instanceof TypeError));
    expect(text).not.toMatch(/\.tsx?:\d/);
    expect(test.logged.at(-1)).toBe(`The console failed: ${error.name}.`);
  });

  it("acts for nobody else than who confirmed", async () => {
    const acts: [Act["act"], string][] = [];
    const recording = testConsole(test, () => operator, {
      act: async ({ act }, { identity }) => {
        acts.push([act, identity]);
        return {};
      },
    });
    const fields = hiddenFields(await (await recording.request("/console/acts/sweep?dryRun=false")).text());

    await send(recording, "/console/acts/sweep", { ...fields, operator: "person-2", identity: "person-2" });

    expect(acts).toStrictEqual([["sweep", "person-1"]]);
  });
});
