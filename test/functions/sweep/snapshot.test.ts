import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createAllSharing } from "../../../functions/aws/sharing-overview.ts";
import { sweepDigestOf, textOf } from "../../../functions/records/sweep-digest.ts";
import { readSnapshot } from "../../../functions/sweep/snapshot.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { arnOf, dev, devShare, settledDraft } from "./sweep-world.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = z
  .custom<() => void>((value) => typeof value === "function")
  .parse(runInNewContext("gc"));

/** An account of so many cards, all in one share, as RAM and the table answer about it page by page. */
function accountOf(cards: number): Parameters<typeof readSnapshot>[0] {
  const json = (body: object) => {
    const headers = { "content-type": "application/json" };
    return { response: { statusCode: 200, headers, body: new TextEncoder().encode(JSON.stringify(body)) } };
  };
  const { resourceShareArn } = devShare;
  const tags = [{ key: "cardway:audience", value: `default/dev/${dev.accountId}/read-write` }];
  const requestHandler = {
    metadata: { handlerProtocol: "direct" },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
    async handle({ path, body }: { path: string; body?: unknown }) {
      if (path === "/getresourceshares") {
        return json({ resourceShares: [{ resourceShareArn, status: "ACTIVE", tags }] });
      }
      const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
      const { associationType, nextToken } = z
        .object({ associationType: z.string(), nextToken: z.string().default("0") })
        .parse(JSON.parse(text));
      if (associationType === "PRINCIPAL") return json({ resourceShareAssociations: [] });
      const start = Number(nextToken);
      const end = Math.min(start + 500, cards);
      return json({
        resourceShareAssociations: Array.from({ length: end - start }, (_, card) => ({
          resourceShareArn,
          associatedEntity: arnOf(`card-${start + card}`),
          status: "ASSOCIATED",
        })),
        ...(end < cards && { nextToken: String(end) }),
      });
    },
  };
  return {
    records: {
      async digests(after = "0") {
        const start = Number(after);
        const end = Math.min(start + 3_000, cards);
        const page = Array.from({ length: end - start }, (_, card) => ({
          id: arnOf(`card-${start + card}`),
          // As it comes off the wire: a text of its own.
          digest: JSON.stringify(sweepDigestOf(settledDraft(`card-${start + card}`))),
        }));
        return { cards: page, requests: [], next: end < cards ? String(end) : undefined };
      },
    },
    runningPromotions: { read: async () => ({ isRunning: () => false, startedBefore: 0 }) },
    allSharing: createAllSharing({
      environment: { AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "any", AWS_SECRET_ACCESS_KEY: "any" },
      settings: lifecycleSettings,
      now: () => new Date(),
      trace: (client) => client,
      requestHandler,
    }),
    settings: lifecycleSettings,
    now: () => new Date(),
  };
}

async function heapOf(cards: number): Promise<number> {
  const account = accountOf(cards);
  collectGarbage();
  const before = getHeapStatistics().used_heap_size;
  const snapshot = await readSnapshot(account);
  collectGarbage();
  const bytes = getHeapStatistics().used_heap_size - before;
  expect([...snapshot.sharing.cards()]).toHaveLength(cards);
  return bytes;
}

describe("the sweep's snapshot", () => {
  it("knows of each card what its record and its shares say", async () => {
    const snapshot = await readSnapshot(accountOf(1_200));

    const { digest, text } = snapshot.digestOf(arnOf("card-1199"));
    expect(text).toBe(textOf(sweepDigestOf(settledDraft("card-1199"))));
    expect(digest).toStrictEqual(sweepDigestOf(settledDraft("card-1199")));
    expect(snapshot.sharing.liveAccess(arnOf("card-1199"))).toStrictEqual([
      { audience: dev, resourceShareArn: devShare.resourceShareArn, state: "granted" },
    ]);
    expect(snapshot.digestOf(arnOf("card-1200"))).toMatchObject({ digest: undefined });
    expect([...snapshot.recorded()]).toHaveLength(1_200);
  });

  it("takes less than a kilobyte a card, at 10,000 cards as at 40,000", async () => {
    // What is loaded and compiled at first is none of a card's.
    await heapOf(100);
    const small = await heapOf(10_000);
    const large = await heapOf(40_000);

    expect(small / 10_000).toBeLessThan(1_000);
    expect((large - small) / 30_000).toBeLessThan(1_000);
  }, 60_000);
});
