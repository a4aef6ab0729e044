import { createHash } from "node:crypto";
import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";

/** A message attribute as SQS's JSON protocol carries it; binary values are base64 text. */
export const MessageAttributeValueSchema = z.strictObject({
  StringValue: z.string().optional(),
  BinaryValue: z.base64().optional(),
  DataType: z.string(),
});

export type MessageAttributeValue = z.output<typeof MessageAttributeValueSchema>;

export type MessageAttributes = Record<string, MessageAttributeValue>;

/**
 * Refuses attributes that SQS refuses: more than ten, a reserved or malformed name, a value that does not fit its type.
 *
 * @throws {AwsError} `InvalidParameterValueException`
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function requireValidMessageAttributes(attributes: MessageAttributes): void {
  const names = Object.keys(attributes);
  if (names.length > 10) {
    throw invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [10].`,
    );
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (!/^(?!aws\.|amazon\.)(?!.*\.\.)[\w-][\w.-]{0,255}(?<!\.)$/i.test(name)) {
      throw invalidParameter(
        `Message attribute name '${name}' is not valid: it can hold letters, digits, '_', '-' and single '.' within, and not start with 'AWS.' or 'Amazon.'.`,
      );
    }
    const [type] = value.DataType.split(".");
    if (type !== "String" && type !== "Number" && type !== "Binary") {
      throw invalidParameter(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const content = type === "Binary" ? value.BinaryValue : value.StringValue;
    if (content === undefined || content === "") {
      throw invalidParameter(
        `The message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${type}'.`,
      );
    }
    if (type === "Number" && !Number.isFinite(Number(content))) {
      throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
    }
  }
}

/**
 * MD5 over the attributes in the binary form that the SDKs also compute, as lower-case hex.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-attributes-md5-message-digest-calculation.html
 */
export function md5OfMessageAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const update = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.byteLength);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const value = attributes[name];
    if (value === undefined) continue;
    update(Buffer.from(name));
    update(Buffer.from(value.DataType));
    const binary = value.DataType.startsWith("Binary");
    hash.update(Buffer.from([binary ? 2 : 1]));
    update(binary ? Buffer.from(value.BinaryValue ?? "", "base64") : Buffer.from(value.StringValue ?? ""));
  }
  return hash.digest("hex");
}

/** The attributes that a `ReceiveMessage` asks for: by name, `All`, `.*`, or a prefix as in `bar.*`. */
export function selectMessageAttributes(
  attributes: MessageAttributes,
  wanted: readonly string[],
): MessageAttributes {
  const isWanted = (name: string): boolean =>
    wanted.some(
      (want) =>
        want === "All" || want === name || (want.endsWith(".*") && name.startsWith(want.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

/** Bytes that the attributes count towards a message's size: names, types and values. */
export function messageAttributesSizeBytes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue, BinaryValue }]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue ?? "") +
      Buffer.byteLength(BinaryValue ?? "", "base64"),
    0,
  );
}

export function invalidParameter(reason: string): AwsError {
  return new AwsError("InvalidParameterValueException", reason);
}
