import { describe, expect, it } from "vitest";
import * as z from "zod";
import { describeInvalidInput } from "../../../local/wire/validation.ts";

/** What a schema has to say about an input. The values and sentences that are compared come from real AWS answers. */
function wordsFor(schema: z.ZodType, input: unknown, sensitive: string[] = []) {
  const { error } = schema.safeParse(input, { reportInput: true });
  if (error === undefined) throw new Error("The input is valid");
  return describeInvalidInput(error, sensitive);
}

const messageFor = (schema: z.ZodType, input: unknown, sensitive: string[] = []) =>
  wordsFor(schema, input, sensitive).message;

describe("describeInvalidInput", () => {
  it("words a missing member as AWS does", () => {
    const schema = z.object({ QueryExecutionId: z.string() });
    const expected =
      "1 validation error detected: Value null at 'queryExecutionId' failed to satisfy constraint: Member must not be null";

    expect(messageFor(schema, {})).toBe(expected);
    expect(messageFor(schema, { QueryExecutionId: null })).toBe(expected);
  });

  it("words a broken pattern as AWS does", () => {
    const flowDefinition = z.object({
      HumanLoopConfig: z.object({
        WorkteamArn: z
          .string()
          .regex(new RegExp(String.raw`^arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:workteam/.*$`)),
      }),
    });
    const WorkteamArn = "arn:aws:sagemaker:ap-southeast-1:111111111111:flow-definition/a2idemotextract";

    expect(messageFor(flowDefinition, { HumanLoopConfig: { WorkteamArn } })).toBe(
      "1 validation error detected: Value 'arn:aws:sagemaker:ap-southeast-1:111111111111:flow-definition/a2idemotextract' at 'humanLoopConfig.workteamArn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:workteam/.*",
    );
  });

  it("names a member of a list by its position, counted from 1", () => {
    const targets = z.object({
      Targets: z.array(z.object({ Id: z.string().regex(/^[\\.\\-_A-Za-z0-9]+$/) })),
    });

    expect(messageFor(targets, { Targets: [{ Id: "a" }, { Id: "b c" }] })).toBe(
      "1 validation error detected: Value 'b c' at 'targets.2.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\\\.\\\\-_A-Za-z0-9]+",
    );
  });

  it("counts several errors and joins them", () => {
    const schema = z.object({ MaxResults: z.int().min(1), NextToken: z.string().min(1) });

    expect(messageFor(schema, { MaxResults: 0, NextToken: "" })).toBe(
      "2 validation errors detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1; Value '' at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  it.each([
    [
      z.object({ Role: z.string().max(3) }),
      { Role: "abcd" },
      "Value 'abcd' at 'role'",
      "length less than or equal to 3",
    ],
    [z.object({ Age: z.int().max(9) }), { Age: 10 }, "Value '10' at 'age'", "value less than or equal to 9"],
    [
      z.object({ Names: z.array(z.string()).min(1) }),
      { Names: [] },
      "Value '[]' at 'names'",
      "length greater than or equal to 1",
    ],
    [
      z.object({ Names: z.array(z.string()).max(1) }),
      { Names: ["a", "b"] },
      "Value '[a, b]' at 'names'",
      "length less than or equal to 1",
    ],
  ])("words limits: %#", (schema, input, value, limit) => {
    expect(messageFor(schema, input)).toBe(
      `1 validation error detected: ${value} failed to satisfy constraint: Member must have ${limit}`,
    );
  });

  it("lists the values of an enumeration", () => {
    const schema = z.object({ ModelCardStatus: z.enum(["Draft", "PendingReview"]) });

    expect(messageFor(schema, { ModelCardStatus: "Done" })).toBe(
      "1 validation error detected: Value 'Done' at 'modelCardStatus' failed to satisfy constraint: Member must satisfy enum value set: [Draft, PendingReview]",
    );
  });

  it("words the keys of a map", () => {
    const schema = z.object({ Labels: z.record(z.string().max(2), z.string()) });

    expect(messageFor(schema, { Labels: { abc: "x" } })).toContain(
      "failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 2]",
    );
  });

  it("repeats no value of a sensitive member, at any depth", () => {
    const schema = z.object({ Content: z.string().max(3), Nested: z.object({ Secret: z.string().max(3) }) });

    const message = messageFor(schema, { Content: "secret", Nested: { Secret: "secret" } }, [
      "Content",
      "Nested",
    ]);

    expect(message).toBe(
      "2 validation errors detected: Value at 'content' failed to satisfy constraint: Member must have length less than or equal to 3; Value at 'nested.secret' failed to satisfy constraint: Member must have length less than or equal to 3",
    );
  });

  it("names members that are not modelled, without any value", () => {
    const schema = z.strictObject({ Name: z.string(), Config: z.strictObject({}) });

    expect(wordsFor(schema, { Name: "secret", Tags: ["secret"], Config: { Mode: "secret" } })).toStrictEqual({
      kind: "validation",
      message:
        "2 validation errors detected: Value at 'config.mode' failed to satisfy constraint: Member is not modelled by the local endpoint; Value at 'tags' failed to satisfy constraint: Member is not modelled by the local endpoint",
      notModelled: ["config.mode", "tags"],
    });
  });

  const shape = z.object({
    MaxResults: z.int().optional(),
    NextToken: z.string().optional(),
    Enabled: z.boolean().optional(),
    Parameters: z.array(z.string()).optional(),
    Configuration: z.object({}).optional(),
    Labels: z.record(z.string(), z.string()).optional(),
    Status: z.enum(["A"]).optional(),
  });

  it.each([
    [{ MaxResults: "1" }, "STRING_VALUE can not be converted to an Integer"],
    [{ MaxResults: true }, "TRUE_VALUE can not be converted to an Integer"],
    [{ MaxResults: [1] }, "Start of list found where not expected"],
    [{ MaxResults: { a: 1 } }, "Start of structure or map found where not expected."],
    [{ NextToken: 1 }, "NUMBER_VALUE can not be converted to a String"],
    [{ NextToken: false }, "FALSE_VALUE can not be converted to a String"],
    [{ Status: 1 }, "NUMBER_VALUE can not be converted to a String"],
    [{ Enabled: 1 }, "NUMBER_VALUE can not be converted to a Boolean"],
    [{ Parameters: [1] }, "NUMBER_VALUE can not be converted to a String"],
    [{ Parameters: "x" }, "Expected list or null"],
    [{ Parameters: {} }, "Start of structure or map found where not expected."],
    [{ Configuration: "x" }, "Expected null"],
    [{ Labels: "x" }, "Expected null"],
    [{ Configuration: [] }, "Start of list found where not expected"],
  ])("calls %j a serialization error: %s", (input, message) => {
    expect(wordsFor(shape, input)).toStrictEqual({ kind: "serialization", message, notModelled: [] });
  });

  it("looks at types before constraints", () => {
    const schema = z.object({ NextToken: z.string().min(1), MaxResults: z.int() });

    expect(wordsFor(schema, { NextToken: "", MaxResults: "1" })).toMatchObject({
      kind: "serialization",
      message: "STRING_VALUE can not be converted to an Integer",
    });
  });
});
