import { setTimeout } from "node:timers/promises";
import { CreateResourceShareCommand, RAMClient } from "@aws-sdk/client-ram";
import { CreateModelCardCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../../package.json" with { type: "json" };
import settings from "../../../lifecycle.config.ts";
import {
  deploymentOf,
  stateMachineArn,
  sweepStateMachineArn,
} from "../../../stacks/definitions/deployment.ts";
import { startLocalProgram } from "../../local/local-program.ts";
import type { Ended } from "../../program.ts";
import { accounts } from "../../workflow/test-cloud.ts";
import { type Credentials, operatorCredentials, runCommand, variablesOf } from "../command.ts";

const { region } = settings.deployment;
const deployment = deploymentOf(settings, "", region);
let local: Awaited<ReturnType<typeof startLocalProgram>>;
/** Of a person with no more than the operator's role. */
let operator: Credentials;

/** Two cards at rest, of which a share made by hand lets the whole production account at one. */
beforeAll(async () => {
  local = await startLocalProgram();
  const credentials = { accessKeyId: accounts.owner, secretAccessKey: "any" };
  const config = { endpoint: local.aws, region, credentials };
  const sageMaker = new SageMakerClient(config);
  for (const ModelCardName of ["churn", "fraud"]) {
    await sageMaker.send(
      new CreateModelCardCommand({ ModelCardName, Content: "{}", ModelCardStatus: "Draft" }),
    );
  }
  await new RAMClient(config).send(
    new CreateResourceShareCommand({
      name: "by-hand",
      principals: [accounts.prod],
      resourceArns: [`arn:aws:sagemaker:${region}:${accounts.owner}:model-card/churn`],
      allowExternalPrincipals: false,
    }),
  );
  const promotions = { stateMachineArn: stateMachineArn(deployment) };
  for (;;) {
    const { executions = [] } = await new SFNClient(config).send(new ListExecutionsCommand(promotions));
    if (executions.length >= 4 && executions.every(({ status }) => status !== "RUNNING")) break;
    await setTimeout(100);
  }
  operator = await operatorCredentials(config);
}, 60_000);

afterAll(() => local.stop());

function runSweep(args: string[], credentials = operator): Promise<Ended> {
  return runCommand(["cli/sweep.ts", ...args], { aws: local.aws, variables: variablesOf(credentials) });
}

describe("npm run sweep", () => {
  it("is this program", () => {
    expect(packageJson.scripts.sweep).toBe("node scripts/run.mjs --import tsx cli/sweep.ts");
  });

  it("says which cards differ in a dry run, and exits 1", async () => {
    const { code, stdout, stderr } = await runSweep(["--dry-run"]);

    expect(stdout.replace(/(Execution: .*:).*/, "$1…")).toMatchInlineSnapshot(`
      "Cards of account 111111111111 in us-east-1. Nothing is changed.

      churn  read-only-broken

      1  read-only-broken  somebody in a read-only stage could update the card

      scanned 2, differing 1, started 0, repaired 0, failing 0

      Execution: arn:aws:states:us-east-1:111111111111:execution:cardway-sweep:…
      "
    `);
    expect({ code, stderr }).toStrictEqual({ code: 1, stderr: "" });
  }, 60_000);

  it("sweeps, and tells machines what it found", async () => {
    const { code, stdout } = await runSweep(["--json"]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      accountId: accounts.owner,
      region,
      status: "SUCCEEDED",
      scanned: 2,
      differing: 1,
      started: 1,
      failing: 0,
      found: [{ modelCardName: "churn", differences: ["read-only-broken"] }],
    });
  }, 60_000);

  it("is in the list of executions that an operator sees", async () => {
    const { stdout } = await runSweep(["--dry-run", "--json"]);

    const stepFunctions = new SFNClient({ endpoint: local.aws, region, credentials: operator });
    const sweeps = { stateMachineArn: sweepStateMachineArn(deployment) };
    const { executions = [] } = await stepFunctions.send(new ListExecutionsCommand(sweeps));
    expect(executions.map(({ executionArn }) => executionArn)).toContain(JSON.parse(stdout).executionArn);
  }, 60_000);

  it("says in a sentence why it cannot run, and exits 1", async () => {
    const { code, stdout, stderr } = await runSweep([], {
      accessKeyId: accounts.dev,
      secretAccessKey: "any",
    });

    expect({ code, stdout }).toStrictEqual({ code: 1, stdout: "" });
    expect(stderr).toMatchInlineSnapshot(`
      "These credentials may not call states:StartExecution (AccessDeniedException). Allow them states:StartExecution, or run this with credentials that may.
      "
    `);
  }, 60_000);

  it("exits 2 for wrong usage, with a sentence, and 0 for help", async () => {
    const [wrong, help] = await Promise.all([runSweep(["--dry"]), runSweep(["--help"])]);

    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toContain("Unknown option '--dry'");
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain("Usage: npm run sweep");
  }, 60_000);
});
