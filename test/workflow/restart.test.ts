import { afterAll, describe, expect, it } from "vitest";
import { journalDirectories } from "../local/journal-directory.ts";
import { hiddenFields } from "../web/page-text.ts";
import { formToken } from "../../web/form-token.ts";
import { accounts, createTestCloud, pageUrl, type TestCloud } from "./test-cloud.ts";

const directories = journalDirectories();
afterAll(() => directories.removeAll());

const name = "churn";
const arn = `arn:aws:sagemaker:us-east-1:${accounts.owner}:model-card/${name}`;

/** Takes the card from wherever it is to production, as its people do. */
async function toProduction(cloud: TestCloud): Promise<void> {
  const created = await cloud.status(arn).catch(() => undefined);
  if (created === undefined) await cloud.createCard(name);
  await cloud.until("dev has the card", async () => (await cloud.story(arn)).includes("AccessGranted dev"));
  if ((await cloud.status(arn)) === "Draft 1") await cloud.setStatus(arn, "PendingReview");
  const links = await cloud.until("approvers are mailed", async () => {
    const mailed = cloud.links(name);
    return (await cloud.story(arn)).includes("ApprovalRequested") && mailed.length > 0 ? mailed : undefined;
  });
  if ((await cloud.status(arn)) === "PendingReview 1") await vote(cloud, links[0] ?? "");
  await cloud.until("production has the card", async () =>
    (await cloud.story(arn)).includes("AccessGranted prod"),
  );
  await cloud.until("the execution has ended", async () =>
    (await cloud.executions()).every(({ status }) => status === "SUCCEEDED"),
  );
}

/** Approves, with the form that the page shows, or else with the one that a browser has kept from before the restart. */
async function vote({ page, clock }: TestCloud, link: string): Promise<void> {
  const [requestId = "", approverId = "", mac = ""] = link.split("/").slice(2);
  const token = formToken({ requestId, approverId, mac }, { now: clock.now(), nonce: "kept" });
  const shown = hiddenFields(await (await page.request(`${pageUrl}${link}`)).text());
  const body = new URLSearchParams({ token, ...shown, decision: "approve", comment: "" });
  await page.request(`${pageUrl}${link}`, { method: "POST", headers: { origin: pageUrl }, body });
}

/** What the world is like when the card is in production, however often the process was killed on the way. */
async function worldOf(cloud: TestCloud) {
  const reader = await cloud.reader(accounts.prod);
  const story = await cloud.story(arn);
  return {
    status: await cloud.status(arn),
    grants: new Set(story.filter((line) => line.startsWith("AccessGranted"))),
    requested: story.filter((line) => line === "ApprovalRequested").length,
    decided: story.filter((line) => line.startsWith("ApprovalDecided")),
    failed: story.filter((line) => line.includes("Failed")),
    mailed: new Set(
      cloud.cloud.ses.messages().map(({ Destination, Subject }) => JSON.stringify([Destination, Subject])),
    ),
    edit: await cloud.edit(arn, {}, reader).catch((error: unknown) => error instanceof Error && error.name),
  };
}

/** Lines of the journal after which the tests of every day kill the process; 1 tries each of them. */
const everyLines = Number(process.env["RESTART_EVERY_LINES"] ?? 9);

describe("a system that is killed", () => {
  it("comes to the same end from any line of its journal, and from one that is torn", async () => {
    const directory = directories.make();
    const whole = createTestCloud({
      restart: { ...startedAt("00:00"), journal: directories.open(directory) },
    });
    await toProduction(whole);
    const expected = await worldOf(whole);
    const lines = directories.read(directory).split("\n").slice(0, -1);

    const ends = lines.map((_, index) => Buffer.byteLength(lines.slice(0, index + 1).join("\n")) + 1);
    for (let line = 1; line < lines.length; line += everyLines) {
      const [begin = 0, end = 0] = [ends[line - 1], ends[line]];
      const bytesKept = line % 2 === 0 ? end : Math.floor((begin + end) / 2);
      const { journal } = directories.kill(directory, bytesKept);
      const restarted = createTestCloud({ restart: { ...startedAt("00:10"), journal } });

      await toProduction(restarted);

      expect({ line, ...(await worldOf(restarted)) }).toStrictEqual({ line, ...expected });
      journal.close();
    }
    expect(lines.length).toBeGreaterThan(100);
  }, 600_000);
});

/** Each start counts the one before it, so that no id comes twice. */
function startedAt(time: string): { generation: number; now: Date } {
  return { generation: time === "00:00" ? 0 : 1, now: new Date(`2026-01-01T${time}:00.000Z`) };
}
