import { InvokeCommand } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { AudienceSchema } from "../../events/access.ts";
import type { ModelCardStatus } from "../../events/model-card.ts";
import type { Lifecycle, Settings } from "../../functions/lifecycle/settings.ts";
import { may } from "./draft-to-production.ts";
import { createTestCloud } from "./test-cloud.ts";

const hour = 3_600_000;

/** What becomes of the events about a change. Where they are lost, one sweep runs; else none. */
export const deliveries = ["delivered", "lost", "duplicated and late"] as const;
export type Delivery = (typeof deliveries)[number];

const delayMs = { delivered: 0, lost: 100_000 * hour, "duplicated and late": hour / 4 };

const EffectSchema = z.object({
  audience: AudienceSchema.optional(),
  requestId: z.string().optional(),
  outcome: z.string().optional(),
});

/** The system in which one card, `churn`, changes, and what an outsider sees of it. */
export function createConvergingWorld(
  delivery: Delivery,
  options: Parameters<typeof createTestCloud>[0] = {},
) {
  const events = { changing: false };
  const test = createTestCloud({
    ...options,
    eventDelayMs: () => (events.changing ? delayMs[delivery] : 0),
    modelCardBehaviour: {
      ...options.modelCardBehaviour,
      eventCopies: delivery === "duplicated and late" ? 3 : 1,
    },
  });

  /** Lets all that has been started come to rest, but for an execution that waits for approvers. */
  const rest = async (modelCardArn: string): Promise<void> => {
    await test.pass(1 / 3_600);
    await test.until("rest", async () => {
      const { claim, currentRequest } = await test.records.readCard(modelCardArn);
      const running = (await test.executions()).filter(({ status }) => status === "RUNNING");
      return claim === undefined && running.length === (currentRequest === undefined ? 0 : 1);
    });
  };

  const effects = async (modelCardArn: string, detailType: string) =>
    (await test.records.effectsOf(modelCardArn))
      .filter((effect) => effect.detailType === detailType)
      .map(({ detail }) => EffectSchema.parse(detail));

  return {
    test,
    rest,

    /** Makes a change whose events are delivered so, and lets pass what is to mend what they do not. */
    async change(modelCardArn: string, make: () => Promise<unknown>): Promise<void> {
      events.changing = true;
      await make();
      if (delivery === "delivered") await rest(modelCardArn);
      // Only where events are lost is there time for a sweep, which would mend the others too.
      await test.pass(delivery === "lost" ? 1 : 0.5);
      await rest(modelCardArn);
    },

    /** What an account can do with a card, by its administrator or by the reader role. */
    async access(accountId: string, modelCardArn: string): Promise<string> {
      const wordOf = ([describes, updates]: string[]): string =>
        updates === "works" ? "read-write" : describes === "works" ? "read-only" : "none";
      const own = wordOf(await may(test.sageMaker(accountId), modelCardArn));
      if (own !== "none") return own;
      const reader = await test.reader(accountId).catch(() => undefined);
      return reader === undefined ? "none" : wordOf(await may(reader, modelCardArn));
    },

    /** Stages that have access by what is on record: granted once more often than revoked. */
    async recordedStages(modelCardArn: string): Promise<string[]> {
      const counts = new Map<string, number>();
      for (const [kind, step] of [
        ["AccessGranted", 1],
        ["AccessRevoked", -1],
      ] as const) {
        for (const { audience } of await effects(modelCardArn, kind)) {
          const key = `${audience?.stage} ${audience?.accountId} ${audience?.access}`;
          counts.set(key, (counts.get(key) ?? 0) + step);
        }
      }
      return [...counts]
        .flatMap(([key, count]) => (count === 0 ? [] : [`${key}${count === 1 ? "" : ` ${count}`}`]))
        .sort();
    },

    /** How each request about a card ended, oldest first; `open` where it has not. */
    async requests(modelCardArn: string): Promise<string[]> {
      const decided = await effects(modelCardArn, "ApprovalDecided");
      const asked = await effects(modelCardArn, "ApprovalRequested");
      return asked.map(
        ({ requestId }) => decided.find((one) => one.requestId === requestId)?.outcome ?? "open",
      );
    },

    /** Deploys other settings, with the end of access that a deployment brings. */
    async deploy(settings: Settings): Promise<void> {
      test.deploy(settings);
      const Payload = JSON.stringify({ policyVersion: "any", tf: { action: "update", prev_input: null } });
      const answer = { ended: false };
      const invoked = test.lambda
        .send(new InvokeCommand({ FunctionName: "cardway-retire-shares", Payload }))
        .finally(() => (answer.ended = true));
      while (!answer.ended) await test.pass(2 / 3_600);
      const { FunctionError } = await invoked;
      if (FunctionError !== undefined) throw new Error("retire-shares failed");
    },
  };
}

/** The access that a status calls for, by account; none to anybody where the card is gone. */
export function calledFor(
  stages: Lifecycle["stages"],
  status: ModelCardStatus | undefined,
): Record<string, string> {
  return Object.fromEntries(
    stages.map(({ accountId, access }) => [accountId, status === undefined ? "none" : access[status]]),
  );
}
