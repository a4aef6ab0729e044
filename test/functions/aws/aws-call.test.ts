import { describe, expect, it } from "vitest";
import { awsCall } from "../../../functions/aws/aws-call.ts";

const failing = (members: object): Promise<never> =>
  awsCall("A call", () => Promise.reject(Object.assign(new Error("of AWS"), members)));

describe("awsCall", () => {
  it.each([
    { name: "ThrottlingException" },
    { name: "RequestTimeout" },
    { name: "RequestTimeoutException" },
    { name: "SlowDown" },
    { name: "Error", code: "EAI_AGAIN" },
    { name: "Error", code: "ETIMEDOUT" },
    { name: "Anything", $metadata: { httpStatusCode: 503 } },
  ])("is tried again after %j", async (members) => {
    await expect(failing(members)).rejects.toMatchObject({ name: "AwsUnavailableError" });
  });

  it.each(["ValidationException", "AccessDeniedException", "TaskTimedOut"])(
    "is not after %s",
    async (name) => {
      await expect(failing({ name })).rejects.toMatchObject({ name: "AwsCallFailedError" });
    },
  );
});
