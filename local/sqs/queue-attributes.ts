import { AwsError } from "../wire/aws-error.ts";
import { parseBoundedJson } from "../wire/bounded-json.ts";

/** Settings of a queue, in the units of the API: seconds and bytes. */
export interface QueueSettings {
  DelaySeconds: number;
  MaximumMessageSize: number;
  MessageRetentionPeriod: number;
  ReceiveMessageWaitTimeSeconds: number;
  VisibilityTimeout: number;
  SqsManagedSseEnabled: boolean;
  /** JSON text. Kept and shown; what may use a queue is decided by identity policies alone. */
  Policy?: string;
}

export const defaultQueueSettings: QueueSettings = {
  DelaySeconds: 0,
  MaximumMessageSize: 1_048_576,
  MessageRetentionPeriod: 345_600,
  ReceiveMessageWaitTimeSeconds: 0,
  VisibilityTimeout: 30,
  SqsManagedSseEnabled: true,
};

const ranges = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
} as const;

/** Real attributes that the local endpoint does not model and therefore refuses. */
const notModelled = new Set([
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "FifoQueue",
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "FifoThroughputLimit",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
]);

/**
 * Reads attributes as `CreateQueue` and `SetQueueAttributes` take them: everything as text.
 *
 * @throws {AwsError} `InvalidAttributeName`, `InvalidAttributeValue`, or `UnsupportedOperation` for what is not modelled.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export function parseQueueSettings(attributes: Record<string, string>): Partial<QueueSettings> {
  const settings: Partial<QueueSettings> = {};
  for (const [name, text] of Object.entries(attributes)) {
    if (notModelled.has(name)) {
      throw new AwsError(
        "UnsupportedOperation",
        `The queue attribute ${name} is not built in the local endpoint.`,
      );
    }
    if (isRangedSetting(name)) {
      const [minimum, maximum] = ranges[name];
      const value = Number(text);
      if (!/^\d+$/.test(text) || value < minimum || value > maximum) throw invalidValue(name);
      settings[name] = value;
    } else if (name === "SqsManagedSseEnabled") {
      if (text !== "true" && text !== "false") throw invalidValue(name);
      settings.SqsManagedSseEnabled = text === "true";
    } else if (name === "Policy") {
      if (text !== "" && !isJson(text)) throw invalidValue(name);
      settings.Policy = text;
    } else {
      throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
    }
  }
  return settings;
}

/** Settings as `GetQueueAttributes` answers them. An empty policy counts as none. */
export function settingsAsAttributes(settings: QueueSettings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === "" ? [] : [[name, String(value)]])),
  );
}

function isRangedSetting(name: string): name is keyof typeof ranges {
  return Object.hasOwn(ranges, name);
}

function invalidValue(name: string): AwsError {
  return new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
}

function isJson(text: string): boolean {
  try {
    parseBoundedJson(text);
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
}
