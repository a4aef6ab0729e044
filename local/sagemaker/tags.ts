import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";

const TagKeySchema = z
  .string()
  .min(1)
  .max(128)
  .regex(/^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u);

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html */
export const TagsSchema = z
  .array(
    z.strictObject({
      Key: TagKeySchema,
      Value: z
        .string()
        .max(256)
        .regex(/^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u),
    }),
  )
  .max(50);

export const TagKeysSchema = z.array(TagKeySchema).min(1).max(50);

const tagsPerResource = 50;

/**
 * The tags that a resource has after new ones were added to it.
 *
 * @throws {AwsError} `ValidationException` for a key of AWS's own, a key given twice, or more than 50 tags.
 */
export function toTagMap(
  added: z.output<typeof TagsSchema>,
  existing: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const keys = added.map(({ Key }) => Key);
  if (keys.some((key) => key.toLowerCase().startsWith("aws:"))) {
    throw new AwsError(
      "ValidationException",
      "aws: prefixed tag key names are not allowed for external use.",
    );
  }
  if (new Set(keys).size < keys.length) {
    throw new AwsError("ValidationException", "Duplicate tag keys are not allowed.");
  }
  const tags = new Map([...existing, ...added.map(({ Key, Value }): [string, string] => [Key, Value])]);
  if (tags.size > tagsPerResource) {
    throw new AwsError("ValidationException", `A resource cannot have more than ${tagsPerResource} tags.`);
  }
  return tags;
}

/** Tags as the API shows them. */
export function toTagList(tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}
