import { request } from "node:http";
import {
  CreateResourceShareCommand,
  GetResourceShareInvitationsCommand,
  RAMClient,
} from "@aws-sdk/client-ram";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { logFaults } from "../logs/log-faults.ts";
import { recordLogsOf } from "../logs/recorded-logs.ts";
import { runLocalProgram, startLocalProgram } from "./local-program.ts";

const ports = ["--aws-port", "0", "--web-port", "0"];

describe("npm start", () => {
  it("-- --yes plays the story, decides at the page, and exits 0 with production proved", async () => {
    const { code, stdout, stderr } = await runLocalProgram(["--yes", ...ports]);

    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/prod, cardway-card-reader +read-only +works +refused/);
    expect(stdout).toMatch(/prod, administrator +none +refused +refused/);
    expect(stdout).toMatch(/dev +read-write +works +works/);
  }, 60_000);

  it("-- --json says first where it answers, and then one object a step", async () => {
    const { code, stdout } = await runLocalProgram(["--yes", "--json", ...ports]);

    const lines = stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    const ready = z.object({ ready: z.literal(true), aws: z.url(), web: z.url() }).safeParse(lines[0]);
    const steps = z.array(z.object({ step: z.string() })).parse(lines.slice(1));
    expect(code).toBe(0);
    expect(ready.success).toBe(true);
    expect(steps.map(({ step }) => step)).toStrictEqual([
      "created",
      "access-granted",
      "filled-in",
      "review-asked",
      "access-granted",
      "approval-requested",
      "decided",
      "access-granted",
      "proved",
    ]);
  }, 60_000);

  it("-- --console-role shows the console as an auditor sees it, and to no foreign name", async () => {
    const running = await startLocalProgram(["--console-role", "auditor"]);

    const [own, foreign] = await Promise.all([
      statusAndText(`${running.web}/console`),
      statusAndText(`${running.web}/console`, { host: `evil.example:${new URL(running.web).port}` }),
    ]);
    await running.stop();

    expect(own.status).toBe(200);
    expect(own.text).toContain("auditor");
    expect(foreign.status).toBe(421);
  }, 60_000);

  it("-- --outside-account has RAM invite that account, and no other", async () => {
    const running = await startLocalProgram(["--outside-account", "333333333333"]);
    const ramOf = (accessKeyId: string) =>
      new RAMClient({
        endpoint: running.aws,
        region: "us-east-1",
        credentials: { accessKeyId, secretAccessKey: "any" },
      });
    const invitationsOf = (account: string) =>
      ramOf(account).send(new GetResourceShareInvitationsCommand({}));

    await ramOf("111111111111").send(
      new CreateResourceShareCommand({
        name: "cards",
        principals: ["222222222222", "333333333333"],
        allowExternalPrincipals: true,
      }),
    );
    const [inside, outside] = await Promise.all([
      invitationsOf("222222222222"),
      invitationsOf("333333333333"),
    ]);
    await running.stop();

    expect(inside.resourceShareInvitations).toStrictEqual([]);
    expect(outside.resourceShareInvitations?.map(({ status }) => status)).toStrictEqual(["PENDING"]);
  }, 60_000);

  it("-- --logs adds the functions' own lines, each about its card and its execution", async () => {
    const { code, stdout } = await runLocalProgram(["--yes", "--json", "--logs", ...ports]);

    const logged = stdout.split("\n").filter((line) => line.includes('"service":"cardway"'));
    recordLogsOf(stdout);
    expect(code).toBe(0);
    expect(logged.length).toBeGreaterThan(20);
    expect(logged.flatMap((line) => logFaults(line))).toStrictEqual([]);
  }, 60_000);

  it("names the port and the flag when a port is in use", async () => {
    const running = await startLocalProgram();
    const port = new URL(running.aws).port;
    const webPort = new URL(running.web).port;

    const aws = await runLocalProgram(["--idle", "--aws-port", port, "--web-port", "0"]);
    const web = await runLocalProgram(["--idle", "--aws-port", "0", "--web-port", webPort]);
    await running.stop();

    expect(aws).toMatchObject({ code: 1, stdout: "" });
    expect(aws.stderr).toContain(`Port ${port}`);
    expect(aws.stderr).toContain("--aws-port");
    expect(web).toMatchObject({ code: 1, stdout: "" });
    expect(web.stderr).toContain(`Port ${webPort}`);
    expect(web.stderr).toContain("--web-port");
  }, 60_000);

  it.each([
    [["--what"], "--what"],
    [["--aws-port", "many"], "--aws-port: must be a port number from 0 to 65535"],
    [["--region", "Mars"], "--region: must be an AWS Region"],
    [["--console-role", "owner"], "--console-role: must be operator or auditor"],
    [["--outside-account", "3333"], "--outside-account: must be a 12-digit AWS account id"],
  ])(
    "explains itself for %j and exits 2",
    async (args, sentence) => {
      const { code, stderr } = await runLocalProgram(args);

      expect(code).toBe(2);
      expect(stderr).toContain(sentence);
      expect(stderr).toContain("Usage: npm start");
    },
    60_000,
  );

  it("ends by Ctrl-C, also in the middle of an answer", async () => {
    const running = await startLocalProgram();
    const unanswered = fetch(`${running.aws}/_cardway/health`).catch((error: unknown) => error);

    const { code } = await running.stop();

    await unanswered;
    expect(code).toBe(0);
  }, 60_000);
});

/** `fetch` would not let a test say another `Host`. */
function statusAndText(url: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    request(url, { headers }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    })
      .on("error", reject)
      .end();
  });
}
