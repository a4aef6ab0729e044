import { describe, expect, it } from "vitest";
import type { ExecutionControl } from "../../../../local/step-functions/engine/engine.ts";
import { Scope } from "../../../../local/step-functions/engine/scope.ts";
import { CancelledError } from "../../../../local/step-functions/engine/state-failure.ts";
import { TaskTokens } from "../../../../local/step-functions/engine/task-tokens.ts";
import { testContext } from "../../sdk-request-handler.ts";

function openScope() {
  const context = testContext();
  const events: string[] = [];
  const control: ExecutionControl = {
    engine: { context, tokens: new TaskTokens(context.newId) },
    record: {
      arn: "arn",
      name: "name",
      stateMachineArn: "machine",
      stateMachineName: "machine",
      accountId: "111111111111",
      region: "eu-central-1",
      revision: { definition: "{}", roleArn: "role", updateDate: context.clock.now() },
      input: "{}",
      status: "RUNNING",
      startDate: context.clock.now(),
      redriveCount: 0,
      redriveTokens: {},
      history: [],
      sequence: 1,
    },
    contextObject: {},
    append: (type) => events.push(type),
    checkGoesOn: () => {},
    keepPosition: () => {},
    keepProgress: () => {},
    runWorkflow: () => Promise.reject(new Error("not part of this test")),
  };
  return { context, events, scope: new Scope(control, { variables: {}, lastEventId: 0 }) };
}

describe("a cancelled scope", () => {
  it("refuses every further trace, so that code that runs on leaves none", () => {
    const { scope, events } = openScope();
    scope.emit("MapStateStarted");

    scope.cancel();

    expect(() => scope.emit("MapStateSucceeded")).toThrow(CancelledError);
    expect(() => scope.note("MapStateSucceeded")).toThrow(CancelledError);
    expect(() => scope.onCancel(() => {})).toThrow(CancelledError);
    expect(events).toStrictEqual(["MapStateStarted"]);
  });

  it("cancels the scopes inside it and undoes what they registered, once", () => {
    const { scope } = openScope();
    const undone: string[] = [];
    const child = scope.openChild(0);
    child.onCancel(() => undone.push("child"));
    const release = scope.onCancel(() => undone.push("released"));
    scope.onCancel(() => undone.push("parent"));
    release();

    scope.cancel();
    scope.cancel();

    expect(undone).toStrictEqual(["child", "parent"]);
    expect(() => child.emit("MapStateStarted")).toThrow(CancelledError);
  });

  it("never returns from a pause", async () => {
    const { scope, context } = openScope();
    const pause = scope.pause(1000).then(() => "returned");

    scope.cancel();
    await context.clock.advance(5000);

    expect(await Promise.race([pause, Promise.resolve("waits")])).toBe("waits");
  });
});
