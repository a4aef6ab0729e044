import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { longestFunctionMs } from "../../../functions/aws/step-functions.ts";
import * as errors from "../../../functions/errors.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { functionArn } from "../../../stacks/definitions/deployment.ts";
import { functionNameOf, functions } from "../../../stacks/definitions/functions.ts";
import { modelCardAccountRoles } from "../../../stacks/definitions/roles.ts";
import { rules } from "../../../stacks/definitions/rules.ts";
import { stateMachines } from "../../../stacks/definitions/state-machines.ts";
import { type StateMachineDefinition, promotionWorkflow } from "../../../stacks/definitions/workflow.ts";

const deployment = {
  modelCardAccountId: "111111111111",
  region: "us-east-1",
  approvalPageUrl: "https://approvals.example.com",
};

const TaskSchema = z.object({
  Type: z.literal("Task"),
  Arguments: z.object({ FunctionName: z.string() }),
  Retry: z.array(z.object({ ErrorEquals: z.array(z.string()) })),
  Catch: z.array(z.object({ ErrorEquals: z.array(z.string()), Next: z.string() })).default([]),
});
const tasksOf = ({ States }: StateMachineDefinition) =>
  Object.entries(States).flatMap(([name, state]) => {
    const task = TaskSchema.safeParse(state);
    return task.success ? [{ name, task: task.data }] : [];
  });
const promotionTasks = tasksOf(promotionWorkflow(deployment));
const tasks = stateMachines(deployment).flatMap(({ definition }) => tasksOf(definition));

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

describe("every workflow", () => {
  it.each(tasks)("runs in $name the function of the same name", ({ name, task }) => {
    const folder = kebab(name);

    expect(task.Arguments.FunctionName).toBe(functionArn(functionNameOf(folder), deployment));
    expect(functions.map(({ functionName }) => functionName)).toContain(functionNameOf(folder));
  });

  it("retries and catches only errors that somebody raises", () => {
    const platform = /^(States\.|Lambda\.|Sandbox\.|Runtime\.)/;
    const own = Object.keys(errors);

    const named = tasks.flatMap(({ task }) =>
      [...task.Retry, ...task.Catch].flatMap(({ ErrorEquals }) => ErrorEquals),
    );

    expect(named.filter((name) => !platform.test(name) && !own.includes(name))).toStrictEqual([]);
  });

  it.each(tasks)("waits for its turn in $name where Lambda has no place left", ({ task }) => {
    const retried = task.Retry.flatMap(({ ErrorEquals }) => ErrorEquals);

    expect(retried).toContain("Lambda.TooManyRequestsException");
  });

  it.each(stateMachines(deployment))(
    "$name runs as a role that may invoke its functions and nothing else",
    ({ role, definition }) => {
      const named = tasksOf(definition).map(({ task }) => task.Arguments.FunctionName);

      expect(role.policy.Statement).toStrictEqual([
        {
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: expect.toSatisfy((arns: string[]) => arns.toSorted().join() === named.toSorted().join()),
        },
      ]);
      expect(modelCardAccountRoles(deployment)).toContainEqual(role);
    },
  );
});

describe("the promotion workflow", () => {
  it("lets every task but RecordFailure end in RecordFailure, whatever is thrown", () => {
    const last = promotionTasks.map(({ name, task }) => [name, task.Catch.at(-1)?.Next]);

    expect(Object.fromEntries(last)).toStrictEqual({
      ...Object.fromEntries(promotionTasks.map(({ name }) => [name, "RecordFailure"])),
      // Access is settled first; the failure is recorded behind that.
      RevertUpdate: "AccessToSettle",
      // Who is to hear of an outcome hears it first; the failure is recorded behind that.
      RevokeAccess: "AnybodyToTell",
      // What it did for other stages is confirmed before that.
      GrantAccess: "ConfirmAccess",
      ConfirmAccess: "AnybodyToTell",
      RecordFailure: undefined,
    });
  });
});

describe("every rule", () => {
  const every = rules(deployment, lifecycleSettings);

  it.each(every)("$name starts its state machine as a role of its own that may do nothing else", (rule) => {
    const { Arn, RoleArn } = rule.target;
    const role = modelCardAccountRoles(deployment).find(({ roleName }) =>
      RoleArn.endsWith(`:role/${roleName}`),
    );

    expect(every.filter(({ target }) => target.RoleArn === RoleArn)).toHaveLength(1);
    expect(role?.trust.Statement).toMatchObject([{ Principal: { Service: "events.amazonaws.com" } }]);
    expect(role?.policy.Statement).toStrictEqual([
      { Effect: "Allow", Action: "states:StartExecution", Resource: Arn },
    ]);
  });

  it.each([
    [1, "rate(1 hour)"],
    [2, "rate(2 hours)"],
  ])("starts the sweep every %i hours as %s", (sweepEveryHours, expected) => {
    const settings = { deployment: { ...lifecycleSettings.deployment, sweepEveryHours } };
    const schedules = rules(deployment, settings).map((rule) =>
      "scheduleExpression" in rule ? rule.scheduleExpression : undefined,
    );

    expect(schedules).toStrictEqual([undefined, undefined, expected]);
  });
});

describe("the roles", () => {
  it("have names of their own", () => {
    const names = modelCardAccountRoles(deployment).map(({ roleName }) => roleName);

    expect(new Set(names).size).toBe(names.length);
  });
});

describe("the promotion's functions", () => {
  it("end before anybody takes them for ended", () => {
    const invoked = promotionTasks.map(({ task }) => task.Arguments.FunctionName);
    const longest = functions
      .filter(({ functionName }) => invoked.includes(functionArn(functionName, deployment)))
      .map(({ timeoutSeconds }) => timeoutSeconds * 1000);

    expect(Math.max(...longest)).toBeLessThanOrEqual(longestFunctionMs);
  });
});

describe("every function", () => {
  it.each([...functions])(
    "$functionName has a handler module and knows all that it is told",
    (definition) => {
      const environment = definition.environment(deployment);

      expect(existsSync(new URL(`../../../${definition.handlerPath}`, import.meta.url))).toBe(true);
      expect(Object.values(environment).every((value) => value !== "")).toBe(true);
    },
  );

  it("lets only the function that asks sign links, and only the page verify them", () => {
    const holders = (action: string) =>
      functions
        .filter((definition) =>
          definition.permissions(deployment).some((statement) => [statement.Action].flat().includes(action)),
        )
        .map(({ functionName }) => functionName);

    expect(holders("kms:GenerateMac")).toStrictEqual(["cardway-request-approval"]);
    expect(holders("kms:VerifyMac")).toStrictEqual(["cardway-approval-page"]);
  });
});
