import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AccessWaitState, AccessWaitStateSchema } from "../../../events/access.ts";
import { audienceKey } from "../../../functions/lifecycle/access-plan.ts";
import {
  type AccessWaits,
  type FoundWait,
  onlyFound,
  untold,
  withFound,
  withTold,
} from "../../../functions/records/access-wait.ts";

const audienceOf = (stage: string) => ({
  lifecycle: "default",
  stage,
  accountId: "222222222222",
  access: "read-write" as const,
});
const dev = audienceOf("dev");

const foundWait = fc.record({
  audience: fc.constantFrom("dev", "test").map(audienceOf),
  state: fc.constantFrom(...AccessWaitStateSchema.options),
  message: fc.constantFrom("one", "other"),
});
/** Looks of one audience after the other, each of which finds something or tells what was found. */
const looks = fc.array(fc.oneof(foundWait, fc.constant("tell" as const)), { maxLength: 30 });
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

function found(state: AccessWaitState): FoundWait {
  return { audience: dev, state, message: "" };
}

function after(...states: AccessWaitState[]): AccessWaits {
  return states.reduce<AccessWaits>(
    (waits, state, minute) => withFound(waits, [found(state)], at(minute)),
    {},
  );
}

describe("a wait for access", () => {
  it("is told once in each state and for each invitation, however often it is looked at", () => {
    fc.assert(
      fc.property(looks, (steps) => {
        let waits: AccessWaits = {};
        const announced: string[] = [];
        for (const [minute, step] of steps.entries()) {
          if (step !== "tell") {
            waits = withFound(waits, [step], at(minute));
            continue;
          }
          const news = untold(waits);
          announced.push(
            ...news.map(({ audience, state, invitations }) => `${audience.stage} ${state} ${invitations}`),
          );
          waits = withTold(waits, news);
          expect(untold(waits)).toStrictEqual([]);
        }

        for (const stage of ["dev", "test"]) {
          const own = announced.filter((text) => text.startsWith(stage));
          expect(own.every((text, index) => text !== own[index - 1])).toBe(true);
        }
      }),
    );
  });

  it("has been in its state since the first look that found it so", () => {
    fc.assert(
      fc.property(fc.array(foundWait, { minLength: 1, maxLength: 30 }), (steps) => {
        const waits = steps.reduce<AccessWaits>(
          (waits, step, minute) => withFound(waits, [step], at(minute)),
          {},
        );

        for (const [key, wait] of Object.entries(waits)) {
          const own = steps
            .map((step, minute) => ({ ...step, minute }))
            .filter(({ audience }) => audienceKey(audience) === key);
          const other = own.findLast(({ state }) => state !== wait.state)?.minute ?? -1;
          const first = own.find(({ minute }) => minute > other)?.minute ?? -1;
          expect(wait.since).toBe(at(first).toISOString());
          expect(wait.message).toBe(own.at(-1)?.message);
        }
      }),
    );
  });

  it("is over where a look at all audiences does not find it, and goes on where only others were looked at", () => {
    const waits = withFound(
      after("Associating"),
      [{ ...found("Throttled"), audience: audienceOf("test") }],
      at(5),
    );

    expect(Object.keys(waits)).toHaveLength(2);
    expect(Object.keys(onlyFound(waits, [found("Associating")], at(6)))).toStrictEqual([audienceKey(dev)]);
    expect(onlyFound(waits, [], at(6))).toStrictEqual({});
  });

  it.each<[number, AccessWaitState[]]>([
    [0, ["Associating"]],
    [1, ["InvitationPending", "InvitationPending", "Associating", "InvitationPending", "Throttled"]],
    [1, ["InvitationPending", "InvitationExpired", "InvitationExpired", "QuotaReached"]],
    [2, ["InvitationPending", "InvitationExpired", "QuotaReached", "InvitationPending"]],
  ])("counts %i invitations in %j", (count, states) => {
    expect(Object.values(after(...states))[0]?.invitations).toBe(count);
  });
});
