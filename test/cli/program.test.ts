import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateModelCardCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import settings from "../../lifecycle.config.ts";
import packageJson from "../../package.json" with { type: "json" };
import { startLocalProgram } from "../local/local-program.ts";
import { type Ended, startProgram } from "../program.ts";
import { accounts } from "../workflow/test-cloud.ts";

let local: Awaited<ReturnType<typeof startLocalProgram>>;
let folder: string;

/** A local cloud with one card, and an AWS configuration with a profile for two accounts. */
beforeAll(async () => {
  local = await startLocalProgram();
  folder = await mkdtemp(join(tmpdir(), "cardway-command-line-"));
  const profile = (name: string, accountId: string) =>
    `[${name}]\naws_access_key_id = ${accountId}\naws_secret_access_key = hush\n`;
  await writeFile(
    join(folder, "credentials"),
    profile("cards", accounts.owner) + profile("dev", accounts.dev),
  );
  await writeFile(join(folder, "config"), "");
  const credentials = { accessKeyId: accounts.owner, secretAccessKey: "any" };
  const sageMaker = new SageMakerClient({
    endpoint: local.aws,
    region: settings.deployment.region,
    credentials,
  });
  await sageMaker.send(
    new CreateModelCardCommand({ ModelCardName: "churn", Content: "{}", ModelCardStatus: "Draft" }),
  );
}, 60_000);

afterAll(async () => {
  await local.stop();
  await rm(folder, { recursive: true });
});

/** Runs `cardway` as a person with nothing but these variables does, who sits at no terminal. */
function run(words: string[], variables: Record<string, string> = {}): Promise<Ended> {
  const files = {
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return startProgram(["cli/cardway.ts", ...words], { variables: { ...files, ...variables } }).ended;
}

describe("npx cardway", () => {
  it("is this program, on any Node.js from 20 on and without an installation", async () => {
    expect(packageJson.bin).toStrictEqual({ cardway: "cli/cardway.mjs" });
    const start = await readFile("cli/cardway.mjs", "utf8");
    expect(start).toContain('"--import", "tsx", "cli/cardway.ts"');
    expect(start).toContain('await import("../scripts/run.mjs")');
  });

  it("reads beside npm start with --local alone, and by AWS's own variables", async () => {
    const [byFlag, byVariables, byProfile] = await Promise.all([
      run(["status", "--local", local.aws, "--json"]),
      run(["status", "--json"], {
        AWS_ENDPOINT_URL: local.aws,
        AWS_ACCESS_KEY_ID: accounts.owner,
        AWS_SECRET_ACCESS_KEY: "hush",
      }),
      run(["--profile", "cards", "status"], { AWS_ENDPOINT_URL: local.aws }),
    ]);

    for (const { stdout, stderr } of [byFlag, byVariables]) {
      expect(JSON.parse(stdout)).toMatchObject({ accountId: accounts.owner, cards: 1 });
      expect(stderr).toBe("");
    }
    expect(byProfile).toMatchObject({ code: 0, stderr: "" });
    // No colours where it is no terminal.
    expect(byProfile.stdout).toMatch(/^1 card of account 111111111111 in us-east-1\.\n/);
  }, 120_000);

  it("says what is missing where it cannot reach the account, and exits 1", async () => {
    const [none, other, unreachable] = await Promise.all([
      run(["status"], { AWS_ENDPOINT_URL: local.aws }),
      run(["status", "--profile", "dev"], { AWS_ENDPOINT_URL: local.aws }),
      run(["status", "--local", "http://127.0.0.1:1"]),
    ]);

    expect(none).toMatchObject({ code: 1, stdout: "" });
    expect(none.stderr).toContain("There are no valid credentials (CredentialsProviderError). Sign in");
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toContain("those of account 222222222222, not of the model card account");
    expect(unreachable).toMatchObject({ code: 1, stdout: "" });
    expect(unreachable.stderr).toContain("could not be reached or did not answer (ECONNREFUSED)");
    expect(JSON.stringify([none, other, unreachable])).not.toContain("hush");
  }, 120_000);

  it("examines the local accounts: what they do not offer is told, and fails nothing", async () => {
    const { code, stdout, stderr } = await run(["doctor", "--local", local.aws]);

    const withoutVersion = stdout.replace(settings.policyVersion, "0123456789ab");
    await expect(withoutVersion).toMatchFileSnapshot("doctor/local-output.txt");
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" });
    const people = [...settings.approvers, ...settings.authors];
    for (const secret of [...people.map(({ address }) => address), settings.approval.sender]) {
      expect(stdout).not.toContain(secret);
    }
  }, 120_000);

  it("changes nothing unasked, and exits 2 for that and for wrong usage", async () => {
    const [unasked, wrong] = await Promise.all([
      run(["sweep", "--local", local.aws]),
      run(["swep", "--local", local.aws]),
    ]);

    expect(unasked).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("add --yes") });
    expect(wrong).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("Did you mean sweep?"),
    });
  }, 120_000);
});
