import { GetResourceSharesCommand, RAMClient, type RAMClientConfig } from "@aws-sdk/client-ram";
import { describe, expect, it } from "vitest";
import { createRetryStrategy, noRetries } from "../../local/retry-strategy.ts";
import { testContext } from "./sdk-request-handler.ts";

type RetryStrategy = NonNullable<RAMClientConfig["retryStrategy"]>;
type Clock = ReturnType<typeof testContext>["clock"];

const onClock = (clock: Clock): RetryStrategy => createRetryStrategy({ clock, random: () => 0.5 });

/** When a call that is always answered with a status is tried, in milliseconds from the first try. */
async function triesOf(statusCode: number, strategyOn: (clock: Clock) => RetryStrategy): Promise<number[]> {
  const { clock } = testContext();
  const tries: number[] = [];
  const client = new RAMClient({
    region: "us-east-1",
    credentials: { accessKeyId: "111111111111", secretAccessKey: "any" },
    retryStrategy: strategyOn(clock),
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
      expect(await triesOf(status, onClock)).toStrictEqual(tries);
    },
  );

  it("never repeat what AWS refused", async () => {
    expect(await triesOf(400, onClock)).toStrictEqual([0]);
  });

  it.each([429, 500])("are left out by the strategy without any, after %s too", async (status) => {
    expect(await triesOf(status, () => noRetries)).toStrictEqual([0]);
  });
});
