import { beforeAll, describe, expect, it } from "vitest";
import lifecycleSettings from "../../lifecycle.config.ts";
import { loginCookieValue } from "../../web/console/cookies.ts";
import { formToken } from "../../web/form-token.ts";
import { startIssuer } from "../functions/oidc/test-issuer.ts";
import { approver, inReview, linkOf, mediumRisk } from "../workflow/reviews.ts";
import { pageUrl, region } from "../workflow/test-cloud.ts";
import { logFaults } from "./log-faults.ts";

const line = {
  level: "INFO",
  message: "done",
  timestamp: "2026-11-22T09:30:00.000Z",
  service: "cardway",
  cold_start: true,
  function_arn: "arn:aws:lambda:us-east-1:111111111111:function:cardway-grant-access",
  function_memory_size: "512",
  function_name: "cardway-grant-access",
  function_request_id: "8a1b5c1e-2f4d-4f0e-9a86-3b1f6f2f0c77",
  sampling_rate: 0,
  xray_trace_id: "1-5759e988-bd862e3fe1be46a994272793",
  modelCardArn: "arn:aws:sagemaker:us-east-1:111111111111:model-card/Customer-Churn-Model-Card",
  version: 2,
  status: "Approved",
  executionArn:
    "arn:aws:states:us-east-1:111111111111:execution:cardway-promotion:6f1c1c0e-2f4d-4f0e-9a86-3b1f6f2f0c77_8a1b5c1e-2f4d-4f0e-9a86-3b1f6f2f0c77",
  correlation_id: "6f1c1c0e-2f4d-4f0e-9a86-3b1f6f2f0c77_8a1b5c1e-2f4d-4f0e-9a86-3b1f6f2f0c77",
  durationMs: 41,
};

const faultsOf = (changes: object, writings: string[] = []): string[] =>
  logFaults(JSON.stringify({ ...line, ...changes }), writings);

/** What the whole system keeps to itself while an approver thinks, by what it is. */
let secrets: Record<string, string>;
beforeAll(async () => {
  const { test } = await inReview(mediumRisk, 1, { settings: lifecycleSettings });
  const link = linkOf(test, approver);
  const [, , requestId = "", approverId = "", mac = ""] = link.split("/");
  const waiting = (await test.records.findRequest(requestId))?.waiting;
  const { environment } = test.cloud.functionRuntime("grant-access", region);
  const page = { now: test.clock.now(), nonce: "8a1b5c1e-2f4d-4f0e-9a86-3b1f6f2f0c77" };
  secrets = {
    "a session of the console": await (await startIssuer()).idToken(),
    "a sign-in under way": loginCookieValue({
      state: "s".repeat(43),
      nonce: "n".repeat(43),
      codeVerifier: "v".repeat(43),
      returnTo: "/console",
      beganAtMs: test.clock.now().getTime(),
    }),
    "a link": `${pageUrl}${link}`,
    "the path of a link": link,
    "the code of a link": mac,
    "a form's token": formToken({ requestId, approverId, mac }, page),
    "a task token": waiting?.taskToken ?? "",
    "an approver's address": approver,
    "the sender's address": lifecycleSettings.approval.sender,
    "an access key id": environment["AWS_ACCESS_KEY_ID"] ?? "",
    "a secret access key": environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    "a session token": environment["AWS_SESSION_TOKEN"] ?? "",
    "a local secret in an environment": JSON.stringify({ AWS_SECRET_ACCESS_KEY: "local" }),
    "a line of the story's card": "Tell the retention team whom to call first.",
    "a line of the pages' card": "Choose the customers that the retention team calls each week.",
  };
});

describe("logFaults", () => {
  it("finds none in a line as functions write it", () => {
    expect(faultsOf({})).toStrictEqual([]);
  });

  it.each([
    "a session of the console",
    "a sign-in under way",
    "a link",
    "the path of a link",
    "the code of a link",
    "a form's token",
    "a task token",
    "an approver's address",
    "the sender's address",
    "an access key id",
    "a secret access key",
    "a session token",
    "a local secret in an environment",
    "a line of the story's card",
    "a line of the pages' card",
  ])("finds %s in the middle of a message", (what) => {
    const secret = secrets[what] ?? "";

    expect(secret.length).toBeGreaterThan(15);
    expect(faultsOf({ level: "ERROR", message: `It failed: "${secret}", so look.` })).not.toStrictEqual([]);
  });

  it("finds what tests wrote into cards and comments", () => {
    const message = "The card says: two in a hundred leave.";

    expect(faultsOf({ message }, ["one in nine", "two in a hundred"])).toStrictEqual([
      'holds what somebody wrote: "two in a hundred"',
    ]);
  });

  it.each([
    ["what is no JSON", "done"],
    ["two objects", `${JSON.stringify(line)}${JSON.stringify(line)}`],
    ["an event", JSON.stringify({ ...line, event: { taskToken: "t" } })],
    ["a text where a name belongs", JSON.stringify({ ...line, errorName: "two in a hundred leave" })],
  ])("finds %s", (_what, text) => {
    expect(logFaults(text)).toContainEqual(expect.stringContaining("not as log lines are"));
  });

  it.each(["executionArn", "modelCardArn", "version", "status", "durationMs"])("misses %s", (member) => {
    expect(faultsOf({ [member]: undefined })).toStrictEqual([`lacks ${member}`]);
  });

  it.each([
    [
      "of the page, which knows no execution",
      { function_name: "cardway-approval-page", executionArn: undefined },
    ],
    [
      "of the console, which is about what somebody looks at",
      { function_name: "cardway-console", executionArn: undefined },
    ],
    ["of the sweep, which is about all cards", { function_name: "cardway-sweep" }],
    ["of a call that could not be read", { errorName: "InvalidInputError", executionArn: undefined }],
  ])("asks for no card in a line %s", (_what, changes) => {
    const noCard = { modelCardArn: undefined, version: undefined, status: undefined };

    expect(faultsOf({ ...noCard, ...changes })).toStrictEqual([]);
  });
});
