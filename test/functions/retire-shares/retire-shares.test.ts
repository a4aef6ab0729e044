import { describe, expect, it } from "vitest";
import type { OwnShare, OwnShares } from "../../../functions/aws/own-shares.ts";
import { AwsUnavailableError, ResourceNotReadyError } from "../../../functions/errors.ts";
import type { PrincipalState } from "../../../functions/lifecycle/principals.ts";
import { type CardRecord, newCardRecord, withAnnounced } from "../../../functions/records/card-record.ts";
import type { PromotionRecords } from "../../../functions/records/promotion-records.ts";
import { retireShares } from "../../../functions/retire-shares/retire-shares.ts";
import settings from "../../../lifecycle.config.ts";

const share: OwnShare = {
  resourceShareArn: "arn:aws:ram:us-east-1:111111111111:resource-share/1",
  name: "cardway-default-dev-read-write",
  audience: { lifecycle: "default", stage: "dev", accountId: "222222222222", access: "read-write" },
  isBeingDeleted: false,
  isOutside: false,
};

const roles = (count: number, state: PrincipalState["state"] = "granted"): PrincipalState[] =>
  Array.from({ length: count }, (_, index) => ({
    principal: `arn:aws:iam::222222222222:role/${state}-${index}`,
    state,
  }));

/** RAM with one share, and what it and the bus were asked, on a clock of its own. */
function world(before: { principals?: PrincipalState[]; cards?: number; busyLists?: number }) {
  let { principals = [], busyLists = 0 } = before;
  let shares = [share];
  let nowMs = 0;
  const asked: { removed: number[]; published: number[] } = { removed: [], published: [] };
  const unused = () => Promise.reject(new Error("is not used"));
  const kept = new Map<string, CardRecord>();
  const recordOf = (modelCardArn: string): CardRecord =>
    kept.get(modelCardArn) ?? withAnnounced(newCardRecord(modelCardArn), [share.audience]);
  const records: PromotionRecords = {
    readCard: (modelCardArn) => Promise.resolve(recordOf(modelCardArn)),
    async changeCard(modelCardArn, change) {
      const { record, result } = change(recordOf(modelCardArn));
      kept.set(modelCardArn, record);
      return result;
    },
    findRequest: unused,
    addRequest: unused,
    changeRequest: unused,
    addEffects: () => Promise.resolve(),
    digests: unused,
    lastSweep: unused,
    keepLastSweep: unused,
    effectsOf: unused,
  };
  const ownShares: OwnShares = {
    async list() {
      busyLists -= 1;
      if (busyLists >= 0) throw new AwsUnavailableError("RAM is throttled.");
      return shares;
    },
    cardsIn: () =>
      Promise.resolve(
        Array.from(
          { length: before.cards ?? 0 },
          (_, index) => `arn:aws:sagemaker:us-east-1:111111111111:model-card/card-${index}`,
        ),
      ),
    async delete() {
      shares = [];
    },
  };
  const dependencies = {
    ownShares,
    resourceSharing: {
      principalStates: () => Promise.resolve(principals),
      async removePrincipals(_arn: string, leaving: string[]) {
        const states = principals.filter(({ principal }) => leaving.includes(principal));
        if (states.some(({ state }) => state === "granting") && nowMs < 20_000)
          throw new ResourceNotReadyError("The share is busy.");
        asked.removed.push(leaving.length);
        principals = principals.filter(({ principal }) => !leaving.includes(principal));
      },
    },
    records,
    events: {
      async publish(events: unknown[]) {
        asked.published.push(events.length);
      },
    },
    settings,
    functionArn: "arn:aws:lambda:us-east-1:111111111111:function:cardway-retire-shares",
    kept: ["The table is kept."],
    now: () => new Date(nowMs),
    async wait(ms: number) {
      nowMs += ms;
    },
  };
  return { asked, run: () => retireShares({ tf: { action: "delete" } }, dependencies) };
}

describe("retireShares", () => {
  it("keeps to AWS's limits of a call, and announces each card's end once", async () => {
    const { asked, run } = world({ principals: roles(250), cards: 25 });

    const answer = await run();

    expect(asked).toStrictEqual({ removed: [100, 100, 50], published: Array<number>(25).fill(1) });
    expect(answer).toStrictEqual({
      retired: [{ name: share.name, ...share.audience, cards: 25 }],
      kept: ["The table is kept."],
    });
  });

  it("lets nobody keep access because RAM is still letting somebody else in", async () => {
    const { asked, run } = world({ principals: [...roles(2, "granting"), ...roles(3)] });

    await run();

    expect(asked.removed).toStrictEqual([3, 2]);
  });

  it("is patient with a RAM that throttles, but not beyond its own time-out", async () => {
    await expect(world({ busyLists: 20 }).run()).resolves.toMatchObject({ retired: [{ name: share.name }] });
    await expect(world({ busyLists: 1_000 }).run()).rejects.toMatchObject({ name: "ResourceNotReadyError" });
  });
});
