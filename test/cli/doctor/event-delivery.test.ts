import {
  DeleteRuleCommand,
  DisableRuleCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { examine } from "../../../cli/doctor/examine.ts";
import { exitCodeOf } from "../../../cli/doctor/report.ts";
import settings from "../../../lifecycle.config.ts";
import { deploymentOf } from "../../../stacks/definitions/deployment.ts";
import { rules } from "../../../stacks/definitions/rules.ts";
import { accounts, region } from "../../workflow/test-cloud.ts";
import { createDoctorWorld } from "./doctor-world.ts";

const [stateChange] = rules(deploymentOf(settings, "", region), settings);
const Name = stateChange?.name ?? "";
const check = `rule ${Name}`;

function setUp() {
  const world = createDoctorWorld();
  return {
    ...world,
    run: (now = new Date("2026-01-01T00:00:00.000Z")) =>
      examine(settings, {
        modelCardAccount: world.accessOf(accounts.owner),
        stageAccounts: new Map(),
        now: () => now,
      }),
  };
}

describe("event delivery", () => {
  it.each<[string, (events: EventBridgeClient) => Promise<unknown>, string]>([
    ["is disabled", (events) => events.send(new DisableRuleCommand({ Name })), "The rule is disabled"],
    [
      "matches something else",
      (events) =>
        events.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify({ source: ["aws.s3"] }) })),
      "its pattern is another than the defined one",
    ],
    [
      "starts nothing",
      (events) => events.send(new RemoveTargetsCommand({ Rule: Name, Ids: ["promotion"] })),
      "its target is not there",
    ],
    [
      "keeps nothing that it cannot deliver",
      (events) => {
        const { DeadLetterConfig: _queue, ...target } = stateChange?.target ?? { Id: "", Arn: "" };
        return events.send(new PutTargetsCommand({ Rule: Name, Targets: [target] }));
      },
      "what it cannot deliver is kept nowhere",
    ],
    [
      "has a target of another role, which gets something else",
      (events) => {
        const target = stateChange?.target ?? { Id: "", Arn: "" };
        const RoleArn = `arn:aws:iam::${accounts.owner}:role/cardway-sweep-rule`;
        const InputTransformer = { InputPathsMap: { id: "$.id" }, InputTemplate: '{"id":<id>}' };
        return events.send(
          new PutTargetsCommand({ Rule: Name, Targets: [{ ...target, RoleArn, InputTransformer }] }),
        );
      },
      "its target has another role; it hands over something else than defined",
    ],
    [
      "is gone",
      async (events) => {
        await events.send(new RemoveTargetsCommand({ Rule: Name, Ids: ["promotion"] }));
        await events.send(new DeleteRuleCommand({ Name }));
      },
      "There is no such rule",
    ],
  ])("is to be mended where a rule %s", async (_change, change, words) => {
    const { events, run } = setUp();
    await change(events);

    const findings = await run();

    expect(findings.filter(({ status }) => status === "to do")).toMatchObject([
      { check, saw: expect.stringContaining(words) },
    ]);
    expect(exitCodeOf(findings)).toBe(1);
  });

  it("is to be looked at where events could not be delivered", async () => {
    const { sqs, run } = setUp();
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${Name}-dead-letters` }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));

    expect((await run()).filter(({ status }) => status === "to do")).toMatchObject([
      {
        check: `dead letters of ${Name}`,
        saw: "1 event could not be delivered.",
        commands: ["npx cardway dead-letters"],
      },
    ]);
  });

  it("is to be looked at where no sweep has begun for two of its intervals", async () => {
    const { run, pass } = setUp();
    await pass(1.1);
    const sweepOf = async (now: string) =>
      (await run(new Date(now))).find((finding) => finding.check === "last sweep");

    expect(await sweepOf("2026-01-01T01:30:00.000Z")).toMatchObject({
      status: "ok",
      saw: expect.stringContaining("SUCCEEDED"),
    });
    expect(await sweepOf("2026-01-01T04:00:00.000Z")).toMatchObject({
      status: "to do",
      saw: "It began 3 h ago; one is due every hour.",
    });
  });
});
