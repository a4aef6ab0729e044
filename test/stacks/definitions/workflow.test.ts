import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { longestFunctionMs } from "../../../functions/aws/step-functions.ts";
import * as errors from "../../../functions/errors.ts";
import { functionArn } from "../../../stacks/definitions/deployment.ts";
import { functionNameOf, functions } from "../../../stacks/definitions/functions.ts";
import { modelCardAccountRoles } from "../../../stacks/definitions/roles.ts";
import { promotionWorkflow } from "../../../stacks/definitions/workflow.ts";

const deployment = {
  modelCardAccountId: "111111111111",
  region: "us-east-1",
  approvalPageUrl: "https://approvals.example.com",
};
const definition = promotionWorkflow(deployment);

const TaskSchema = z.object({
  Type: z.literal("Task"),
  Arguments: z.object({ FunctionName: z.string() }),
  Retry: z.array(z.object({ ErrorEquals: z.array(z.string()) })),
  Catch: z.array(z.object({ ErrorEquals: z.array(z.string()), Next: z.string() })),
});
const tasks = Object.entries(definition.States).flatMap(([name, state]) => {
  const task = TaskSchema.safeParse(state);
  return task.success ? [{ name, task: task.data }] : [];
});

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

describe("the promotion workflow", () => {
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

  it("lets every task but RecordFailure end in RecordFailure, whatever is thrown", () => {
    const last = tasks.map(({ name, task }) => [name, task.Catch.at(-1)?.Next]);

    expect(Object.fromEntries(last)).toStrictEqual({
      ...Object.fromEntries(tasks.map(({ name }) => [name, "RecordFailure"])),
      // Who is to hear of an outcome hears it first; the failure is recorded behind that.
      RevokeAccess: "AnybodyToTell",
      GrantAccess: "AnybodyToTell",
      ConfirmAccess: "AnybodyToTell",
      RecordFailure: undefined,
    });
  });
});

describe("the workflow's functions", () => {
  const invoked = [...new Set(tasks.map(({ task }) => task.Arguments.FunctionName))];

  it("are all that its role may invoke", () => {
    const role = modelCardAccountRoles(deployment).find(({ roleName }) => roleName === "cardway-promotion");

    const [statement] = role?.policy.Statement ?? [];
    expect(new Set([statement?.Resource].flat())).toStrictEqual(new Set(invoked));
  });

  it("end before anybody takes them for ended", () => {
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

  it("names actions and, where the action knows one, a resource", () => {
    const listCalls = /^(ram:(Get|List|CreateResourceShare)|ses:SendEmail)/;
    const statements = functions.flatMap((definition) => definition.permissions(deployment));

    const wide = statements.flatMap(({ Action, Resource }) =>
      [Resource].flat().includes("*") ? [Action].flat().filter((action) => !listCalls.test(action)) : [],
    );

    expect(wide).toStrictEqual([]);
    expect(
      statements.flatMap(({ Action }) => [Action].flat()).filter((action) => action.includes("*")),
    ).toStrictEqual([]);
  });

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
