import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import lifecycleSettings from "../../lifecycle.config.ts";
import { filesInZip } from "../../queries/evidence/archive.ts";
import { manifestName, sha256Of } from "../../queries/evidence/manifest.ts";
import { auditPath } from "../../queries/evidence/verify-evidence.ts";
import { happened, mediumRisk } from "../workflow/reviews.ts";
import { type TestCloud, accounts, createTestCloud } from "../workflow/test-cloud.ts";
import { cardway, withoutChance } from "./cardway-world.ts";
import { operatorCredentials } from "./operator-credentials.ts";

describe("evidence on the command line", () => {
  let test: TestCloud;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cardway-evidence-"));
    test = createTestCloud({ settings: lifecycleSettings });
    const modelCardArn = await test.createCard("churn", "PendingReview", mediumRisk);
    await test.until("the mail", () => (test.links("churn").length > 0 ? true : undefined));
    await test.post(test.links("churn")[0] ?? "", "approve", "Reviewed with the validation report.");
    await happened(test, modelCardArn, "AccessGranted prod");
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What a command said, with the folder under a name that stays. */
  const said = (text: string) =>
    withoutChance(text)
      .replaceAll(folder, "FOLDER")
      .replaceAll(/\b[0-9a-f]{64}\b/g, "f".repeat(64));

  it("is one zip archive, and verifies without credentials and network", async () => {
    const path = join(folder, "churn.zip");
    const collected = await cardway(test, ["evidence", "churn@1", "--out", path]);
    const verified = await cardway(test, ["evidence", "verify", path], {
      requestHandler: {
        ...test.cloud.requestHandler,
        handle: () => Promise.reject(new TypeError("there is no network")),
      },
      credentials: { accessKeyId: "", secretAccessKey: "" },
    });

    expect(collected).toMatchObject({ code: 0, stderr: "" });
    expect(verified).toMatchObject({ code: 0, stderr: "" });
    await expect(said(collected.stdout)).toMatchFileSnapshot("words/evidence.txt");
    await expect(said(verified.stdout)).toMatchFileSnapshot("words/evidence-verify.txt");
  });

  it("is a folder where the name is one, with SageMaker's PDF and the content as it was", async () => {
    const path = join(folder, "churn");
    const collected = await cardway(test, ["evidence", "churn", "--out", path, "--json"]);
    const { manifestSha256, version, files } = JSON.parse(collected.stdout);

    expect(version).toBe(1);
    expect(manifestSha256).toBe(sha256Of(readFileSync(join(path, manifestName))));
    const there = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files).toHaveLength(there.length - 1);
    expect(readFileSync(join(path, "card", "card.pdf"), "latin1")).toMatch(/^%PDF-/);
    expect(JSON.parse(readFileSync(join(path, "card", "content.json"), "utf8"))).toMatchObject({
      intended_uses: { risk_rating: "Medium" },
    });
    const verified = await cardway(test, ["evidence", "verify", path, "--sha256", manifestSha256, "--json"]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ faults: [], files: files.length });
  });

  it("does not verify once something was changed, and says what", async () => {
    const path = join(folder, "changed");
    await cardway(test, ["evidence", "churn", "--out", path]);
    const chain = readFileSync(join(path, auditPath), "utf8");
    writeFileSync(join(path, auditPath), chain.replace('"approved"', '"rejected"'));
    writeFileSync(join(path, "note.txt"), "mine");

    const verified = await cardway(test, ["evidence", "verify", path, "--sha256", "0".repeat(64)]);
    expect(verified).toMatchObject({ code: 1, stderr: "" });
    await expect(said(verified.stdout)).toMatchFileSnapshot("words/evidence-changed.txt");
  });

  it("does not verify where a file is there twice, hides behind a link, or would fill the memory", async () => {
    const path = join(folder, "twofold.zip");
    await cardway(test, ["evidence", "churn", "--out", path]);
    const files = Object.fromEntries(filesInZip(readFileSync(path)));
    for (const [placeholder, name] of [
      ["manifest.jso_", manifestName],
      ["__other__", "__proto__"],
    ] as const) {
      const archive = zipSync({ [placeholder]: new Uint8Array([1]), ...files });
      writeFileSync(path, Buffer.from(archive).toString("latin1").replaceAll(placeholder, name), "latin1");
      const twofold = await cardway(test, ["evidence", "verify", path]);
      expect(twofold).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`has ${name} twice`),
      });
    }

    const bomb = Buffer.from(zipSync({ "zeros.txt": new Uint8Array(9) }));
    bomb.writeUInt32LE(0xfffffff0, bomb.indexOf("PK\u0001\u0002") + 24);
    writeFileSync(path, bomb);
    const large = await cardway(test, ["evidence", "verify", path]);
    expect(large).toMatchObject({ code: 1, stderr: expect.stringContaining("more than 536870912 bytes") });

    const linked = join(folder, "linked");
    await cardway(test, ["evidence", "churn", "--out", linked]);
    symlinkSync(path, join(linked, "card", "other.pdf"));
    const link = await cardway(test, ["evidence", "verify", linked]);
    expect(link).toMatchObject({ code: 1, stderr: expect.stringContaining("other.pdf is no plain file") });
  });

  it.each([
    [["evidence", "nobody"], 1, "There is no model card nobody."],
    [["evidence", "churn@9"], 1, "churn has no version 9; the newest is 1."],
    [["evidence", "churn@new"], 2, "CARD"],
    [["evidence", "churn", "--out", tmpdir()], 2, "is there already"],
    [["evidence", "verify", "/nothing/there"], 2, "There is no /nothing/there."],
    [["evidence", "verify", "README.md"], 2, "README.md is neither a folder nor a zip archive."],
    [["evidence", "verify", "cli"], 1, "manifest.json is not there"],
    [["evidence", "verify", "cli", "--sha256", "abc"], 2, "must be a SHA-256 in hexadecimal"],
  ])("answers %j with code %i and a sentence", async (words, code, sentence) => {
    const told = await cardway(test, words);

    expect(told.code).toBe(code);
    expect(`${told.stdout}${told.stderr}`).toContain(sentence);
  });

  it("is refused by AWS to who may not read what is written in the card", async () => {
    const credentials = await operatorCredentials(test.administrator(accounts.owner));
    const path = join(folder, "refused.zip");
    const told = await cardway(test, ["evidence", "churn", "--out", path], { credentials });

    expect(told).toMatchObject({ code: 1, stdout: "" });
    expect(told.stderr).toContain("DescribeModelCard");
  });
});
