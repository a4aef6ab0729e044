import {
  CreateModelCardExportJobCommand,
  DescribeModelCardExportJobCommand,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import { beforeAll, describe, expect, it } from "vitest";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { filesInZip } from "../../../queries/evidence/archive.ts";
import { createQuerySources } from "../../../queries/sources.ts";
import { createEvidenceDependencies } from "../../../functions/console/evidence-dependencies.ts";
import { verifyEvidence } from "../../../queries/evidence/verify-evidence.ts";
import { atRest, detailsOf, happened, mediumRisk } from "../../workflow/reviews.ts";
import { type TestCloud, accounts, createTestCloud, region } from "../../workflow/test-cloud.ts";
import { hiddenFields, textOf } from "../page-text.ts";
import { auditor, operator, testConsole } from "./test-console.ts";

const own = { "Sec-Fetch-Site": "same-origin", Origin: "http://127.0.0.1:4567" };

describe("evidence about a card, in the console", () => {
  let test: TestCloud;
  let modelCardArn: string;

  beforeAll(async () => {
    test = createTestCloud({ settings: lifecycleSettings });
    modelCardArn = await test.createCard("churn", "PendingReview", mediumRisk);
    await test.until("the mail", () => (test.links("churn").length > 0 ? true : undefined));
    await test.post(test.links("churn")[0] ?? "", "approve", "Reviewed with the validation report.");
    await happened(test, modelCardArn, "AccessGranted prod");
    await test.owner.send(
      new UpdateModelCardCommand({
        ModelCardName: "churn",
        Content: JSON.stringify({
          intended_uses: { risk_rating: "Medium", intended_uses: "Ranking of customers" },
          business_details: { line_of_business: "Retail" },
          additional_information: { custom_details: { "the secret project": "raven" } },
        }),
      }),
    );
    await atRest(test, 1);
  }, 60_000);

  /** Asks for evidence about the first version, confirms it, and follows the pages to the archive. */
  async function collect(identity = operator) {
    const app = testConsole(test, () => identity);
    const query = new URLSearchParams({ modelCardArn, version: "1" });
    const asked = await (await app.request(`/console/acts/collect-evidence?${query.toString()}`)).text();
    const fields = { ...hiddenFields(asked), actId: crypto.randomUUID() };
    const body = new URLSearchParams(fields);
    const answer = await app.request("/console/acts/collect-evidence", {
      method: "POST",
      headers: own,
      body,
    });
    const location = answer.headers.get("Location") ?? "";
    const making = await (await app.request(location)).text();
    const next = /href="([^"]*)" data-continue/.exec(making)?.[1]?.replaceAll("&amp;", "&") ?? location;
    const made = await test.until("the archive", async () => {
      const page = await (await app.request(next)).text();
      return page.includes("data-continue") ? undefined : page;
    });
    const download = /href="([^"]*\.zip)"/.exec(made)?.[1] ?? "";
    return { app, asked: textOf(asked), status: answer.status, location, made, download };
  }

  /** Confirms that evidence is collected, and says where it will be. */
  async function collectingPath(app: ReturnType<typeof testConsole>, actId: string): Promise<string> {
    const body = new URLSearchParams({ modelCardArn, version: "1", actId });
    const answer = await app.request("/console/acts/collect-evidence", {
      method: "POST",
      headers: own,
      body,
    });
    return answer.headers.get("Location") ?? "";
  }

  it("is asked for with what it holds, goes on record, and is one archive that verifies", async () => {
    const { app, asked, status, made, download } = await collect();
    const answer = await app.request(download);
    const archive = new Uint8Array(await answer.arrayBuffer());

    expect(asked).toContain("It holds what is written in the card. Keep it as safe as the card itself.");
    expect(status).toBe(303);
    expect(answer.headers.get("Content-Disposition")).toBe('attachment; filename="churn-v1.zip"');
    const { manifest, faults } = verifyEvidence(filesInZip(archive));
    expect(faults).toStrictEqual([]);
    expect(manifest).toMatchObject({ modelCardArn, version: 1, collectedBy: operator.identity });
    for (const { path, sha256 } of manifest?.files ?? []) {
      expect(made).toContain(path);
      expect(made).toContain(sha256);
    }
    const acts = await detailsOf(test, modelCardArn, "OperatorActed");
    expect(acts).toMatchObject([
      { act: "collect-evidence", operator: operator.identity, card: { modelCardArn, version: 1 } },
    ]);
  });

  it("is the same archive whenever it is downloaded, whatever has happened since", async () => {
    const { app, download } = await collect();
    const first = await (await app.request(download)).arrayBuffer();
    await test.pass(1);
    await atRest(test, 1);

    expect(await (await app.request(download)).arrayBuffer()).toStrictEqual(first);
  });

  it("is one archive also for two who ask at the same moment", async () => {
    const administrator = test.cloud.administratorRuntime(region);
    const apps = ["2027-01-01", "2027-01-02"].map((day) => {
      const sources = { ...createQuerySources(administrator, region), now: () => new Date(day) };
      return testConsole(test, () => operator, {
        evidence: createEvidenceDependencies(administrator, sources),
      });
    });
    const path = await collectingPath(testConsole(test), crypto.randomUUID());
    const pages = () => Promise.all(apps.map(async (app) => (await app.request(path)).text()));
    const made = await test.until("the archive", async () => {
      const texts = await pages();
      return texts.some((text) => text.includes("data-continue")) ? undefined : texts;
    });
    const manifests = made.map((page) => /<code class="hash">([0-9a-f]{64})/.exec(page)?.[1]);
    expect(new Set(manifests).size).toBe(1);
  });

  it("is for auditors, too, and for nobody but who asked", async () => {
    const { location, download } = await collect(auditor);
    const others = testConsole(test, () => operator);

    expect(download).not.toBe("");
    for (const path of [location, download]) {
      const answer = await others.request(path);
      expect(answer.status).toBe(404);
      expect(textOf(await answer.text())).toContain("There is no such evidence of yours");
    }
  });

  it("is not to be had without a record of it, or with the job of another export", async () => {
    const { app, location } = await collect();
    const unrecorded = location.replace(/[^/]*$/, crypto.randomUUID());
    expect((await app.request(unrecorded)).status).toBe(404);

    const another = await collect();
    const jobArn = `${modelCardArn}/export-job/evidence-${another.location.split("/").at(-1)}`;
    const fresh = await collectingPath(app, crypto.randomUUID());
    const page = await app.request(`${fresh}?${new URLSearchParams({ job: jobArn }).toString()}`);
    expect(textOf(await page.text())).toContain("SageMaker makes the PDF");
  });

  it("never holds the PDF of another card, whatever its export job is called", async () => {
    await test.createCard("other", "Draft", mediumRisk);
    const app = testConsole(test);
    const path = await collectingPath(app, crypto.randomUUID());
    const { ModelCardExportJobArn: job = "" } = await test.owner.send(
      new CreateModelCardExportJobCommand({
        ModelCardName: "other",
        ModelCardVersion: 1,
        ModelCardExportJobName: `evidence-${path.split("/").at(-1)}`,
        OutputConfig: { S3OutputPath: `s3://cardway-evidence-${accounts.owner}-${region}/exports` },
      }),
    );
    await test.until("the PDF", async () => {
      const command = new DescribeModelCardExportJobCommand({ ModelCardExportJobArn: job });
      const { Status } = await test.owner.send(command);
      return Status === "Completed" ? true : undefined;
    });
    const page = await app.request(`${path}?${new URLSearchParams({ job }).toString()}`);
    expect(textOf(await page.text())).toContain("SageMaker makes the PDF");
  });

  it("is collected anew by who sends the form of somebody else", async () => {
    const actId = crypto.randomUUID();
    const paths = await Promise.all(
      [operator, auditor].map((identity) =>
        collectingPath(
          testConsole(test, () => identity),
          actId,
        ),
      ),
    );
    expect(paths[0]).not.toBe(paths[1]);
    const acts = await detailsOf(test, modelCardArn, "OperatorActed");
    expect(acts.slice(-2).map((act) => act["operator"])).toStrictEqual([operator.identity, auditor.identity]);
  });

  it("is not collected for a page of somebody else's, or about a version that is not there", async () => {
    const app = testConsole(test);
    const body = new URLSearchParams({ modelCardArn, version: "1", actId: crypto.randomUUID() });
    const foreign = await app.request("/console/acts/collect-evidence", {
      method: "POST",
      headers: { "Sec-Fetch-Site": "cross-site", Origin: "https://elsewhere.example" },
      body,
    });
    expect(foreign.status).toBe(403);
    const query = new URLSearchParams({ modelCardArn, version: "7" });
    expect((await app.request(`/console/acts/collect-evidence?${query.toString()}`)).status).toBe(404);
  });

  it("stands beside what each version changed, by section and never by what is written there", async () => {
    const page = await (await testConsole(test).request("/console/cards/churn")).text();

    expect(textOf(page)).toContain(
      "Intended uses: 1 change, Additional information: 1 change, Business details: 1 change",
    );
    expect(textOf(page)).toContain("Collect evidence");
    expect(page).not.toMatch(/raven|secret project|Retail|Ranking/);
  });
});
