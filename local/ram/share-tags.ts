import { AwsError } from "../wire/aws-error.ts";

const tagsPerShare = 50;

/**
 * The tags that a share has after new ones were added.
 *
 * @throws {AwsError} `TagPolicyViolationException` for a key of AWS's own, `TagLimitExceededException` for more than 50.
 */
export function addTags(
  tags: ReadonlyMap<string, string>,
  added: { key: string; value: string }[],
): Map<string, string> {
  if (added.some(({ key }) => key === "")) {
    throw new AwsError("InvalidParameterException", "A tag key cannot be empty.");
  }
  if (added.some(({ key }) => key.toLowerCase().startsWith("aws:"))) {
    throw new AwsError(
      "TagPolicyViolationException",
      "The specified tag key is a reserved word and cannot be used.",
    );
  }
  const all = new Map([...tags, ...added.map(({ key, value }): [string, string] => [key, value])]);
  if (all.size > tagsPerShare) {
    throw new AwsError("TagLimitExceededException", `A resource share can have up to ${tagsPerShare} tags.`);
  }
  return all;
}
