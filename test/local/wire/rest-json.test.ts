import { describe, expect, it } from "vitest";
import * as z from "zod";
import { AwsError } from "../../../local/wire/aws-error.ts";
import { operation } from "../../../local/wire/operation.ts";
import { RawAnswer } from "../../../local/wire/raw-answer.ts";
import { restJsonService } from "../../../local/wire/rest-json.ts";
import { callService, jsonOf, requestOf } from "./service-call.ts";

const echo = operation({
  input: z.looseObject({}),
  action: "cards:Echo",
  run: (input) => ({ ...input, at: new Date(0) }),
});
const service = restJsonService({
  signingName: "cards",
  validationErrorCode: "InvalidParameterException",
  routes: [
    { method: "POST", path: "/cards/{Name}/versions/{Version}", operation: echo },
    { method: "GET", path: "/cards", operation: echo, query: ["maxResults", "nextToken"] },
    {
      method: "POST",
      path: "/cards/{Name}/invocations",
      operation: echo,
      headers: { "x-amz-invocation-type": "InvocationType" },
      payload: "Payload",
    },
    {
      method: "PUT",
      path: "/cards/{Name}",
      operation: operation({
        input: z.strictObject({ Name: z.string().max(5), force: z.boolean().optional() }),
        action: "cards:Put",
        run: () => {
          throw new AwsError("MalformedArnException", "Bad.", 400, { arn: "x" });
        },
      }),
    },
    {
      method: "DELETE",
      path: "/cards/{Name}",
      operation: operation({
        input: z.object({}),
        action: "cards:Delete",
        run: () =>
          new RawAnswer({ status: 202, headers: { "x-amz-function-error": "Unhandled" }, body: "raw" }),
      }),
    },
  ],
});

const call = (request: Parameters<typeof requestOf>[0], refusal?: string) =>
  callService(service, requestOf(request), refusal);

describe("restJsonService", () => {
  it("takes labels from the path, decoded, and members from the body", async () => {
    const arn = "arn:aws:cards:::card/a b";

    const { response } = await call({
      path: `/cards/${encodeURIComponent(arn)}/versions/7`,
      body: '{"name":"x","none":null}',
    });

    expect(response.status).toBe(200);
    expect(response.headers).toStrictEqual({ "content-type": "application/json" });
    expect(jsonOf(response)).toStrictEqual({ Name: arn, Version: "7", name: "x", at: 0 });
  });

  it("lets a label win over a member of the body with the same name", async () => {
    const { response } = await call({ path: "/cards/label/versions/1", body: '{"Name":"body"}' });

    expect(jsonOf(response)).toMatchObject({ Name: "label" });
  });

  it("takes the query parameters that a route names, and no others", async () => {
    const query = new URLSearchParams("maxResults=5&other=x");

    const { response } = await call({ method: "GET", path: "/cards/", query });

    expect(jsonOf(response)).toStrictEqual({ maxResults: "5", at: 0 });
  });

  it("takes headers and a raw payload", async () => {
    const { response } = await call({
      path: "/cards/f/invocations",
      headers: { "x-amz-invocation-type": "Event" },
      body: "not JSON",
    });

    expect(jsonOf(response)).toStrictEqual({
      Name: "f",
      InvocationType: "Event",
      Payload: "not JSON",
      at: 0,
    });
  });

  it("passes a raw answer on as it is", async () => {
    const { response } = await call({ method: "DELETE", path: "/cards/x" });

    expect(response).toStrictEqual({
      status: 202,
      headers: { "x-amz-function-error": "Unhandled" },
      body: "raw",
    });
  });

  it("answers an error with its type in a header", async () => {
    const { response } = await call({ method: "PUT", path: "/cards/x" });

    expect(response).toStrictEqual({
      status: 400,
      headers: { "content-type": "application/json", "x-amzn-errortype": "MalformedArnException" },
      body: '{"message":"Bad.","arn":"x"}',
    });
  });

  it("refuses a broken constraint with the service's own code, and logs a member that is not modelled", async () => {
    const { response, lines } = await call({
      method: "PUT",
      path: "/cards/too-long",
      body: '{"dryRun":true}',
    });

    expect(response.headers["x-amzn-errortype"]).toBe("InvalidParameterException");
    expect(jsonOf(response)).toMatchObject({
      message: expect.stringContaining("Value 'too-long' at 'name' failed to satisfy constraint"),
    });
    expect(lines).toStrictEqual(["cards: /cards/{Name} with dryRun is not built in the local endpoint"]);
  });

  it.each([
    [
      { method: "PUT", path: "/cards/x", body: '{"force":"yes"}' },
      "STRING_VALUE can not be converted to a Boolean",
    ],
    [{ method: "PUT", path: "/cards/x", body: "{" }, "The request body is not a JSON object"],
    [{ method: "PUT", path: "/cards/%E0%A4%A" }, "The request's path is not valid percent-encoding."],
  ])("refuses %j as a serialization error", async (request, message) => {
    const { response } = await call(request);

    expect(response.status).toBe(400);
    expect(response.headers["x-amzn-errortype"]).toBe("SerializationException");
    expect(jsonOf(response)).toStrictEqual({ message });
  });

  it("refuses with HTTP 403 where permission is missing", async () => {
    const { response } = await call({ method: "GET", path: "/cards" }, "User: x is not authorized");

    expect(response.status).toBe(403);
    expect(response.headers["x-amzn-errortype"]).toBe("AccessDeniedException");
    expect(jsonOf(response)).toStrictEqual({ message: "User: x is not authorized" });
  });

  it.each([
    ["an unknown path", "POST", "/decks", "cards: POST /decks is not built in the local endpoint"],
    ["another method", "POST", "/cards", "cards: POST /cards is not built in the local endpoint"],
    ["an empty label", "PUT", "/cards//", "cards: PUT /cards// is not built in the local endpoint"],
    [
      "a path that can hold a mail address",
      "GET",
      "/v2/email/identities/ana%40example.com",
      "cards: GET /v2/email/identities/… is not built in the local endpoint",
    ],
  ])("refuses %s and logs no more than the start of it", async (_what, method, path, line) => {
    const { response, lines } = await call({ method, path });

    expect([response.status, response.headers["x-amzn-errortype"]]).toStrictEqual([
      404,
      "UnknownOperationException",
    ]);
    expect(lines).toStrictEqual([line]);
  });
});
