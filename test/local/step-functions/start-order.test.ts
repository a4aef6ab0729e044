import { array, assert, boolean, integer, option, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExecutionRecord } from "../../../local/step-functions/records.ts";
import { StartOrder } from "../../../local/step-functions/start-order.ts";

function execution(sequence: number): ExecutionRecord {
  return {
    arn: `execution-${sequence}`,
    name: "name",
    stateMachineArn: "machine",
    stateMachineName: "machine",
    accountId: "111111111111",
    region: "eu-central-1",
    revision: { definition: "{}", roleArn: "role", updateDate: new Date(0) },
    input: "{}",
    status: "RUNNING",
    startDate: new Date(0),
    redriveCount: 0,
    redriveTokens: {},
    history: [],
    sequence,
  };
}

describe("StartOrder", () => {
  it("lists what was added and not removed, newest first, from any place on", () => {
    assert(
      property(
        array(tuple(boolean(), integer({ min: 0, max: 100 })), { maxLength: 60 }),
        option(integer({ min: 0, max: 70 }), { nil: undefined }),
        (steps, before) => {
          const order = new StartOrder();
          let kept: ExecutionRecord[] = [];
          for (const [isStart, choice] of steps) {
            const chosen = kept[choice % Math.max(kept.length, 1)];
            if (isStart || chosen === undefined) {
              const started = execution(order.nextSequence());
              order.add(started);
              kept.push(started);
            } else {
              order.remove(chosen);
              kept = kept.filter((other) => other !== chosen);
            }
          }

          const listed = [...order.newestFirst(before)];

          expect(order.size).toBe(kept.length);
          expect(listed).toStrictEqual(
            kept.filter(({ sequence }) => before === undefined || sequence < before).reverse(),
          );
        },
      ),
    );
  });

  it("ignores the removal of an execution that it does not hold", () => {
    const order = new StartOrder();
    order.add(execution(order.nextSequence()));

    order.remove(execution(1));
    order.remove(execution(7));

    expect(order.size).toBe(1);
  });
});
