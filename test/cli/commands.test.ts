import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DisableRuleCommand } from "@aws-sdk/client-eventbridge";
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, describe, expect, it } from "vitest";
import { tableName } from "../../stacks/definitions/deployment.ts";
import { organisation } from "../queries/organisation.ts";
import { type TestCloud, accounts } from "../workflow/test-cloud.ts";
import { operatorCredentials } from "./operator-credentials.ts";
import { cardway, withoutChance } from "./cardway-world.ts";

let test: TestCloud;
let arns: Awaited<ReturnType<typeof organisation>>["arns"];

beforeAll(async () => {
  ({ test, arns } = await organisation());
});

describe("an operator who looks", () => {
  it.each([
    ["status", ["status"], 1],
    ["card", ["card", "approved"], 0],
    ["card-failed", ["card", "failed"], 1],
    ["explain", ["explain", "outside"], 0],
    ["requests", ["requests"], 0],
    ["access", ["access"], 0],
    ["audit", ["audit", "--since", "2026-01-01", "--limit", "8"], 0],
    ["audit-of-card", ["audit", "--card", "approved"], 0],
    ["audit-verify", ["audit", "verify"], 0],
    ["help", ["--help"], 0],
    ["help-of-command", ["audit", "verify", "--help"], 0],
  ])("reads %s", async (name, words, code) => {
    const told = await cardway(test, words);

    expect(told).toMatchObject({ code, stderr: "" });
    await expect(withoutChance(told.stdout)).toMatchFileSnapshot(`words/${name}.txt`);
  });

  it("names a card that nobody has dealt with, and leaves it to a sweep", async () => {
    const { test } = await organisation();
    const rules = ["cardway-model-card-call", "cardway-model-card-state-change"];
    await Promise.all(rules.map((Name) => test.events.send(new DisableRuleCommand({ Name }))));
    await test.createCard("lost");

    const { stdout } = await cardway(test, ["status"]);
    const machine = await cardway(test, ["status", "--json"]);

    expect(stdout).toMatch(/not dealt with +lost; what lasts, npx cardway sweep finds\n/);
    expect(JSON.parse(machine.stdout)).toMatchObject({ unseen: ["lost"] });
  });

  it("lists executions, with the cards that they are about", async () => {
    const failed = await cardway(test, ["executions", "--status", "failed"]);
    const ofCard = await cardway(test, ["executions", "--card", "approved", "--json"]);
    const none = await cardway(test, ["executions", "--since", "1min"]);

    expect(failed.stdout).toMatch(/^execution +card +status/);
    expect(failed.stdout).toMatch(/\n[0-9a-f]{8} +failed +FAILED +2026-01-01 00:00 /);
    expect(failed.stdout).not.toContain("SUCCEEDED");
    expect(JSON.parse(ofCard.stdout).executions[0]).toMatchObject({ modelCardName: "approved" });
    expect(none.stdout).toBe("There are no such executions.\n");
  });

  it("follows one execution state by state, to its error and what to do about it", async () => {
    const [failed] = (await test.executions()).filter(({ status }) => status === "FAILED");
    const name = failed?.name ?? "";

    const told = await cardway(test, ["execution", name.slice(0, 12)]);
    const withData = await cardway(test, ["execution", name, "--data"]);
    const machine = await cardway(test, ["execution", failed?.executionArn ?? "", "--json"]);

    expect(told).toMatchObject({ code: 1, stderr: "" });
    expect(told.stdout).toMatch(/5 +GrantAccess +\d+ ms +caught, AwsCallFailedError/);
    expect(told.stdout).toContain(`npx cardway redrive ${name}\n`);
    expect(JSON.parse(machine.stdout)).toMatchObject({
      execution: { status: "FAILED" },
      failure: { error: "AwsCallFailedError", redrive: "when-mended" },
    });
    expect(JSON.parse(machine.stdout)).not.toHaveProperty("consoleUrl");
    expect(told.stdout).not.toContain('"modelCardArn"');
    expect(withData.stdout).toContain('"modelCardArn"');
  });

  it("has the same for machines, without tokens and addresses", async () => {
    const outputs = await Promise.all(
      [["status"], ["card", "approved"], ["explain", "outside"], ["executions"], ["requests"], ["access"]]
        .concat([["audit"], ["audit", "verify"]])
        .map((words) => cardway(test, [...words, "--json"])),
    );
    const [status, card] = outputs.map(({ stdout }) => JSON.parse(stdout));

    expect(status).toMatchObject({ accountId: accounts.owner, cards: 5, byStatus: { Approved: 2 } });
    expect(card).toMatchObject({ card: { modelCardArn: arns.approved }, why: { stages: [{}, {}, {}] } });
    for (const { stdout } of outputs) expect(stdout).not.toMatch(/taskToken|@example/);
  });

  it.each([
    [["stats"], 2, "Unknown command 'stats'\n(Did you mean status?)"],
    [["status", "--jsn"], 2, "Unknown option '--jsn'\n(Did you mean --json?)\n(cardway status --help"],
    [["card"], 2, "Missing required argument 'card'"],
    [["card", "no_name"], 2, "CARD: must be the name of a model card, or its ARN"],
    [["card", "nobody"], 1, "There is no card nobody in account 111111111111 in us-east-1"],
    [["executions", "--status", "well"], 2, "--status: must be one of RUNNING"],
    [["executions", "--since", "yesterday"], 2, "--since: must be a date such as"],
    [["audit", "--limit", "0"], 2, "--limit: must be at least 1"],
    [["status", "--region", "Mars"], 2, "--region: must be an AWS Region"],
    [["status", "--local", "here"], 2, "--local: must be the address of an endpoint"],
  ])("is told what is wrong with %j", async (words, code, sentence) => {
    const told = await cardway(test, words);

    expect(told).toMatchObject({ code, stdout: "" });
    expect(told.stderr).toContain(sentence);
  });

  it("needs no more than the operator's role, which reads no content: it sees the same", async () => {
    const credentials = await operatorCredentials(test.administrator(accounts.owner));
    const commands = [
      ["status"],
      ["card", "approved"],
      ["explain", "failed"],
      ["executions"],
      ["requests"],
    ].concat([["access"], ["audit"], ["audit", "verify"]]);
    for (const words of commands) {
      expect(await cardway(test, words, { credentials })).toStrictEqual(await cardway(test, words));
    }
  });

  it("is told in a sentence where AWS does not let them", async () => {
    const stranger = { accessKeyId: accounts.dev, secretAccessKey: "any" };
    expect(await cardway(test, ["status"], { credentials: stranger })).toStrictEqual({
      code: 1,
      stdout: "",
      stderr:
        "The credentials are those of account 222222222222, not of the model card account 111111111111. Name a profile of that one (--profile), or correct modelCardAccountId in lifecycle.config.ts.\n",
    });
  });

  it("hears which entry of the audit was changed, and where", async () => {
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(test.administrator(accounts.owner)));
    const key = { ":pk": `CARD#${arns.draft}`, ":sk": "EFFECT#" };
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: "pk = :pk and begins_with(sk, :sk)",
        ExpressionAttributeValues: key,
      }),
    );
    const first = Items.find(({ data }) => data.sequence === 1);
    const forged = { ...first, data: { ...first?.["data"], at: "2020-01-01T00:00:00.000Z" } };
    await client.send(new PutCommand({ TableName: tableName, Item: forged }));

    const [all, other] = [
      await cardway(test, ["audit", "verify"]),
      await cardway(test, ["audit", "verify", "--card", "approved"]),
    ];
    await client.send(new PutCommand({ TableName: tableName, Item: first }));

    expect(all.code).toBe(1);
    await expect(withoutChance(all.stdout)).toMatchFileSnapshot("words/audit-changed.txt");
    expect(other.code).toBe(0);
  });
});
