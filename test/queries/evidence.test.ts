import { DeleteModelCardCommand, UpdateModelCardCommand } from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import lifecycleSettings from "../../lifecycle.config.ts";
import { collectEvidence } from "../../queries/evidence/collect-evidence.ts";
import { type EvidenceFiles, jsonFile, listedFile, manifestName } from "../../queries/evidence/manifest.ts";
import { auditPath, verifyEvidence } from "../../queries/evidence/verify-evidence.ts";
import { createQuerySources } from "../../queries/sources.ts";
import { atRest, happened, mediumRisk } from "../workflow/reviews.ts";
import { createTestCloud, region } from "../workflow/test-cloud.ts";

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);

/** A card that was approved with a reason, and where evidence about it comes from. */
async function approved() {
  const test = createTestCloud({ settings: lifecycleSettings });
  const modelCardArn = await test.createCard("churn", "PendingReview", mediumRisk);
  await test.until("the mail", () => (test.links("churn").length > 0 ? true : undefined));
  await test.post(test.links("churn")[0] ?? "", "approve", "Reviewed with the validation report.");
  await happened(test, modelCardArn, "AccessGranted prod");
  const sources = {
    ...createQuerySources(test.cloud.administratorRuntime(region), region),
    pdfOf: async (_arn: string, version: number) => bytes(`%PDF of version ${version}`),
    collectedBy: "arn:aws:sts::111111111111:assumed-role/cardway-auditor/ada",
  };
  return { test, modelCardArn, sources };
}

async function collected(nameAndVersion = "churn@1"): Promise<EvidenceFiles> {
  const { sources } = await approved();
  return collectEvidence(nameAndVersion, sources);
}

/** The same evidence with a manifest that fits the changed files: what somebody does who covers their tracks. */
function covered(files: Map<string, Uint8Array>): EvidenceFiles {
  const manifest = JSON.parse(text(files.get(manifestName)));
  const listed = [...files]
    .filter(([path]) => path !== manifestName)
    .map(([path, content]) => listedFile(path, content));
  return files.set(manifestName, jsonFile({ ...manifest, files: listed }));
}

describe("evidence", () => {
  it("holds content, PDF, votes with reasons, the audit chain, executions, access and why, and verifies", async () => {
    const files = await collected();
    const { manifest, faults } = verifyEvidence(files);
    expect(faults).toStrictEqual([]);
    expect(manifest).toMatchObject({ version: 1, collectedBy: expect.stringContaining("cardway-auditor") });
    const paths = [...files.keys()].map((path) => path.replace(/[0-9a-f-]{36}\S*(?=\.json)/, "ID"));
    expect([...new Set(paths)].sort()).toStrictEqual([
      "access/access.json",
      "access/explanation.json",
      "approvals/ID.json",
      "audit/chain.jsonl",
      "card/card.pdf",
      "card/content.json",
      "card/versions.json",
      "executions/ID.json",
      "manifest.json",
    ]);
    const request = [...files].find(([path]) => path.startsWith("approvals/"))?.[1];
    expect(JSON.parse(text(request))).toMatchObject({
      votes: [{ approverId: "model-approver", comment: "Reviewed with the validation report." }],
    });
    expect([...files.values()].map(text).join("")).not.toMatch(/taskToken|@example\.com/);
  });

  it("is of the newest version where none is named, and refuses a version that is not there", async () => {
    expect(verifyEvidence(await collected("churn")).manifest).toMatchObject({ version: 1 });
    await expect(collected("churn@7")).rejects.toThrow("churn has no version 7; the newest is 1.");
    await expect(collected("nobody")).rejects.toThrow("There is no model card nobody.");
  });

  it("does not verify once a file was changed, removed or added, and says which", async () => {
    const files = await collected();
    const faultsWith = (change: (copy: Map<string, Uint8Array>) => void): string[] => {
      const copy = new Map(files);
      change(copy);
      return verifyEvidence(copy).faults;
    };
    expect(faultsWith((copy) => copy.set("card/card.pdf", bytes("%PDF of another")))).toStrictEqual([
      "card/card.pdf was changed",
    ]);
    expect(faultsWith((copy) => copy.delete("card/content.json"))).toStrictEqual([
      "card/content.json is not there",
    ]);
    expect(faultsWith((copy) => copy.set("approvals/extra.txt", bytes("yes")))).toContain(
      "approvals/extra.txt was added",
    );
    expect(faultsWith((copy) => copy.delete(manifestName))).toStrictEqual(["manifest.json is not there"]);
  });

  it("does not verify either where the manifest was made to fit", async () => {
    const files = await collected();
    const lines = text(files.get(auditPath)).trimEnd().split("\n");
    const without = new Map(files).set(auditPath, bytes(`${lines.toSpliced(1, 1).join("\n")}\n`));
    expect(verifyEvidence(covered(without)).faults).toStrictEqual(["audit: entry 2 is not there"]);

    const [path = "", request] = [...files].find(([name]) => name.startsWith("approvals/")) ?? [];
    const forged = new Map(files).set(
      path,
      bytes(text(request).replaceAll("Reviewed with", "Signed without")),
    );
    expect(verifyEvidence(covered(forged)).faults).toStrictEqual([
      `${path} has other votes than the audit chain`,
    ]);

    const terms = new Map(files).set(path, bytes(text(request).replace('"approvals": 1', '"approvals": 2')));
    expect(verifyEvidence(covered(terms)).faults).toStrictEqual([
      `${path} has other terms than the audit chain`,
    ]);
    const role = text(request).replace(/("votes"[^]*)"model-approver"\n/, '$1"risk-officer"\n');
    expect(verifyEvidence(covered(new Map(files).set(path, bytes(role)))).faults).toStrictEqual([
      `${path} has other votes than the audit chain`,
    ]);
    const outcome = new Map(files).set(path, bytes(text(request).replace('"approved"', '"rejected"')));
    expect(verifyEvidence(covered(outcome)).faults).toStrictEqual([
      `${path} has another outcome than the audit chain`,
    ]);
    const unasked = new Map(files);
    unasked.delete(path);
    expect(verifyEvidence(covered(unasked)).faults).toStrictEqual([
      `${path} is not there, and the audit chain says that it was asked`,
    ]);
    const invented = crypto.randomUUID();
    const added = new Map(files).set(
      `approvals/${invented}.json`,
      jsonFile({ ...JSON.parse(text(request)), requestId: invented }),
    );
    expect(verifyEvidence(covered(added)).faults).toStrictEqual([
      `approvals/${invented}.json was not asked about this version, as the audit chain has it`,
    ]);
    const twofold = lines.with(0, (lines[0] ?? "").replace("{", '{"detail":{"outcome":"approved"},'));
    const ambiguous = new Map(files).set(auditPath, bytes(`${twofold.join("\n")}\n`));
    expect(verifyEvidence(covered(ambiguous)).faults).toStrictEqual([
      "audit/chain.jsonl has a line that is no entry of an audit chain",
    ]);
  });

  it("has the content to the letter", async () => {
    const { test, sources } = await approved();
    const Content = `{"intended_uses":{"risk_rating":"Medium"},"evaluation_details":[{"name":"test","metric_groups":[{"name":"all","metric_data":[{"name":"rows","type":"number","value":12345678901234567890}]}]}]}`;
    await test.owner.send(new UpdateModelCardCommand({ ModelCardName: "churn", Content }));
    const files = await collectEvidence("churn@2", sources);
    expect(text(files.get("card/content.json"))).toBe(Content);
  });

  it("has no approval of an earlier card that had the same name", async () => {
    const { test, modelCardArn, sources } = await approved();
    await test.owner.send(new DeleteModelCardCommand({ ModelCardName: "churn" }));
    await happened(test, modelCardArn, "AccessRevoked prod");
    await atRest(test);
    await test.createCard("churn", "Draft", mediumRisk);
    await happened(test, modelCardArn, "AccessGranted dev", 2);

    const files = await collectEvidence("churn@1", sources);
    expect(verifyEvidence(files).faults).toStrictEqual([]);
    expect([...files.keys()].filter((path) => path.startsWith("approvals/"))).toStrictEqual([]);
  });
});
