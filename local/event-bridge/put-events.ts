import * as z from "zod";
import type { EventEnvelope } from "../../events/envelope.ts";
import { AwsError } from "../wire/aws-error.ts";
import { isJsonObject } from "./json-value.ts";
import { eventTime } from "./target-input.ts";
import { parseBoundedJson } from "../wire/bounded-json.ts";

/** 1 MiB for all entries of one call together, since January 2026. */
const maximumTotalSizeBytes = 1_048_576;

export const PutEventsEntrySchema = z.strictObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  EventBusName: z
    .string()
    .min(1)
    .max(1600)
    .regex(/^(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[.\-_A-Za-z0-9]+$/)
    .optional(),
  Resources: z.array(z.string().max(2048)).default([]),
  /** Epoch seconds. */
  Time: z.number().optional(),
  TraceHeader: z.string().min(1).max(500).optional(),
});

export type PutEventsEntry = z.output<typeof PutEventsEntrySchema>;

/** An entry that was refused, as `PutEvents` answers it. */
interface RefusedEntry {
  ErrorCode: string;
  ErrorMessage: string;
}

/**
 * Refuses a call whose entries are too large together.
 *
 * @throws {AwsError} `ValidationException`
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
export function requireTotalSize(entries: readonly PutEventsEntry[]): void {
  const totalBytes = entries.reduce((sum, entry) => sum + entrySizeBytes(entry), 0);
  if (totalBytes > maximumTotalSizeBytes) {
    throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
  }
}

/** Makes the event of one entry, or says why EventBridge does not take it. */
export function eventOfEntry(
  entry: PutEventsEntry,
  origin: { id: string; accountId: string; region: string; now: Date },
): EventEnvelope | RefusedEntry {
  const { Source, DetailType, Detail } = entry;
  if (!Source) return missing("Source");
  if (!DetailType) return missing("DetailType");
  if (!Detail) return missing("Detail");
  if (Source.startsWith("aws.")) {
    return {
      ErrorCode: "NotAuthorizedForSourceException",
      ErrorMessage: "Not authorized for the source.",
    };
  }
  const detail = parseDetail(Detail);
  if (detail === undefined) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  return {
    version: "0",
    id: origin.id,
    "detail-type": DetailType,
    source: Source,
    account: origin.accountId,
    time: eventTime(entry.Time === undefined ? origin.now : new Date(entry.Time * 1000)),
    region: origin.region,
    resources: entry.Resources,
    detail,
  };
}

function missing(member: string): RefusedEntry {
  return {
    ErrorCode: "InvalidArgument",
    ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
  };
}

function parseDetail(text: string): Record<string, unknown> | undefined {
  try {
    const detail: unknown = parseBoundedJson(text);
    return isJsonObject(detail) ? detail : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function entrySizeBytes({
  Time,
  Source = "",
  DetailType = "",
  Detail = "",
  Resources,
}: PutEventsEntry): number {
  return [Source, DetailType, Detail, ...Resources].reduce(
    (sum, text) => sum + Buffer.byteLength(text),
    Time === undefined ? 0 : 14,
  );
}
