import { describe, expect, it } from "vitest";
import { createSqs } from "../../../local/sqs/sqs.ts";
import { testContext } from "../sdk-request-handler.ts";
import { callService, requestOf } from "../wire/service-call.ts";

const form = { "content-type": "application/x-www-form-urlencoded; charset=utf-8", host: "localhost:4566" };
const QueueUrl = "http://localhost:4566/111111111111/q";

function sqsForms() {
  const context = testContext();
  const { service } = createSqs(context, { baseUrl: () => "http://localhost:4566" });
  const post = async (members: Record<string, string>, path = "/") => {
    const body = new URLSearchParams({ Version: "2012-11-05", ...members }).toString();
    const { response, lines } = await callService(service, requestOf({ path, headers: form, body }));
    return { status: response.status, body: String(response.body), lines: [...lines, ...context.lines] };
  };
  return { service, post };
}

async function withQueue() {
  const local = sqsForms();
  await local.post({
    Action: "CreateQueue",
    QueueName: "q",
    "Attribute.1.Name": "VisibilityTimeout",
    "Attribute.1.Value": "60",
    "Attribute.2.Name": "DelaySeconds",
    "Attribute.2.Value": "0",
    "Tag.1.Key": "team",
    "Tag.1.Value": "cards",
  });
  return local;
}

const envelope = (action: string, result: string) =>
  `<${action}Response xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><${action}Result>${result}</${action}Result>` +
  `<ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></${action}Response>`;

describe("SQS in AWS Query", () => {
  it("creates queues with attributes and tags, and finds and lists them", async () => {
    const { post } = await withQueue();

    const found = await post({ Action: "GetQueueUrl", QueueName: "q" });
    const listed = await post({ Action: "ListQueues", MaxResults: "5" });
    const tags = await post({ Action: "ListQueueTags", QueueUrl });
    const attributes = await post({
      Action: "GetQueueAttributes",
      QueueUrl,
      "AttributeName.1": "VisibilityTimeout",
      "AttributeName.2": "DelaySeconds",
    });

    expect(found.body).toBe(envelope("GetQueueUrl", `<QueueUrl>${QueueUrl}</QueueUrl>`));
    expect(listed.body).toBe(envelope("ListQueues", `<QueueUrl>${QueueUrl}</QueueUrl>`));
    expect(tags.body).toBe(envelope("ListQueueTags", "<Tag><Key>team</Key><Value>cards</Value></Tag>"));
    expect(attributes.body).toBe(
      envelope(
        "GetQueueAttributes",
        "<Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute>" +
          "<Attribute><Name>VisibilityTimeout</Name><Value>60</Value></Attribute>",
      ),
    );
  });

  it("sends and receives a message with its attributes, and deletes it", async () => {
    const { post } = await withQueue();

    const sent = await post({
      Action: "SendMessage",
      QueueUrl,
      MessageBody: "<a>",
      DelaySeconds: "0",
      "MessageAttribute.1.Name": "reason",
      "MessageAttribute.1.Value.DataType": "String",
      "MessageAttribute.1.Value.StringValue": "late & lost",
    });
    const received = await post({
      Action: "ReceiveMessage",
      QueueUrl,
      "AttributeName.1": "SenderId",
      "MessageAttributeName.1": "All",
      MaxNumberOfMessages: "10",
    });
    const handle = /<ReceiptHandle>(.*)<\/ReceiptHandle>/.exec(received.body)?.[1] ?? "";
    const deleted = await post({ Action: "DeleteMessage", QueueUrl, ReceiptHandle: handle });
    const left = await post({ Action: "GetQueueAttributes", QueueUrl, "AttributeName.1": "All" });

    const [, messageId = "", md5 = ""] =
      /<MessageId>(.*)<\/MessageId>.*<MD5OfMessageAttributes>(.*)<\/MD5OfMessageAttributes>/.exec(
        sent.body,
      ) ?? [];
    expect(received.body).toBe(
      envelope(
        "ReceiveMessage",
        `<Message><MessageId>${messageId}</MessageId><ReceiptHandle>${handle}</ReceiptHandle>` +
          "<MD5OfBody>e2fc207215939b25e8dd4c6f9db3cc38</MD5OfBody><Body>&#60;a&#62;</Body>" +
          "<Attribute><Name>SenderId</Name><Value>AIDA</Value></Attribute>" +
          `<MD5OfMessageAttributes>${md5}</MD5OfMessageAttributes>` +
          "<MessageAttribute><Name>reason</Name><Value><StringValue>late &#38; lost</StringValue>" +
          "<DataType>String</DataType></Value></MessageAttribute></Message>",
      ),
    );
    expect(deleted.status).toBe(200);
    expect(left.body).toContain("<Name>ApproximateNumberOfMessagesNotVisible</Name><Value>0</Value>");
  });

  it("takes a call at the queue's own URL", async () => {
    const { post } = await withQueue();

    const purged = await post({ Action: "PurgeQueue" }, "/111111111111/q");
    const missing = await post({ Action: "PurgeQueue" }, "/111111111111/none");

    expect(purged.status).toBe(200);
    expect(missing.status).toBe(400);
  });

  it("takes a call with GET", async () => {
    const { service } = await withQueue();
    const query = new URLSearchParams({ Action: "GetQueueUrl", QueueName: "q" });

    const { response } = await callService(service, requestOf({ method: "GET", query }));

    expect(response.body).toContain(`<QueueUrl>${QueueUrl}</QueueUrl>`);
  });

  it.each<[Record<string, string>, string]>([
    [{ Action: "GetQueueUrl", QueueName: "none" }, "AWS.SimpleQueueService.NonExistentQueue"],
    [{ Action: "CreateQueue", QueueName: "a b" }, "InvalidParameterValue"],
    [{ Action: "CreateQueue", QueueName: "a.fifo" }, "AWS.SimpleQueueService.UnsupportedOperation"],
    [{ Action: "SendMessage", QueueUrl, MessageBody: "secret", DelaySeconds: "soon" }, "ValidationError"],
    [{ Action: "SendMessageBatch", QueueUrl }, "InvalidAction"],
    [{ Action: "ListQueues", [Array.from({ length: 50_000 }, () => "a").join(".")]: "x" }, "MalformedInput"],
  ])("refuses %j with %s", async (members, code) => {
    const { post } = await withQueue();

    const { status, body } = await post(members);

    expect(status).toBe(400);
    expect(body).toContain(`<Error><Type>Sender</Type><Code>${code}</Code>`);
    expect(body).not.toContain("secret");
  });

  it("logs what is not built", async () => {
    const { post } = sqsForms();

    const { lines } = await post({ Action: "CreateQueue", QueueName: "a.fifo" });

    expect(lines).toStrictEqual(["sqs: CreateQueue asks for what is not built in the local endpoint"]);
  });
});
