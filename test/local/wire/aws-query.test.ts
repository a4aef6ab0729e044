import { describe, expect, it } from "vitest";
import * as z from "zod";
import { AwsError } from "../../../local/wire/aws-error.ts";
import { awsQueryService } from "../../../local/wire/aws-query.ts";
import { operation } from "../../../local/wire/operation.ts";
import { callService, requestOf } from "./service-call.ts";

const inputs: unknown[] = [];
const service = awsQueryService({
  signingName: "cards",
  version: "2026-01-01",
  operations: {
    PutCard: operation({
      input: z.record(z.string(), z.unknown()),
      action: "cards:PutCard",
      run: (input) => {
        inputs.push(input);
        return { Name: "a & b", Versions: [1, 2] };
      },
    }),
    GetCard: operation({
      input: z.strictObject({ Name: z.string().max(3) }),
      action: "cards:GetCard",
      run: () => {
        throw new AwsError("NoSuchEntity", "No <card>.", 404);
      },
    }),
    BreakCard: operation({
      input: z.strictObject({}),
      action: "cards:BreakCard",
      run: () => {
        throw new AwsError("ServiceFailure", "", 500);
      },
    }),
  },
});

const post = (form: string, refusal?: string) =>
  callService(
    service,
    requestOf({ headers: { "content-type": "application/x-www-form-urlencoded" }, body: form }),
    refusal,
  );

describe("awsQueryService", () => {
  it("answers in XML with the result, the namespace and the request id", async () => {
    const { response } = await post("Action=PutCard&Version=2026-01-01");

    expect(response).toStrictEqual({
      status: 200,
      headers: { "content-type": "text/xml" },
      body:
        '<PutCardResponse xmlns="https://cards.amazonaws.com/doc/2026-01-01/">' +
        "<PutCardResult><Name>a &#38; b</Name><Versions><member>1</member><member>2</member></Versions></PutCardResult>" +
        "<ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></PutCardResponse>",
    });
  });

  it("reads lists and structures of a form, list members in the order of their numbers", async () => {
    await post(
      "Action=PutCard&Version=2026-01-01&Name=a+b%26c&Tags.member.2.Key=k2&Tags.member.1.Key=k1&Tags.member.1.Value=v1" +
        "&Names.member.10=j&Names.member.9=i&Owner.Name=x",
    );

    expect(inputs.at(-1)).toStrictEqual({
      Name: "a b&c",
      Tags: [{ Key: "k1", Value: "v1" }, { Key: "k2" }],
      Names: ["i", "j"],
      Owner: { Name: "x" },
    });
  });

  it("takes a presigned GET, without its signature's members", async () => {
    const query = new URLSearchParams(
      "Action=PutCard&Version=2026-01-01&Name=x&X-Amz-Credential=c&X-Amz-Signature=s",
    );

    const { response } = await callService(service, requestOf({ method: "GET", query }));

    expect(response.status).toBe(200);
    expect(inputs.at(-1)).toStrictEqual({ Name: "x" });
  });

  it("answers an error of the caller and one of the service", async () => {
    const sender = await post("Action=GetCard&Name=x");
    const receiver = await post("Action=BreakCard");

    expect(sender.response).toStrictEqual({
      status: 404,
      headers: { "content-type": "text/xml" },
      body: "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>No &#60;card&#62;.</Message></Error><RequestId>request-1</RequestId></ErrorResponse>",
    });
    expect(receiver.response.body).toContain("<Type>Receiver</Type><Code>ServiceFailure</Code>");
  });

  it.each([
    [
      "Action=ListCards&Version=2020-01-01",
      "Could not find operation ListCards for version 2020-01-01",
      "ListCards",
    ],
    ["Action=toString", "Could not find operation toString for version 2026-01-01", "toString"],
    ["", "Could not find operation  for version 2026-01-01", "a call without an action"],
  ])("refuses and logs the form %j", async (form, message, name) => {
    const { response, lines } = await post(form);

    expect(response.status).toBe(400);
    expect(response.body).toContain(`<Code>InvalidAction</Code><Message>${message}</Message>`);
    expect(lines).toStrictEqual([`cards: ${name} is not built in the local endpoint`]);
  });

  it("refuses what breaks a constraint or is not modelled, and logs the latter", async () => {
    const { response, lines } = await post("Action=GetCard&Name=long&Force=true");

    expect(response.status).toBe(400);
    expect(response.body).toContain(
      "<Code>ValidationError</Code><Message>2 validation errors detected: Value 'long' at 'name' failed to satisfy constraint: Member must have length less than or equal to 3; Value at 'force'",
    );
    expect(lines).toStrictEqual(["cards: GetCard with force is not built in the local endpoint"]);
  });

  it("refuses with HTTP 403 where permission is missing", async () => {
    const { response } = await post("Action=PutCard", "User: x is not authorized");

    expect(response.status).toBe(403);
    expect(response.body).toContain("<Code>AccessDenied</Code><Message>User: x is not authorized</Message>");
  });
});
