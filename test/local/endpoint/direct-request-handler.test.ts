import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { GetEmailIdentityCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { Readable } from "node:stream";
import {
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { createDirectRequestHandler } from "../../../local/endpoint/direct-request-handler.ts";
import { errorOf } from "../identity/local-identity.ts";
import { machine, sampleEndpoint } from "./sample-services.ts";

function clients(region = "eu-central-1") {
  const sample = sampleEndpoint();
  const config = {
    region,
    endpoint: "http://localhost:4566",
    maxAttempts: 1,
    credentials: { accessKeyId: "222222222222", secretAccessKey: "any" },
    requestHandler: createDirectRequestHandler(sample.endpoint),
  };
  return {
    ...sample,
    sfn: new SFNClient(config),
    ses: new SESv2Client(config),
    sts: new STSClient(config),
    lambda: new LambdaClient(config),
  };
}

describe("createDirectRequestHandler", () => {
  it("serves an AWS JSON client", async () => {
    const { sfn, calls } = clients("eu-west-1");

    const answer = await sfn.send(new StartExecutionCommand({ stateMachineArn: machine, input: "{}" }));

    expect(answer.executionArn).toBe(`${machine}:one`);
    expect(answer.startDate).toStrictEqual(new Date(1_767_225_600_000));
    expect(answer.$metadata.requestId).toBe(calls[0]?.requestId);
    expect(calls[0]).toMatchObject({ region: "eu-west-1", caller: { accountId: "222222222222" } });
  });

  it("serves an AWS Query client", async () => {
    const { sts } = clients();

    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: "222222222222" });
  });

  it("serves a REST client: labels are decoded and query parameters passed", async () => {
    const { ses, lambda } = clients();

    const identity = await ses.send(new GetEmailIdentityCommand({ EmailIdentity: "a/b c@example.com" }));
    const list = await lambda.send(new ListFunctionsCommand({ MaxItems: 7 }));

    expect(identity.IdentityType).toBe("EMAIL_ADDRESS");
    expect(list.NextMarker).toBe("after 7");
  });

  it("gives the clients the exceptions of their services", async () => {
    const { sfn, ses } = clients();

    const json = await errorOf(sfn.send(new DescribeExecutionCommand({ executionArn: "x" })));
    const rest = await errorOf(ses.send(new GetEmailIdentityCommand({ EmailIdentity: "nobody" })));
    const broken = await errorOf(sfn.send(new StopExecutionCommand({ executionArn: "x" })));

    expect(json).toStrictEqual({
      name: "ExecutionDoesNotExist",
      message: "Execution Does Not Exist: 'x'",
      status: 400,
    });
    expect(rest).toStrictEqual({
      name: "NotFoundException",
      message: "Email identity nobody does not exist.",
      status: 404,
    });
    expect(broken).toMatchObject({ name: "InternalFailure", status: 500 });
  });

  it("refuses a streamed body", async () => {
    const { endpoint } = clients();
    const handler = createDirectRequestHandler(endpoint);

    const sent = handler.handle({ method: "POST", path: "/", headers: {}, body: new ReadableStream() });

    await expect(sent).rejects.toThrow("A streamed request body cannot be sent without a socket");
  });

  it("hands out bytes that the client may change", async () => {
    const { endpoint } = sampleEndpoint({
      extraRoutes: [
        { method: "GET", path: "/bytes", handle: () => ({ status: 200, headers: {}, body: own }) },
      ],
    });
    const own = Uint8Array.from([1, 2]);

    const { response } = await createDirectRequestHandler(endpoint).handle({
      method: "GET",
      path: "/bytes",
      headers: {},
    });
    for await (const chunk of Readable.from(response.body)) chunk.fill(0);

    expect(own).toStrictEqual(Uint8Array.from([1, 2]));
  });
});
