import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SQSClient,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import type { CreateQueueCommandInput, ReceiveMessageCommandInput } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { createSqs } from "../../../local/sqs/sqs.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

function sqsInProcess() {
  const context = testContext();
  const sqs = createSqs(context, { baseUrl: () => "http://localhost:4566" });
  const log = (line: string) => context.lines.push(line);
  return { ...context, sqs, client: new SQSClient(sdkClientSettings(sqs.service, { log })) };
}

/** One queue, with a shorter way to receive from it. */
async function withQueue(Attributes: CreateQueueCommandInput["Attributes"] = {}) {
  const local = sqsInProcess();
  const created = await local.client.send(new CreateQueueCommand({ QueueName: "failures", Attributes }));
  const QueueUrl = created.QueueUrl ?? "";
  const receive = async (input: Partial<ReceiveMessageCommandInput> = {}) => {
    const { Messages = [] } = await local.client.send(new ReceiveMessageCommand({ QueueUrl, ...input }));
    return Messages;
  };
  const send = (MessageBody: string) => local.client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  return { ...local, QueueUrl, receive, send };
}

describe("queues", () => {
  it("creates a queue once and finds it by name", async () => {
    const { client, QueueUrl } = await withQueue({ VisibilityTimeout: "60" });

    const again = await client.send(
      new CreateQueueCommand({ QueueName: "failures", Attributes: { VisibilityTimeout: "60" } }),
    );
    const found = await client.send(new GetQueueUrlCommand({ QueueName: "failures" }));

    expect(QueueUrl).toBe("http://localhost:4566/111111111111/failures");
    expect([again.QueueUrl, found.QueueUrl]).toStrictEqual([QueueUrl, QueueUrl]);
    await expect(
      client.send(new CreateQueueCommand({ QueueName: "failures", Attributes: { VisibilityTimeout: "61" } })),
    ).rejects.toMatchObject({
      name: "QueueNameExists",
      message:
        "A queue already exists with the same name and a different value for attribute VisibilityTimeout",
    });
  });

  it("keeps queues of one name apart by account and region", async () => {
    const { sqs } = await withQueue();
    const elsewhere = [{ accountId: "222222222222" }, { region: "us-east-1" }].map(
      (caller) => new SQSClient(sdkClientSettings(sqs.service, caller)),
    );

    for (const client of elsewhere) {
      await expect(client.send(new GetQueueUrlCommand({ QueueName: "failures" }))).rejects.toMatchObject({
        name: "QueueDoesNotExist",
      });
    }
  });

  it("names a missing queue in both protocols' words", async () => {
    const { client } = sqsInProcess();
    const QueueUrl = "http://localhost:4566/111111111111/none";

    const refused = client.send(new ReceiveMessageCommand({ QueueUrl }));

    await expect(refused).rejects.toMatchObject({
      name: "QueueDoesNotExist",
      Code: "AWS.SimpleQueueService.NonExistentQueue",
      message: "The specified queue does not exist.",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("lists queues page by page by prefix", async () => {
    const { client } = sqsInProcess();
    for (const QueueName of ["b", "a-2", "a-1"]) await client.send(new CreateQueueCommand({ QueueName }));

    const first = await client.send(new ListQueuesCommand({ QueueNamePrefix: "a-", MaxResults: 1 }));
    const second = await client.send(
      new ListQueuesCommand({ QueueNamePrefix: "a-", MaxResults: 1, NextToken: first.NextToken }),
    );

    expect(first.QueueUrls).toStrictEqual(["http://localhost:4566/111111111111/a-1"]);
    expect(second.QueueUrls).toStrictEqual(["http://localhost:4566/111111111111/a-2"]);
    expect(second.NextToken).toBeUndefined();
  });

  it("answers with attributes, also after a change", async () => {
    const { client, clock, QueueUrl, send } = await withQueue({ VisibilityTimeout: "60" });
    await send("a");
    await clock.advance(5000);

    await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: "3" } }));
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );

    expect(Attributes).toStrictEqual({
      QueueArn: "arn:aws:sqs:eu-central-1:111111111111:failures",
      ApproximateNumberOfMessages: "1",
      ApproximateNumberOfMessagesNotVisible: "0",
      ApproximateNumberOfMessagesDelayed: "0",
      CreatedTimestamp: "1767225600",
      LastModifiedTimestamp: "1767225605",
      DelaySeconds: "3",
      MaximumMessageSize: "1048576",
      MessageRetentionPeriod: "345600",
      ReceiveMessageWaitTimeSeconds: "0",
      VisibilityTimeout: "60",
      SqsManagedSseEnabled: "true",
    });
  });

  it.each<[CreateQueueCommandInput, string]>([
    [{ QueueName: "a b" }, "InvalidParameterValue"],
    [{ QueueName: "a.fifo" }, "UnsupportedOperation"],
    [{ QueueName: "a", Attributes: { VisibilityTimeout: "43201" } }, "InvalidAttributeValue"],
    [{ QueueName: "a", Attributes: { Policy: "{" } }, "InvalidAttributeValue"],
    [{ QueueName: "a", Attributes: { KmsMasterKeyId: "alias/aws/sqs" } }, "UnsupportedOperation"],
  ])("refuses the queue %o", async (input, name) => {
    const { client } = sqsInProcess();

    await expect(client.send(new CreateQueueCommand(input))).rejects.toMatchObject({ name });
  });

  it("logs what it does not model", async () => {
    const { client, lines } = sqsInProcess();

    await expect(client.send(new CreateQueueCommand({ QueueName: "a.fifo" }))).rejects.toThrow("FIFO");

    const QueueUrl = "http://localhost:4566/111111111111/q";
    await expect(
      client.send(new SendMessageCommand({ QueueUrl, MessageBody: "a", MessageGroupId: "g" })),
    ).rejects.toMatchObject({ name: "ValidationException" });

    expect(lines).toStrictEqual([
      "sqs: CreateQueue asks for what is not built in the local endpoint",
      "sqs: SendMessage with messageGroupId is not built in the local endpoint",
    ]);
  });

  it("purges a queue at most once a minute, and deletes it", async () => {
    const { client, QueueUrl, receive, send } = await withQueue();
    await send("a");

    await client.send(new PurgeQueueCommand({ QueueUrl }));

    expect(await receive()).toStrictEqual([]);
    await expect(client.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toMatchObject({
      name: "PurgeQueueInProgress",
    });
    await client.send(new DeleteQueueCommand({ QueueUrl }));
    await expect(receive()).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });

  it("keeps tags", async () => {
    const { client } = sqsInProcess();
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: "q", tags: { a: "1" } }));

    const { Tags } = await client.send(new ListQueueTagsCommand({ QueueUrl }));

    expect(Tags).toStrictEqual({ a: "1" });
  });
});

describe("messages", () => {
  it("come with body, digests, and the attributes asked for", async () => {
    const { client, QueueUrl, receive } = await withQueue();

    const sent = await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: "hällo",
        MessageAttributes: {
          timestamp: { DataType: "Number.java.lang.Long", StringValue: "1493147359900" },
          "other.binary": { DataType: "Binary", BinaryValue: Buffer.from([1, 2, 255]) },
        },
      }),
    );
    const [message] = await receive({
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["time.*", "timestamp"],
    });

    expect(sent).toMatchObject({
      MessageId: message?.MessageId,
      MD5OfMessageBody: message?.MD5OfBody,
      MD5OfMessageAttributes: "b2c0801dce2b145fbc792a66ce64add2",
    });
    expect(message).toMatchObject({
      Body: "hällo",
      Attributes: {
        SenderId: "AIDATESTER",
        SentTimestamp: "1767225600000",
        ApproximateReceiveCount: "1",
        ApproximateFirstReceiveTimestamp: "1767225600000",
      },
      MessageAttributes: { timestamp: { DataType: "Number.java.lang.Long", StringValue: "1493147359900" } },
      // The digest that AWS gives for this attribute.
      MD5OfMessageAttributes: "2e2e4876d8e0bd6b8c2c8f556831c349",
    });
  });

  it("come without attributes that nobody asked for", async () => {
    const { sqs, receive } = await withQueue();
    sqs.send({
      queueArn: "arn:aws:sqs:eu-central-1:111111111111:failures",
      body: "{}",
      attributes: { ERROR_CODE: "NO_PERMISSIONS" },
    });

    const [bare] = await receive({ VisibilityTimeout: 0 });
    const [full] = await receive({ MessageAttributeNames: ["All"] });

    expect(Object.keys(bare ?? {}).sort()).toStrictEqual(["Body", "MD5OfBody", "MessageId", "ReceiptHandle"]);
    expect(full?.MessageAttributes).toStrictEqual({
      ERROR_CODE: { DataType: "String", StringValue: "NO_PERMISSIONS" },
    });
  });

  it("are hidden while in flight, come again, and stay away once deleted", async () => {
    const { client, clock, QueueUrl, receive, send } = await withQueue();
    await send("a");

    const [first] = await receive();
    const hidden = await receive();
    await clock.advance(30_000);
    const [again] = await receive({ MessageSystemAttributeNames: ["ApproximateReceiveCount"] });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    await clock.advance(30_000);

    expect(hidden).toStrictEqual([]);
    expect(again?.Attributes).toStrictEqual({ ApproximateReceiveCount: "2" });
    expect(again?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    expect(await receive()).toStrictEqual([]);
  });

  it("come in the order in which they were sent, up to the number asked for", async () => {
    const { receive, send } = await withQueue();
    for (const body of ["a", "b", "c"]) await send(body);

    const messages = await receive({ MaxNumberOfMessages: 2 });

    expect(messages.map(({ Body }) => Body)).toStrictEqual(["a", "b"]);
  });

  it("can be shown again at once, or hidden for longer", async () => {
    const { client, clock, QueueUrl, receive, send } = await withQueue();
    await send("a");
    const [first] = await receive();

    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    const [second] = await receive();
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: second?.ReceiptHandle,
        VisibilityTimeout: 100,
      }),
    );
    await clock.advance(99_999);

    expect(second?.Body).toBe("a");
    expect(await receive()).toStrictEqual([]);
    await clock.advance(1);
    expect(await receive()).toHaveLength(1);
  });

  it("expire after the retention period", async () => {
    const { clock, receive, send } = await withQueue({ MessageRetentionPeriod: "60" });
    await send("a");
    await clock.advance(60_001);

    expect(await receive()).toStrictEqual([]);
  });

  it("refuses a receipt handle that it never gave out", async () => {
    const { client, QueueUrl } = await withQueue();

    const refused = client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "nonsense" }));

    await expect(refused).rejects.toMatchObject({
      name: "ReceiptHandleIsInvalid",
      message: 'The input receipt handle "nonsense" is not a valid receipt handle.',
    });
  });

  it.each<[Partial<ReceiveMessageCommandInput>, string]>([
    [
      { MaxNumberOfMessages: 11 },
      "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    ],
    [
      { WaitTimeSeconds: 21 },
      "Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be between 0 and 20, if provided.",
    ],
  ])("refuses to receive with %o", async (input, message) => {
    const { receive } = await withQueue();

    await expect(receive(input)).rejects.toMatchObject({
      name: "InvalidParameterValue",
      message,
    });
  });

  it("refuses a message over the queue's size, and characters outside XML", async () => {
    const { send } = await withQueue({ MaximumMessageSize: "1024" });

    await expect(send("é".repeat(513))).rejects.toMatchObject({
      message: "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
    });
    await expect(send("\u0001")).rejects.toMatchObject({ name: "InvalidMessageContents" });
    await expect(send("é".repeat(512))).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });

  it.each([
    ["AWS.reserved", { DataType: "String", StringValue: "x" }],
    ["typed", { DataType: "Text", StringValue: "x" }],
    ["empty", { DataType: "String", StringValue: "" }],
    ["number", { DataType: "Number", StringValue: "x" }],
  ])("refuses the message attribute %s", async (name, value) => {
    const { client, QueueUrl } = await withQueue();

    const refused = client.send(
      new SendMessageCommand({ QueueUrl, MessageBody: "a", MessageAttributes: { [name]: value } }),
    );

    await expect(refused).rejects.toMatchObject({ name: "InvalidParameterValue" });
  });
});

describe("waiting for messages", () => {
  it("answers at once when a message is sent", async () => {
    const { receive, send } = await withQueue();

    const waiting = receive({ WaitTimeSeconds: 20 });
    await send("a");

    expect(await waiting).toHaveLength(1);
  });

  it("answers when a message becomes visible again", async () => {
    const { clock, receive, send } = await withQueue();
    await send("a");
    await receive({ VisibilityTimeout: 5 });

    let received: unknown;
    const waiting = receive({ WaitTimeSeconds: 20 }).then((messages) => (received = messages));
    await clock.advance(4999);
    const early = received;
    await clock.advance(1);
    await waiting;

    expect(early).toBeUndefined();
    expect(received).toHaveLength(1);
  });

  it("gives up after the time asked for", async () => {
    const { clock, receive } = await withQueue({ ReceiveMessageWaitTimeSeconds: "7" });

    let received: unknown;
    const waiting = receive().then((messages) => (received = messages));
    await clock.advance(6999);
    const early = received;
    await clock.advance(1);
    await waiting;

    expect(early).toBeUndefined();
    expect(received).toStrictEqual([]);
  });

  it("gives one message to one of two who wait", async () => {
    const { clock, receive, send } = await withQueue();

    const waiting = [receive({ WaitTimeSeconds: 5 }), receive({ WaitTimeSeconds: 5 })];
    await send("a");
    await clock.advance(5000);

    const received = await Promise.all(waiting);
    expect(received.flat().map(({ Body }) => Body)).toStrictEqual(["a"]);
  });
});

describe("in-process use", () => {
  it("creates a queue and sends to it by ARN", async () => {
    const { client, sqs } = sqsInProcess();

    const { queueArn, queueUrl } = sqs.createQueue({
      accountId: "111111111111",
      region: "eu-central-1",
      queueName: "failures",
    });
    sqs.send({ queueArn, body: "{}", attributes: {} });

    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    expect(queueArn).toBe("arn:aws:sqs:eu-central-1:111111111111:failures");
    expect(Messages).toHaveLength(1);
  });

  it("refuses a queue that does not exist", () => {
    const { sqs } = sqsInProcess();
    const queueArn = "arn:aws:sqs:eu-central-1:111111111111:none";

    expect(() => sqs.send({ queueArn, body: "{}", attributes: {} })).toThrow(
      expect.objectContaining({ code: "QueueDoesNotExist" }),
    );
  });
});
