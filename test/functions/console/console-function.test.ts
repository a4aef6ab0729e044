import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { handler } from "../../../functions/console/handler.ts";
import { filesInZip } from "../../../queries/evidence/archive.ts";
import { verifyEvidence } from "../../../queries/evidence/verify-evidence.ts";
import { functionNameOf } from "../../../stacks/definitions/functions.ts";
import { settingsWith } from "../../stacks/definitions/example-settings.ts";
import { HttpApiAnswerSchema, lambdaContext, httpApiEvent } from "../../web/http-api.ts";
import { hiddenFields, textOf } from "../../web/page-text.ts";
import { detailsOf, happened, mediumRisk } from "../../workflow/reviews.ts";
import { type TestCloud, createTestCloud, region } from "../../workflow/test-cloud.ts";

/** Hono encodes what it does not know for text, as events are, and API Gateway decodes it. */
const AnswerSchema = HttpApiAnswerSchema.extend({ isBase64Encoded: z.boolean() });

/** The function as API Gateway calls it for an operator, with the permissions of its own role and no others. */
function startConsole(test: TestCloud) {
  const run = handler.start(test.cloud.functionRuntime("console", region));
  const visit = async (method: string, address: string, body?: string) => {
    const { pathname, search } = new URL(address, "https://console.example.com");
    const event = httpApiEvent(method, pathname, body, {
      host: "console.example.com",
      "sec-fetch-site": "same-origin",
      ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
    });
    const lambda = { role: "operator", identity: "person-1", name: "Olive Operator" };
    const requestContext = { ...event.requestContext, authorizer: { lambda } };
    const answer = await run(
      { ...event, rawQueryString: search.slice(1), requestContext },
      lambdaContext("cardway-console"),
    );
    return AnswerSchema.parse(answer);
  };
  const post = (address: string, fields: Record<string, string>) =>
    visit("POST", address, new URLSearchParams(fields).toString());
  return {
    open: (address: string) => visit("GET", address),
    /** Asks for an act and confirms it. */
    async act(address: string) {
      const asked = await visit("GET", address);
      return post(address.split("?")[0] ?? "", hiddenFields(asked.body));
    },
    post,
  };
}

describe("the console's function", () => {
  let test: TestCloud;
  let console: ReturnType<typeof startConsole>;
  let settled: string;
  let review: string;
  let requestId: string;

  beforeAll(async () => {
    test = createTestCloud({
      settings: settingsWith({
        routes: [
          { tag: { key: "team", value: "credit" }, lifecycle: "default" },
          { namePattern: "*", lifecycle: "default" },
        ],
      }),
      consoleUrl: () => "https://console.example.com",
    });
    console = startConsole(test);
    settled = await test.createCard("settled", "Approved", mediumRisk);
    await happened(test, settled, "AccessGranted prod");
    review = await test.createCard("review", "PendingReview", mediumRisk);
    requestId = await test.until("the request", async () => {
      const { currentRequest } = await test.records.readCard(review);
      return test.links("review").length > 0 ? currentRequest?.requestId : undefined;
    });
    await test.pass(1.1);
  }, 60_000);

  const executionsOf = async (workflow: string): Promise<string[]> => {
    const list = await console.open(`/console/executions?workflow=${workflow}`);
    return [...list.body.matchAll(/href="(\/console\/executions\/[a-z]+\/[^"]+)"/g)].map(
      ([, path = ""]) => path,
    );
  };

  it("may read all that its pages show, by its own role", async () => {
    const [promotion] = await executionsOf("promotion");
    const [sweep] = await executionsOf("sweep");
    const answers = await Promise.all(
      [
        "/console",
        "/console/attention",
        "/console/cards",
        "/console/cards/settled",
        "/console/cards/review",
        "/console/executions?card=settled",
        promotion ?? "",
        sweep ?? "",
        "/console/requests",
        `/console/requests/${requestId}`,
        "/console/access",
        "/console/audit",
        "/console/audit?card=review&verify=card",
        "/console/audit/verification?gone=true",
        "/console/sweeps",
        "/console/events",
      ].map(async (address) => [address, (await console.open(address)).statusCode]),
    );

    expect(answers.filter(([, status]) => status !== 200)).toStrictEqual([]);
  });

  it("collects evidence by its own role, in the name of who asked", async () => {
    for (const [name, modelCardArn] of Object.entries({ settled, review })) {
      const asked = await console.act(
        `/console/acts/collect-evidence?modelCardArn=${modelCardArn}&version=1`,
      );
      const path = String(asked.headers["location"]);
      const made = await test.until("the archive", async () => {
        const page = await console.open(path);
        return page.body.includes("data-continue") ? undefined : page;
      });
      const download = await console.open(/href="([^"]*\.zip)"/.exec(made.body)?.[1] ?? "");

      expect(made.statusCode).toBe(200);
      expect(download).toMatchObject({ statusCode: 200, isBase64Encoded: true });
      const { manifest, faults } = verifyEvidence(filesInZip(Buffer.from(download.body, "base64")));
      expect(faults).toStrictEqual([]);
      expect(manifest?.modelCardArn.endsWith(`/${name}`)).toBe(true);
    }
  });

  it("leads to each execution's page in AWS", async () => {
    const [promotion = ""] = await executionsOf("promotion");
    const { body } = await console.open(promotion);

    expect(body).toContain(
      `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions`,
    );
    expect(body).toContain("Sign out");
  });

  it("may do all that operators do there, in their name", async () => {
    const arnOf = (path: string): string => {
      const [, workflow = "", name = ""] = /executions\/([a-z]+)\/(.+)$/.exec(path) ?? [];
      return `arn:aws:states:${region}:111111111111:execution:cardway-${workflow}:${name}`;
    };
    const acts = [
      `/console/acts/remind?requestId=${requestId}`,
      `/console/acts/withdraw?requestId=${requestId}`,
      `/console/acts/look?modelCardArn=${review}`,
      "/console/acts/sweep?dryRun=true",
    ];
    const statuses: number[] = [];
    for (const address of acts) statuses.push((await console.act(address)).statusCode);
    const promotions = (await executionsOf("promotion")).slice(-2);
    const sweeps = (await executionsOf("sweep")).slice(0, 2);
    const tries: [string, number][] = [];
    for (const path of [...promotions, ...sweeps]) {
      expect((await console.open(path)).statusCode).toBe(200);
      for (const act of ["redrive", "stop"]) {
        const asked = await console.open(`/console/acts/${act}?executionArn=${arnOf(path)}`);
        expect(textOf(asked.body)).toContain("This cannot be done");
        const tried = await console.post(`/console/acts/${act}`, {
          executionArn: arnOf(path),
          actId: randomUUID(),
        });
        tries.push([act, tried.statusCode]);
      }
    }

    // AWS redrives nothing that has succeeded, and lets go what has ended; IAM allows both.
    expect(new Set(tries.map((one) => one.join(" ")))).toStrictEqual(new Set(["redrive 409", "stop 303"]));
    expect(statuses).toStrictEqual([303, 303, 303, 303]);
    await test.until("the acts", async () => (await detailsOf(test, review, "OperatorActed")).length >= 3);
    expect(await detailsOf(test, review, "OperatorActed")).toMatchObject([
      { act: "collect-evidence", operator: "person-1", through: "console" },
      { act: "remind", operator: "person-1", through: "console" },
      { act: "withdraw" },
      { act: "look" },
    ]);
  });

  it("may redrive what failed, a promotion and a sweep", async () => {
    const broken = [
      await test.breakFunction(functionNameOf("grant-access")),
      await test.breakFunction(functionNameOf("sweep")),
    ];
    await happened(test, await test.createCard("broken", "Draft", mediumRisk), "PromotionFailed");
    await console.act("/console/acts/sweep?dryRun=true");
    const failedOf = async (workflow: string) => {
      const list = await console.open(`/console/executions?workflow=${workflow}&status=FAILED`);
      return /href="\/console\/executions\/[a-z]+\/([^"]+)"/.exec(list.body)?.[1];
    };
    const names = {
      promotion: await test.until("the failure", () => failedOf("promotion")),
      sweep: await test.until("the failure", () => failedOf("sweep")),
    };
    for (const { repair } of broken) await repair();

    for (const [workflow, name] of Object.entries(names)) {
      const executionArn = `arn:aws:states:${region}:111111111111:execution:cardway-${workflow}:${name}`;
      const answer = await console.act(`/console/acts/redrive?executionArn=${executionArn}`);
      expect(answer.statusCode).toBe(303);
      await test.until("the end", async () =>
        (await test.execution(executionArn)).status === "SUCCEEDED" ? true : undefined,
      );
    }
  });
});
