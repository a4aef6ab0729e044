import { describe, expect, it, vi } from "vitest";
import { AwsError } from "../../../local/wire/aws-error.ts";
import { jsonOf, requestOf } from "../wire/service-call.ts";
import { machine, sampleEndpoint, signedRequest, startExecution, statesRequest } from "./sample-services.ts";

const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
const jsonTarget = {
  "content-type": "application/x-amz-json-1.1",
  "x-amz-target": "Comprehend_20171127.DetectSentiment",
};
const uuid = /^[0-9a-f-]{36}$/;

describe("createEndpoint", () => {
  it("finds a service by the target's prefix and says who calls it where", async () => {
    const { endpoint, calls } = sampleEndpoint();

    const response = await endpoint.handle(startExecution({ region: "us-east-1" }));

    expect(response.status).toBe(200);
    expect(jsonOf(response)).toStrictEqual({ executionArn: `${machine}:one`, startDate: 1_767_225_600 });
    expect(calls).toMatchObject([
      {
        region: "us-east-1",
        caller: { accountId: "222222222222" },
        requestId: response.headers["x-amzn-requestid"],
      },
    ]);
  });

  it("goes by the target where the credential scope names another service", async () => {
    const { endpoint } = sampleEndpoint();
    const { headers, body } = startExecution();
    const other = signedRequest("ses", { body, headers: { "x-amz-target": headers["x-amz-target"] ?? "" } });

    expect((await endpoint.handle(other)).status).toBe(200);
  });

  it("finds a service by the credential scope where there is no target", async () => {
    const { endpoint } = sampleEndpoint();
    const request = signedRequest("lambda", { method: "GET", path: "/2015-03-31/functions" });

    expect(jsonOf(await endpoint.handle(request))).toStrictEqual({
      NextMarker: "after undefined",
      Functions: [],
    });
  });

  it("takes a presigned URL", async () => {
    const { endpoint } = sampleEndpoint();
    const query = new URLSearchParams({
      Action: "GetCallerIdentity",
      Version: "2011-06-15",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": "333333333333/20260101/eu-west-1/sts/aws4_request",
      "X-Amz-Signature": "0",
    });

    const response = await endpoint.handle(requestOf({ method: "GET", query }));

    expect(response.status).toBe(200);
    expect(response.body).toContain("<Account>333333333333</Account>");
  });

  it("takes the session token of a presigned URL", async () => {
    const { endpoint, identity } = sampleEndpoint();
    const roleArn = "arn:aws:iam::222222222222:role/r";
    const Statement = [
      { Effect: "Allow" as const, Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ];
    identity.putRole({ roleArn, trust: { Version: "2012-10-17", Statement }, policies: [] });
    const { accessKeyId, sessionToken } = identity.credentialsOf(roleArn, "one");
    const query = new URLSearchParams({
      Action: "GetCallerIdentity",
      "X-Amz-Credential": `${accessKeyId}/20260101/eu-west-1/sts/aws4_request`,
      "X-Amz-Security-Token": sessionToken,
    });

    const response = await endpoint.handle(requestOf({ method: "GET", query }));

    expect(response.body).toContain(":assumed-role/r/one</Arn>");
  });

  it("gives every answer a request id of its own", async () => {
    const { endpoint } = sampleEndpoint({
      extraRoutes: [
        { method: "GET", path: "/_cardway/health", handle: () => ({ status: 200, headers: {}, body: "ok" }) },
      ],
    });
    const requests = [
      startExecution(),
      statesRequest("Nothing"),
      statesRequest("StopExecution"),
      requestOf({}),
      signedRequest("nothing", {}),
      requestOf({ method: "GET", path: "/_cardway/health" }),
    ];

    const ids: unknown[] = [];
    for (const request of requests) ids.push((await endpoint.handle(request)).headers["x-amzn-requestid"]);

    expect(ids).toStrictEqual(ids.map(() => expect.stringMatching(uuid)));
    expect(new Set(ids).size).toBe(requests.length);
  });

  it("asks the identity for permission", async () => {
    const { endpoint, identity } = sampleEndpoint();
    const roleArn = "arn:aws:iam::222222222222:role/r";
    const Statement = [
      { Effect: "Allow" as const, Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ];
    identity.putRole({ roleArn, trust: { Version: "2012-10-17", Statement }, policies: [] });
    const { accessKeyId, sessionToken } = identity.credentialsOf(roleArn, "one");
    const request = startExecution({ accessKeyId });

    const response = await endpoint.handle({
      ...request,
      headers: { ...request.headers, "x-amz-security-token": sessionToken },
    });

    expect([response.status, jsonOf(response)]).toStrictEqual([
      400,
      {
        __type: "AccessDeniedException",
        message: `User: arn:aws:sts::222222222222:assumed-role/r/one is not authorized to perform: states:StartExecution on resource: ${machine} because no identity-based policy allows the states:StartExecution action`,
      },
    ]);
  });
});

describe("a request that no service answers", () => {
  it.each([
    [
      "AWS JSON",
      { headers: jsonTarget },
      { __type: "MissingAuthenticationTokenException", message: "Request is missing Authentication Token" },
    ],
    [
      "REST JSON",
      { method: "GET", path: "/v2/email/identities" },
      { message: "Request is missing Authentication Token" },
    ],
  ])("is refused unsigned, in %s", async (_protocol, request, body) => {
    const { endpoint } = sampleEndpoint();

    const response = await endpoint.handle(requestOf(request));

    expect(response.status).toBe(403);
    expect(response.headers["x-amzn-errortype"]).toBe("MissingAuthenticationTokenException");
    expect(jsonOf(response)).toStrictEqual(body);
  });

  it("is refused unsigned, in AWS Query", async () => {
    const { endpoint } = sampleEndpoint();

    const response = await endpoint.handle(requestOf({ headers: form, body: "Action=GetCallerIdentity" }));

    expect(response.status).toBe(403);
    expect(response.headers["content-type"]).toBe("text/xml");
    expect(response.body).toContain(
      "<Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message>",
    );
  });

  it.each([
    ["Bearer abc", "IncompleteSignatureException"],
    ["AWS4-HMAC-SHA256 SignedHeaders=host, Signature=0", "IncompleteSignatureException"],
    [
      "AWS4-HMAC-SHA256 Credential=key/20260101/eu-west-1/states, SignedHeaders=host",
      "IncompleteSignatureException",
    ],
    [
      "AWS4-HMAC-SHA256 Credential=a/b/20260101/eu-west-1/states/aws4_request",
      "IncompleteSignatureException",
    ],
    ["AWS4-HMAC-SHA256 Credential=key/20260101/eu-west-1/states/aws3_request", "InvalidSignatureException"],
    ["AWS4-HMAC-SHA256 Credential=key/20260101/europe/states/aws4_request", "InvalidSignatureException"],
    ["AWS4-HMAC-SHA256 Credential=key/20260101/../states/aws4_request", "InvalidSignatureException"],
  ])("is refused with the authorization %s, which no answer repeats", async (authorization, code) => {
    const { endpoint } = sampleEndpoint();

    const response = await endpoint.handle(requestOf({ headers: { ...jsonTarget, authorization } }));

    expect(jsonOf(response)).toMatchObject({ __type: code });
    expect(response.body).not.toContain("20260101");
  });

  it.each(["us-gov-west-1", "cn-north-1", "us-iso-east-1", "eusc-de-east-1"])(
    "is refused in %s, which is in another partition",
    async (region) => {
      const { endpoint, calls } = sampleEndpoint();

      const response = await endpoint.handle(startExecution({ region }));

      expect(response.status).toBe(403);
      expect(jsonOf(response)).toMatchObject({
        __type: "InvalidSignatureException",
        message: expect.stringContaining(`${region} is not a region of the partition aws`),
      });
      expect(calls).toStrictEqual([]);
    },
  );

  it("is refused and logged where there is no such service, in every protocol", async () => {
    const { endpoint, context } = sampleEndpoint();

    const json = await endpoint.handle(signedRequest("comprehend", { headers: jsonTarget }));
    const query = await endpoint.handle(signedRequest("sns", { headers: form, body: "Action=ListTopics" }));
    const rest = await endpoint.handle(signedRequest("glacier", { method: "GET", path: "/secret-name" }));

    expect([json.status, jsonOf(json)]).toStrictEqual([
      400,
      { __type: "UnknownOperationException", message: 'The local endpoint has no service "comprehend".' },
    ]);
    expect([query.status, query.body]).toStrictEqual([
      400,
      expect.stringContaining("<Code>InvalidAction</Code>"),
    ]);
    expect(rest.headers["x-amzn-errortype"]).toBe("UnknownOperationException");
    expect(context.lines).toStrictEqual([
      "comprehend: Comprehend_20171127.DetectSentiment is not built: the local endpoint has no such service",
      "sns: POST is not built: the local endpoint has no such service",
      "glacier: GET is not built: the local endpoint has no such service",
    ]);
  });

  it("is refused with an unknown session key, under the name that each protocol has for it", async () => {
    const { endpoint } = sampleEndpoint();
    const accessKeyId = "ASIANEVERISSUED00000";

    const json = await endpoint.handle(startExecution({ accessKeyId }));
    const query = await endpoint.handle(
      signedRequest("sts", { accessKeyId, headers: form, body: "Action=GetCallerIdentity" }),
    );

    expect(jsonOf(json)).toMatchObject({ __type: "UnrecognizedClientException" });
    expect(query.body).toContain("<Code>InvalidClientTokenId</Code>");
  });
});

describe("a service that throws unexpectedly", () => {
  it("is answered as an internal failure in AWS JSON, and logged without the message", async () => {
    const { endpoint, context } = sampleEndpoint();

    const response = await endpoint.handle(statesRequest("StopExecution"));

    expect([response.status, jsonOf(response)]).toStrictEqual([
      500,
      {
        __type: "InternalFailure",
        message: "The request processing has failed because of an unknown error, exception or failure.",
      },
    ]);
    expect(context.lines).toHaveLength(1);
    expect(context.lines[0]).toMatch(
      /^AWSStepFunctions\.StopExecution: unexpected RangeError\n\s+at .*sample-services[\s\S]+\ncaused by TypeError\n\s+at /,
    );
    expect(context.lines[0]).not.toContain("secret");
  });

  it("is answered as an internal failure in AWS Query", async () => {
    const { endpoint } = sampleEndpoint();

    const response = await endpoint.handle(
      signedRequest("cloudformation", { headers: form, body: "Action=ListStacks&Version=2010-05-15" }),
    );

    expect(response.status).toBe(500);
    expect(response.body).toContain("<Type>Receiver</Type><Code>InternalFailure</Code>");
  });

  it("does not keep the next call from being answered", async () => {
    const { endpoint } = sampleEndpoint();

    await endpoint.handle(statesRequest("StopExecution"));

    expect((await endpoint.handle(startExecution())).status).toBe(200);
  });
});

describe("regions", () => {
  it("are opened once each, before the first call in them", async () => {
    const order: string[] = [];
    const { endpoint, calls } = sampleEndpoint({
      onRegion: async (region) => {
        await Promise.resolve();
        order.push(`${region} after ${calls.length} calls`);
      },
    });

    await Promise.all([startExecution(), startExecution()].map((request) => endpoint.handle(request)));
    await endpoint.handle(startExecution({ region: "us-east-1" }));
    await endpoint.handle(startExecution());

    expect(order).toStrictEqual(["eu-central-1 after 0 calls", "us-east-1 after 2 calls"]);
    expect(calls.map(({ region }) => region)).toStrictEqual([
      "eu-central-1",
      "eu-central-1",
      "us-east-1",
      "eu-central-1",
    ]);
  });

  it("let the calls through that open them", async () => {
    const { endpoint } = sampleEndpoint({
      onRegion: async () => {
        await Promise.resolve();
        statuses.push((await endpoint.handle(startExecution())).status);
      },
    });
    const statuses: number[] = [];

    statuses.push((await endpoint.handle(startExecution())).status);

    expect(statuses).toStrictEqual([200, 200]);
  });

  it("are tried again after they could not be opened", async () => {
    const onRegion = vi.fn<(region: string) => Promise<void>>();
    onRegion.mockRejectedValueOnce(new AwsError("MalformedPolicyDocument", "secret"));
    const { endpoint, context } = sampleEndpoint({ onRegion });

    const failed = await endpoint.handle(startExecution());
    const second = await endpoint.handle(startExecution());

    expect([failed.status, second.status]).toStrictEqual([500, 200]);
    expect(jsonOf(failed)).toMatchObject({ __type: "InternalFailure" });
    expect(context.lines).toHaveLength(1);
    expect(context.lines[0]).toMatch(/unexpected RegionNotOpenedError\n[\s\S]*\ncaused by AwsError\n/);
    expect(context.lines[0]).not.toContain("secret");
  });

  it("are the home region for global services, whatever a client signs for", async () => {
    const onRegion = vi.fn<(region: string) => Promise<void>>();
    const { endpoint } = sampleEndpoint({ onRegion });
    const body = "Action=ListRoles&Version=2010-05-08";

    await endpoint.handle(signedRequest("iam", { region: "us-east-1", headers: form, body }));
    await endpoint.handle(startExecution({ region: "aws-global" }));

    expect(onRegion.mock.calls).toStrictEqual([["eu-central-1"]]);
  });

  it("are not opened for calls that are refused", async () => {
    const onRegion = vi.fn<(region: string) => Promise<void>>();
    const { endpoint } = sampleEndpoint({ onRegion });

    await endpoint.handle(requestOf({}));
    await endpoint.handle(signedRequest("nothing", {}));
    await endpoint.handle(startExecution({ accessKeyId: "ASIANEVERISSUED00000" }));

    expect(onRegion).not.toHaveBeenCalled();
  });
});

describe("extra routes", () => {
  it("answer unsigned requests of their method and path", async () => {
    const { endpoint } = sampleEndpoint({
      extraRoutes: [
        {
          method: "GET",
          path: "/_aws/ses",
          handle: ({ query }) => ({
            status: 200,
            headers: { "content-type": "text/plain" },
            body: query.toString(),
          }),
        },
      ],
    });
    const query = new URLSearchParams("id=1");

    const found = await endpoint.handle(requestOf({ method: "GET", path: "/_aws/ses", query }));
    const otherMethod = await endpoint.handle(requestOf({ method: "POST", path: "/_aws/ses" }));

    expect(found).toMatchObject({ status: 200, body: "id=1", headers: { "content-type": "text/plain" } });
    expect(otherMethod.status).toBe(403);
  });

  it("are answered as an internal failure where they throw", async () => {
    const { endpoint, context } = sampleEndpoint({
      extraRoutes: [
        {
          method: "GET",
          path: "/_cardway/health",
          handle: () => {
            throw new RangeError("secret");
          },
        },
      ],
    });

    const response = await endpoint.handle(requestOf({ method: "GET", path: "/_cardway/health" }));

    expect(response.status).toBe(500);
    expect(context.lines.join("")).toMatch(/^GET: unexpected RangeError\n\s+at /);
  });
});
