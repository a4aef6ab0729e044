import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { filledForm } from "../../local/story/approver.ts";
import { journalDirectories } from "./journal-directory.ts";
import { runLocalProgram } from "./local-program.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const directories = journalDirectories();
afterAll(() => directories.removeAll());

const LineSchema = z.looseObject({
  ready: z.boolean().optional(),
  step: z.string().optional(),
  link: z.string().optional(),
  proved: z.boolean().optional(),
  aws: z.string().optional(),
  web: z.string().optional(),
});

type Line = z.output<typeof LineSchema>;

/** `npm start` with a directory, as one line after the other; to be killed at any of them. */
function start(directory: string, args: string[] = []) {
  const program: ChildProcess = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "local/start.ts",
      "--json",
      "--aws-port",
      "0",
      "--web-port",
      "0",
      "--data",
      directory,
      ...args,
    ],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
  );
  if (program.stdout === null) throw new TypeError("the program has no standard output");
  const said: Line[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: program.stdout }).on("line", (line) => {
    said.push(LineSchema.parse(JSON.parse(line)));
    for (const look of waiting) look();
  });
  const ended = new Promise<void>((resolve) => program.on("close", () => resolve()));
  return {
    said,
    ended,
    /** The first line that is looked for; `undefined` where the program ends without it. */
    line: (find: (line: Line) => boolean) =>
      Promise.race([
        new Promise<Line>((resolve) => {
          const look = (): void => {
            const found = said.find(find);
            if (found !== undefined) resolve(found);
          };
          waiting.add(look);
          look();
        }),
        ended.then(() => said.find(find)),
      ]),
    async kill(): Promise<void> {
      program.kill("SIGKILL");
      await ended;
    },
  };
}

const MailsSchema = z.object({
  messages: z.array(
    z.object({ Subject: z.string(), Destination: z.object({ ToAddresses: z.array(z.string()) }) }),
  ),
});

/** Whether somebody was told something, whoever and what. */
async function mailsAt(aws: string): Promise<Set<string>> {
  const { messages } = MailsSchema.parse(await (await fetch(`${aws}/_aws/ses`)).json());
  return new Set(messages.map(({ Subject, Destination }) => `${Destination.ToAddresses.join()}: ${Subject}`));
}

describe("npm start -- --data", () => {
  it("goes on with the story after kill -9 at any step of it, until production is confirmed", async () => {
    const directory = directories.make();
    const steps = new Set<string>();
    const moments = ["created", "review-asked", "approval-requested", "decided"];
    for (const [index, moment] of moments.entries()) {
      const running = start(directory, ["--yes"]);
      await running.line(({ step }) => step === moment);
      // Into the middle of what happens next: a turn later each time.
      await new Promise((resolve) => setTimeout(resolve, 7 * index));
      await running.kill();
      for (const { step } of running.said) if (step !== undefined) steps.add(step);
    }

    const last = start(directory, ["--yes"]);
    await last.ended;
    const after = start(directory, ["--idle"]);
    const ready = await after.line((line) => line.ready === true);
    const mails = await mailsAt(ready?.aws ?? "");
    await after.kill();

    expect(last.said.find(({ step }) => step === "proved")?.proved).toBe(true);
    expect(steps).toContain("resumed");
    const requests = new Set(directories.read(directory).match(/REQUEST#[0-9a-f-]{36}/g));
    expect(requests.size).toBe(1);
    expect([...mails].filter((mail) => mail.includes("Approve Customer-Churn-Model-Card"))).not.toHaveLength(
      0,
    );
    expect(
      [...mails].filter((mail) => mail.includes("Approved: Customer-Churn-Model-Card")),
    ).not.toHaveLength(0);
  }, 90_000);

  it("decides by a link that was mailed before kill -9, and goes on where it was killed right after the post", async () => {
    const directory = directories.make();
    const before = start(directory);
    const link = (await before.line(({ step }) => step === "approval-requested"))?.link ?? "";
    await before.kill();
    const second = start(directory);
    const web = (await second.line((line) => line.ready === true))?.web ?? "";
    const page = new URL(new URL(link).pathname, web).href;
    const form = filledForm(await (await fetch(page)).text(), { decision: "approve", comment: "" });

    const answer = await fetch(page, { method: "POST", body: form ?? "", headers: { origin: web } });
    await second.kill();
    const third = start(directory);
    const proved = await third.line(({ step }) => step === "proved");
    await third.kill();

    expect(answer.status).toBe(200);
    expect(proved?.proved).toBe(true);
  }, 90_000);

  it("touches no file without the flag", async () => {
    // Node.js itself then refuses whatever would write a file.
    const readOnly = [
      "--disable-warning=SecurityWarning",
      "--permission",
      "--allow-fs-read=*",
      "--allow-child-process",
      "--allow-worker",
      "--allow-addons",
    ];
    const ports = ["--aws-port", "0", "--web-port", "0"];

    const without = await runLocalProgram(["--yes", ...ports], readOnly);
    const withData = await runLocalProgram(["--yes", ...ports, "--data", "/tmp/cardway-refused"], readOnly);

    expect(without).toMatchObject({ code: 0, stderr: "" });
    expect(withData).toMatchObject({ code: 2, stdout: "" });
    expect(withData.stderr).toContain("cannot be used (ERR_ACCESS_DENIED)");
  }, 60_000);

  it("explains itself and exits 2 where the directory cannot be used", async () => {
    const foreign = directories.make();
    writeFileSync(`${foreign}/thesis.txt`, "");
    const running = start(directories.make(), ["--idle"]);
    await running.line((line) => line.ready === true);

    const { code, stderr } = await runLocalProgram(["--data", foreign]);
    await running.kill();

    expect(code).toBe(2);
    expect(stderr).toMatch(/holds other files .* Choose an empty or a new directory with --data\./);
    expect(readdirSync(foreign)).toStrictEqual(["thesis.txt"]);
  }, 60_000);
});
