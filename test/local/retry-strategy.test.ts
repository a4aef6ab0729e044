import { GetResourceSharesCommand, RAMClient } from "@aws-sdk/client-ram";
import { describe, expect, it } from "vitest";
import { createRetryStrategy } from "../../local/retry-strategy.ts";
import { testContext } from "./sdk-request-handler.ts";

/** When a call that is always answered with a status is tried, in milliseconds from the first try. */
async function triesOf(statusCode: number): Promise<number[]> {
  const { clock } = testContext();
  const tries: number[] = [];
  const client = new RAMClient({
    region: "us-east-1",
    credentials: { accessKeyId: "111111111111", secretAccessKey: "any" },
    retryStrategy: createRetryStrategy({ clock, random: () => 0.5 }),
    requestHandler: {
      handle() {
        tries.push(clock.now().getTime());
        return Promise.resolve({
          response: { statusCode, headers: {}, body: new TextEncoder().encode("{}") },
        });
      },
    },
  });
  const state = { ended: false };
  const call = client
    .send(new GetResourceSharesCommand({ resourceOwner: "SELF" }))
    .catch(() => undefined)
    .finally(() => (state.ended = true));
  while (!state.ended) await clock.advance(10);
  await call;
  return tries.map((ms) => ms - (tries[0] ?? 0));
}

describe("the SDK clients' retries in local/", () => {
  it.each([
    { status: 429, tries: [0, 250, 750] },
    { status: 500, tries: [0, 50, 150] },
  ])(
    "wait on the clock, a while for $status and then longer, three tries in all",
    async ({ status, tries }) => {
      expect(await triesOf(status)).toStrictEqual(tries);
    },
  );

  it("never repeat what AWS refused", async () => {
    expect(await triesOf(400)).toStrictEqual([0]);
  });
});
