import type { WireRequest } from "../wire/http.ts";
import type { QueryForm } from "../wire/query-form.ts";

/** Codes of the errors as SQS's older XML protocol names them, where they differ. */
export const queryErrorCodes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  QueueNameExists: "QueueAlreadyExists",
  PurgeQueueInProgress: "AWS.SimpleQueueService.PurgeQueueInProgress",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
  InvalidParameterValueException: "InvalidParameterValue",
  AccessDeniedException: "AccessDenied",
};

const nameAndValue = { key: "Name", value: "Value" };
const keyAndValue = { key: "Key", value: "Value" };

/**
 * The operations' members as the clients of before 2023 write and read them: the `aws` and boto3 of Debian 12, for
 * example.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
 */
export const sqsQueryForm: QueryForm = {
  namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
  flattened: {
    AttributeNames: { element: "AttributeName" },
    MessageAttributeNames: { element: "MessageAttributeName" },
    MessageSystemAttributeNames: { element: "MessageSystemAttributeName" },
    QueueUrls: { element: "QueueUrl" },
    Messages: { element: "Message" },
    Attributes: { element: "Attribute", entry: nameAndValue },
    MessageAttributes: { element: "MessageAttribute", entry: nameAndValue },
    MessageSystemAttributes: { element: "MessageSystemAttribute", entry: nameAndValue },
    tags: { element: "Tag", entry: keyAndValue },
    Tags: { element: "Tag", entry: keyAndValue },
  },
  integers: ["DelaySeconds", "MaxNumberOfMessages", "MaxResults", "VisibilityTimeout", "WaitTimeSeconds"],
  errorCodes: queryErrorCodes,
  membersOf: queueOfPath,
};

/** A call may be sent to the queue's own URL instead of naming the queue in its form. */
function queueOfPath({ path, headers }: WireRequest): object {
  return path === "/" ? {} : { QueueUrl: `http://${headers["host"] ?? "localhost"}${path}` };
}
