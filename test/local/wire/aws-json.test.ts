import { describe, expect, it } from "vitest";
import * as z from "zod";
import { AwsError } from "../../../local/wire/aws-error.ts";
import { awsJsonService } from "../../../local/wire/aws-json.ts";
import { operation } from "../../../local/wire/operation.ts";
import { callService, jsonOf, requestOf } from "./service-call.ts";

const service = awsJsonService({
  signingName: "cards",
  version: "1.1",
  targetPrefix: "Cards",
  sensitive: ["Content"],
  operations: {
    DescribeCard: operation({
      input: z.object({ Name: z.string().max(5), Content: z.string().max(3).optional() }),
      action: "cards:DescribeCard",
      resource: ({ Name }, { region }) => [`arn:aws:cards:${region}::card/${Name}`, "*"],
      context: ({ Name }) => ({ "cards:Name": Name }),
      run: ({ Name }, { caller }) => ({ Name, Owner: caller.accountId, At: new Date(1_767_225_600_500) }),
    }),
    DeleteCard: operation({
      input: z.strictObject({}),
      action: "cards:DeleteCard",
      run: () => {
        throw new AwsError("ConflictException", "The card is in use.", 409, { Reasons: ["a"] });
      },
    }),
    BreakCard: operation({
      input: z.object({}),
      action: "cards:BreakCard",
      run: () => {
        throw new RangeError("secret");
      },
    }),
  },
});

const call = (target: string | undefined, body: string | Uint8Array = "{}", refusal?: string) =>
  callService(
    service,
    requestOf({ headers: target === undefined ? {} : { "x-amz-target": target }, body }),
    refusal,
  );

describe("awsJsonService", () => {
  it("runs an operation and answers with its members, dates as epoch seconds", async () => {
    const { response } = await call("Cards.DescribeCard", '{"Name":"churn"}');

    expect(response).toStrictEqual({
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: '{"Name":"churn","Owner":"111111111111","At":1767225600.5}',
    });
  });

  it("asks for every permission that the input needs", async () => {
    const { asked } = await call("Cards.DescribeCard", '{"Name":"churn"}');

    expect(asked).toStrictEqual([
      {
        action: "cards:DescribeCard",
        resource: "arn:aws:cards:eu-central-1::card/churn",
        context: { "cards:Name": "churn" },
      },
      { action: "cards:DescribeCard", resource: "*", context: { "cards:Name": "churn" } },
    ]);
  });

  it("asks for the permission on all resources where an operation names none", async () => {
    const { asked } = await call("Cards.DeleteCard");

    expect(asked).toStrictEqual([{ action: "cards:DeleteCard", resource: "*", context: {} }]);
  });

  it("refuses without running where permission is missing", async () => {
    const { response } = await call("Cards.BreakCard", "{}", "User: x is not authorized");

    expect([response.status, jsonOf(response)]).toStrictEqual([
      400,
      { __type: "AccessDeniedException", message: "User: x is not authorized" },
    ]);
  });

  it("answers an error with its code, status and further members", async () => {
    const { response } = await call("Cards.DeleteCard");

    expect(response.status).toBe(409);
    expect(response.headers).toStrictEqual({
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-errortype": "ConflictException",
    });
    expect(jsonOf(response)).toStrictEqual({
      __type: "ConflictException",
      message: "The card is in use.",
      Reasons: ["a"],
    });
  });

  it.each([
    ["Cards.ListCards", "cards: POST ListCards is not built in the local endpoint"],
    ["Cards.constructor", "cards: POST constructor is not built in the local endpoint"],
    ["Cards", "cards: POST without an operation is not built in the local endpoint"],
    [undefined, "cards: POST without an operation is not built in the local endpoint"],
  ])("refuses and logs the target %s", async (target, line) => {
    const { response, lines } = await call(target);

    expect([response.status, jsonOf(response)]).toStrictEqual([
      400,
      { __type: "UnknownOperationException", message: "" },
    ]);
    expect(lines).toStrictEqual([line]);
  });

  it("refuses any other method than POST", async () => {
    const request = requestOf({ method: "GET", headers: { "x-amz-target": "Cards.DescribeCard" } });

    const { response } = await callService(service, request);

    expect([response.status, jsonOf(response)]).toMatchObject([404, { __type: "UnknownOperationException" }]);
  });

  it.each([["{"], ["[1]"], ["null"]])("refuses the malformed body %s", async (body) => {
    const { response } = await call("Cards.DescribeCard", body);

    expect([response.status, jsonOf(response)]).toMatchObject([400, { __type: "SerializationException" }]);
  });

  it("refuses a member of the wrong type before one that breaks a constraint", async () => {
    const { response } = await call("Cards.DescribeCard", '{"Name":"far too long","Content":1}');

    expect(jsonOf(response)).toStrictEqual({
      __type: "SerializationException",
      message: "NUMBER_VALUE can not be converted to a String",
    });
  });

  it("refuses what breaks a constraint, without a sensitive value", async () => {
    const { response } = await call("Cards.DescribeCard", '{"Content":"secret"}');

    expect(jsonOf(response)).toStrictEqual({
      __type: "ValidationException",
      message:
        "2 validation errors detected: Value null at 'name' failed to satisfy constraint: Member must not be null; Value at 'content' failed to satisfy constraint: Member must have length less than or equal to 3",
    });
  });

  it("refuses and logs a member that is not modelled", async () => {
    const { response, lines } = await call("Cards.DeleteCard", '{"Force":true}');

    expect(jsonOf(response)).toMatchObject({ __type: "ValidationException" });
    expect(lines).toStrictEqual(["cards: DeleteCard with force is not built in the local endpoint"]);
  });

  it("lets an unexpected error through to the endpoint", async () => {
    await expect(call("Cards.BreakCard")).rejects.toThrow(RangeError);
  });
});
