import { AwsError } from "../wire/aws-error.ts";

/** What EventBridge answers to a pattern that it cannot compile. */
export function invalidPattern(reason: string): AwsError {
  return new AwsError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);
}
