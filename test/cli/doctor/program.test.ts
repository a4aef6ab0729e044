import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import settings from "../../../lifecycle.config.ts";
import packageJson from "../../../package.json" with { type: "json" };
import { startLocalProgram } from "../../local/local-program.ts";
import type { Ended } from "../../program.ts";
import { accounts } from "../../workflow/test-cloud.ts";
import { runCommand, variablesOf } from "../command.ts";

const ReportSchema = z.object({
  accountId: z.string(),
  region: z.string(),
  counts: z.record(z.string(), z.number()),
  findings: z.array(z.object({ check: z.string(), status: z.string(), saw: z.string() })),
});

let local: Awaited<ReturnType<typeof startLocalProgram>>;
let folder: string;

beforeAll(async () => {
  local = await startLocalProgram();
  folder = await mkdtemp(join(tmpdir(), "cardway-preflight-"));
  const profile = (name: string, accountId: string) =>
    `[${name}]\naws_access_key_id = ${accountId}\naws_secret_access_key = any\n`;
  await writeFile(
    join(folder, "credentials"),
    profile("cards", accounts.owner) +
      profile("cards-prod", accounts.prod) +
      profile("cards-dev", accounts.dev),
  );
  await writeFile(join(folder, "config"), "");
}, 60_000);

afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true });
});

/** Runs the command with the AWS configuration of the file system. */
function runPreflight(args: string[], changes: Record<string, string> = {}): Promise<Ended> {
  const files = {
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
    AWS_CONFIG_FILE: join(folder, "config"),
  };
  return runCommand(["cli/preflight.ts", ...args], { aws: local.aws, variables: { ...files, ...changes } });
}

describe("npm run preflight", () => {
  it("is this program", () => {
    expect(packageJson.scripts.preflight).toBe("node scripts/run.mjs --import tsx cli/preflight.ts");
  });

  it("tells of the local accounts what they have, and of what is not modelled that it cannot tell", async () => {
    const { code, stdout, stderr } = await runPreflight([
      "--profile",
      "cards",
      "--stage-profile",
      "prod=cards-prod",
    ]);

    await expect(stdout).toMatchFileSnapshot("preflight-output.txt");
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" });
  }, 60_000);

  it("never shows an address or a credential", async () => {
    const outputs = await Promise.all([
      runPreflight(["--profile", "cards", "--stage-profile", "prod=cards-prod"]),
      runPreflight(["--json"], variablesOf({ accessKeyId: accounts.owner, secretAccessKey: "hush" })),
    ]);

    const people = [...settings.approvers, ...settings.authors];
    const secrets = [...people.map(({ address }) => address), settings.approval.sender, "hush"];
    for (const { stdout, stderr } of outputs) {
      for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
    }
  }, 60_000);

  it("writes one JSON object for machines, and exits 1 where something is to do", async () => {
    const { code, stdout } = await runPreflight([
      "--json",
      "--profile",
      "cards-dev",
      "--region",
      "eu-west-1",
    ]);

    const report = ReportSchema.parse(JSON.parse(stdout));
    expect(code).toBe(1);
    expect(report).toMatchObject({
      accountId: accounts.owner,
      region: "eu-west-1",
      counts: { ok: 0, "to do": 1, "to do later": 0, "cannot tell": 4 },
      findings: [{ check: "credentials", status: "to do" }, {}, {}, {}, {}],
    });
  }, 60_000);

  it("says how to sign in where there are no credentials, and exits 1", async () => {
    const [none, unknown] = await Promise.all([runPreflight([]), runPreflight(["--profile", "nobody"])]);

    expect(none).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("There are no valid credentials"),
    });
    expect(unknown.code).toBe(1);
    expect(unknown.stdout).toContain("$ aws sso login --profile nobody");
  }, 60_000);

  it("exits 2 for wrong usage, with a sentence, and 0 for help", async () => {
    const [wrong, help] = await Promise.all([
      runPreflight(["--stage-profile", "staging=x"]),
      runPreflight(["--help"]),
    ]);

    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toContain("there is no stage staging; there are: dev, test, prod");
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining("Usage: npx cardway doctor") });
  }, 60_000);
});
