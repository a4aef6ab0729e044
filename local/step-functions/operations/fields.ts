import * as z from "zod";
import { payloadLimitBytes, exceedsPayloadLimit } from "../json.ts";

/** Members that several operations share, with the limits of AWS's API model. */
export const ArnSchema = z.string().min(1).max(256);

export const NameSchema = z.string().min(1).max(80);

export const DefinitionSchema = z.string().min(1).max(1_048_576);

export const PageSizeSchema = z.int().min(0).max(1000).optional();

export const PageTokenSchema = z.string().min(1).max(1024).optional();

export const ErrorSchema = z.string().max(256).optional();

export const CauseSchema = z.string().max(32_768).optional();

/** An input or an output: JSON text, limited in bytes. */
export const PayloadSchema = z
  .string()
  .refine(
    (text) => !exceedsPayloadLimit(text),
    `Member must have size less than or equal to ${payloadLimitBytes} bytes in UTF-8 encoding`,
  );

export const IncludedDataSchema = z.enum(["ALL_DATA", "METADATA_ONLY"]).optional();

/** Members whose values no error repeats: AWS marks them sensitive. */
export const sensitiveMembers = [
  "definition",
  "input",
  "output",
  "error",
  "cause",
  "taskToken",
  "versionDescription",
] as const;
