import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  ListStateMachinesCommand,
  ListTagsForResourceCommand,
  SFNClient,
  StartExecutionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import type { Permission } from "../../../../local/wire/operation.ts";
import { sdkClientSettings } from "../../sdk-request-handler.ts";
import { machine, place, roleArn, setUp, stateMachineArn } from "../step-functions-in-process.ts";

const definition = JSON.stringify(machine({ Done: { Type: "Succeed" } }));
const otherDefinition = JSON.stringify(machine({ Done: { Type: "Succeed", Output: 1 } }));
const create = (more: object = {}) =>
  new CreateStateMachineCommand({ name: "flow", definition, roleArn, ...more });

describe("CreateStateMachine", () => {
  it("creates a state machine that DescribeStateMachine shows", async () => {
    const { client } = setUp();

    const created = await client.send(create());

    const creationDate = new Date("2026-01-01T00:00:00.000Z");
    expect(created).toMatchObject({ stateMachineArn: stateMachineArn("flow"), creationDate });
    const { $metadata, ...described } = await client.send(
      new DescribeStateMachineCommand({ stateMachineArn: stateMachineArn("flow") }),
    );
    expect($metadata.httpStatusCode).toBe(200);
    expect(described).toStrictEqual({
      stateMachineArn: stateMachineArn("flow"),
      name: "flow",
      status: "ACTIVE",
      type: "STANDARD",
      definition,
      roleArn,
      creationDate,
      loggingConfiguration: { level: "OFF", includeExecutionData: false },
      tracingConfiguration: { enabled: false },
      encryptionConfiguration: { type: "AWS_OWNED_KEY" },
    });
  });

  it("answers a repeated call with the first creation", async () => {
    const { client, context } = setUp();
    const first = await client.send(create());
    await context.clock.advance(1000);

    const second = await client.send(create({ roleArn: `${roleArn}-2` }));

    expect(second.creationDate).toStrictEqual(first.creationDate);
  });

  it("refuses another definition under the same name", async () => {
    const { client } = setUp();
    await client.send(create());

    await expect(client.send(create({ definition: otherDefinition }))).rejects.toMatchObject({
      name: "StateMachineAlreadyExists",
      message: `State Machine Already Exists: '${stateMachineArn("flow")}'`,
    });
  });

  it("refuses a definition that the engine cannot run", async () => {
    const { client } = setUp();

    await expect(
      client.send(create({ definition: '{"QueryLanguage":"JSONata","StartAt":"A"}' })),
    ).rejects.toMatchObject({
      name: "InvalidDefinition",
      message:
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'",
    });
  });

  it.each(["a b", "a:b", "a/b", "a<b", "a*", "$a", "a\u0007b"])("refuses the name %j", async (name) => {
    const { client } = setUp();

    await expect(client.send(create({ name }))).rejects.toMatchObject({
      name: "InvalidName",
      message: `Invalid Name: '${name}'`,
    });
  });

  it.each([
    ["StateMachineTypeNotSupported", { type: "EXPRESS" }],
    ["InvalidArn", { roleArn: "workflow" }],
    ["InvalidLoggingConfiguration", { loggingConfiguration: { level: "ALL" } }],
    ["InvalidTracingConfiguration", { tracingConfiguration: { enabled: true } }],
    [
      "InvalidEncryptionConfiguration",
      { encryptionConfiguration: { type: "CUSTOMER_MANAGED_KMS_KEY", kmsKeyId: "key" } },
    ],
    ["ValidationException", { publish: true }],
    ["ValidationException", { name: "x".repeat(81) }],
  ])("refuses with %s what is not built or not valid: %j", async (name, more) => {
    const { client } = setUp();

    await expect(client.send(create(more))).rejects.toMatchObject({ name });
  });

  it("never repeats the definition in an error", async () => {
    const { client } = setUp();

    const call = client.send(create({ definition: "x".repeat(1_048_577) }));

    await expect(call).rejects.toMatchObject({
      message:
        "1 validation error detected: Value at 'definition' failed to satisfy constraint: " +
        "Member must have length less than or equal to 1048576",
    });
  });
});

describe("UpdateStateMachine", () => {
  it("changes what later executions run, and gives the machine a revision", async () => {
    const { client, context } = setUp();
    await client.send(create());
    await context.clock.advance(5000);

    const updated = await client.send(
      new UpdateStateMachineCommand({
        stateMachineArn: stateMachineArn("flow"),
        definition: otherDefinition,
      }),
    );

    const described = await client.send(
      new DescribeStateMachineCommand({ stateMachineArn: stateMachineArn("flow") }),
    );
    expect(updated.updateDate).toStrictEqual(new Date("2026-01-01T00:00:05.000Z"));
    expect(updated.revisionId).toBeDefined();
    expect(described).toMatchObject({ definition: otherDefinition, roleArn, revisionId: updated.revisionId });
  });

  it("keeps the revision when nothing changes", async () => {
    const { client } = setUp();
    await client.send(create());
    const update = () =>
      client.send(
        new UpdateStateMachineCommand({ stateMachineArn: stateMachineArn("flow"), roleArn: `${roleArn}-2` }),
      );
    const first = await update();

    expect((await update()).revisionId).toBe(first.revisionId);
  });

  it("leaves a running execution with the definition that it was started with", async () => {
    const { client, create: createMachine, start, output, context } = setUp();
    const arn = createMachine({ Wait: { Type: "Wait", Seconds: 10, Output: "old", End: true } });
    const executionArn = start(arn);

    await client.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition: otherDefinition }));
    await context.clock.advance(10_000);

    expect(await output(executionArn)).toBe("old");
    const { definition: run, updateDate } = await client.send(
      new DescribeStateMachineForExecutionCommand({ executionArn }),
    );
    expect(run).toContain("old");
    expect(updateDate).toStrictEqual(new Date("2026-01-01T00:00:00.000Z"));
  });

  it("refuses a call that changes nothing, a bad definition, and an unknown machine", async () => {
    const { client } = setUp();
    await client.send(create());
    const update = (more: object) =>
      client.send(new UpdateStateMachineCommand({ stateMachineArn: stateMachineArn("flow"), ...more }));

    await expect(update({})).rejects.toMatchObject({
      name: "MissingRequiredParameter",
      message:
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
    });
    await expect(update({ definition: "{}" })).rejects.toMatchObject({ name: "InvalidDefinition" });
    await expect(update({ stateMachineArn: stateMachineArn("other"), definition })).rejects.toMatchObject({
      name: "StateMachineDoesNotExist",
      message: `State Machine Does Not Exist: '${stateMachineArn("other")}'`,
    });
  });
});

describe("DeleteStateMachine", () => {
  const remove = (name: string) => new DeleteStateMachineCommand({ stateMachineArn: stateMachineArn(name) });

  it("removes the machine and its executions", async () => {
    const { client, run } = setUp();
    const executionArn = await run({ Done: { Type: "Succeed" } });

    await client.send(remove("machine-1"));

    await expect(
      client.send(new DescribeStateMachineCommand({ stateMachineArn: stateMachineArn("machine-1") })),
    ).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
    await expect(client.send(new DescribeExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: "ExecutionDoesNotExist",
    });
  });

  it("is no error when there is no such machine", async () => {
    const { client } = setUp();

    await expect(client.send(remove("nothing"))).resolves.toBeDefined();
  });

  it("waits for executions that run, which end at their next state", async () => {
    const { client, run, context, stepFunctions } = setUp();
    const ends: string[] = [];
    await run({ Wait: { Type: "Wait", Seconds: 10, Next: "Done" }, Done: { Type: "Succeed" } });
    stepFunctions.onExecutionChange(({ status }) => ends.push(status));
    const stateMachineArnOfRun = stateMachineArn("machine-1");

    await client.send(remove("machine-1"));
    const deleting = await client.send(
      new DescribeStateMachineCommand({ stateMachineArn: stateMachineArnOfRun }),
    );
    const start = client.send(new StartExecutionCommand({ stateMachineArn: stateMachineArnOfRun }));
    await expect(start).rejects.toMatchObject({ name: "StateMachineDeleting" });
    await expect(client.send(create({ name: "machine-1" }))).rejects.toMatchObject({
      name: "StateMachineDeleting",
    });
    await context.clock.advance(10_000);

    expect(deleting.status).toBe("DELETING");
    expect(ends).toStrictEqual(["ABORTED"]);
    await expect(
      client.send(new DescribeStateMachineCommand({ stateMachineArn: stateMachineArnOfRun })),
    ).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
  });
});

describe("ListStateMachines", () => {
  it("lists the machines of the caller's account and Region by name, in pages", async () => {
    const { client, stepFunctions } = setUp();
    for (const name of ["c", "a", "d", "b"]) await client.send(create({ name }));
    for (const elsewhere of [
      { ...place, region: "us-east-1" },
      { ...place, accountId: "222222222222" },
    ]) {
      await new SFNClient(sdkClientSettings(stepFunctions.service, elsewhere)).send(
        create({ name: "elsewhere" }),
      );
    }

    const first = await client.send(new ListStateMachinesCommand({ maxResults: 3 }));
    const second = await client.send(
      new ListStateMachinesCommand({ maxResults: 3, nextToken: first.nextToken }),
    );

    expect(first.stateMachines?.map(({ name }) => name)).toStrictEqual(["a", "b", "c"]);
    expect(second.stateMachines?.map(({ name }) => name)).toStrictEqual(["d"]);
    expect(second).not.toHaveProperty("nextToken");
    expect(first.stateMachines?.[0]).toStrictEqual({
      stateMachineArn: stateMachineArn("a"),
      name: "a",
      type: "STANDARD",
      creationDate: new Date("2026-01-01T00:00:00.000Z"),
    });
  });

  it("refuses a token that is none, and too large a page", async () => {
    const { client } = setUp();

    await expect(client.send(new ListStateMachinesCommand({ nextToken: "x" }))).rejects.toMatchObject({
      name: "InvalidToken",
    });
    await expect(client.send(new ListStateMachinesCommand({ maxResults: 1001 }))).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: " +
        "Member must have value less than or equal to 1000",
    });
  });
});

describe("DescribeStateMachine", () => {
  it.each([
    ["abc", "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: abc'"],
    [
      "arn:aws:states:eu-central-1:111111111111:execution:flow:run",
      "InvalidArn",
      "Invalid Arn: 'Resource type not valid in this context: execution'",
    ],
    [
      "arn:aws:states:us-east-1:111111111111:stateMachine:machine-1",
      "StateMachineDoesNotExist",
      "State Machine Does Not Exist: 'arn:aws:states:us-east-1:111111111111:stateMachine:machine-1'",
    ],
  ])("refuses %s", async (arn, name, message) => {
    const { client, create: createMachine } = setUp();
    createMachine({ Done: { Type: "Succeed" } });

    await expect(
      client.send(new DescribeStateMachineCommand({ stateMachineArn: arn })),
    ).rejects.toMatchObject({
      name,
      message,
    });
  });

  it("does not show another account's machine, whatever the caller may do", async () => {
    const { create: createMachine, stepFunctions } = setUp();
    const arn = createMachine({ Done: { Type: "Succeed" } });
    const stranger = new SFNClient(
      sdkClientSettings(stepFunctions.service, { ...place, accountId: "222222222222" }),
    );

    await expect(
      stranger.send(new DescribeStateMachineCommand({ stateMachineArn: arn })),
    ).rejects.toMatchObject({
      name: "StateMachineDoesNotExist",
    });
  });
});

describe("ValidateStateMachineDefinition", () => {
  const validate = (text: string, more: object = {}) =>
    new ValidateStateMachineDefinitionCommand({ definition: text, ...more });

  it("says OK to what CreateStateMachine takes", async () => {
    const { client } = setUp();

    expect(await client.send(validate(definition))).toMatchObject({
      result: "OK",
      diagnostics: [],
      truncated: false,
    });
  });

  it("lists the faults, as many as asked for", async () => {
    const { client } = setUp();
    const faulty = JSON.stringify(
      machine({ A: { Type: "Pass", InputPath: "$", OutputPath: "$", End: true } }),
    );

    const all = await client.send(validate(faulty));
    const one = await client.send(validate(faulty, { maxResults: 1 }));

    expect(all).toMatchObject({ result: "FAIL", truncated: false });
    expect(all.diagnostics).toHaveLength(2);
    expect(all.diagnostics?.[0]).toMatchObject({
      severity: "ERROR",
      code: "SCHEMA_VALIDATION_FAILED",
      location: "/States/A",
    });
    expect(one.diagnostics).toHaveLength(1);
    expect(one.truncated).toBe(true);
  });
});

describe("tags", () => {
  it("are given at creation, added, changed and removed", async () => {
    const { client } = setUp();
    const resourceArn = stateMachineArn("flow");
    await client.send(create({ tags: [{ key: "team", value: "ml" }] }));

    await client.send(
      new TagResourceCommand({
        resourceArn,
        tags: [
          { key: "team", value: "risk" },
          { key: "stage", value: "dev" },
        ],
      }),
    );
    const both = await client.send(new ListTagsForResourceCommand({ resourceArn }));
    await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["team"] }));
    const one = await client.send(new ListTagsForResourceCommand({ resourceArn }));

    expect(both.tags).toStrictEqual([
      { key: "team", value: "risk" },
      { key: "stage", value: "dev" },
    ]);
    expect(one.tags).toStrictEqual([{ key: "stage", value: "dev" }]);
  });

  it("are at most fifty, and only on what exists", async () => {
    const { client } = setUp();
    const many = Array.from({ length: 51 }, (_, index) => ({ key: `key-${index}`, value: "" }));

    await expect(client.send(create({ tags: many }))).rejects.toMatchObject({ name: "TooManyTags" });
    await expect(
      client.send(new ListTagsForResourceCommand({ resourceArn: stateMachineArn("nothing") })),
    ).rejects.toMatchObject({ name: "ResourceNotFound" });
  });
});

describe("permissions", () => {
  it("are asked for on the ARN that a call names", async () => {
    const { stepFunctions } = setUp();
    const asked: Permission[] = [];
    const client = new SFNClient(
      sdkClientSettings(stepFunctions.service, {
        region: place.region,
        authorize: (permissions) => {
          asked.push(...permissions);
          return undefined;
        },
      }),
    );

    await client.send(create());
    await client.send(new ListStateMachinesCommand({}));
    await client.send(new DescribeStateMachineCommand({ stateMachineArn: stateMachineArn("flow") }));

    expect(asked).toMatchObject([
      { action: "states:CreateStateMachine", resource: stateMachineArn("flow") },
      { action: "states:ListStateMachines", resource: "*" },
      { action: "states:DescribeStateMachine", resource: stateMachineArn("flow") },
    ]);
  });
});
