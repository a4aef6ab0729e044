import { describe, expect, it } from "vitest";
import type { PolicyStatement } from "../../stacks/definitions/policy.ts";
import { permissionFaults } from "./permission-faults.ts";
import type { RoleCall } from "./role-calls.ts";

const card = (name: string) => `arn:aws:sagemaker:us-east-1:111111111111:model-card/${name}`;
const table = "arn:aws:dynamodb:us-east-1:111111111111:table/cardway";

const readsCards = allow("sagemaker:DescribeModelCard", card("*"));
const readsTable = allow("dynamodb:GetItem", table);
const listsShares = allow("ram:GetResourceShares", "*");
const calls = [
  called("sagemaker:DescribeModelCard", card("churn")),
  called("dynamodb:GetItem", table),
  called("ram:GetResourceShares", "*"),
  { ...called("sagemaker:UpdateModelCard", card("fraud")), roleName: "cardway-apply-decision" },
];

function allow(Action: string | string[], Resource: string | string[]): PolicyStatement {
  return { Effect: "Allow", Action, Resource };
}

function called(action: string, resource: string, allowed = true): RoleCall {
  return { roleName: "cardway-read-card", action, resource, allowed };
}

function faults(statements: PolicyStatement[], made = calls): string[] {
  const document = { Version: "2012-10-17" as const, Statement: statements };
  return permissionFaults(
    {
      roleArn: "arn:aws:iam::111111111111:role/cardway-read-card",
      policies: [{ name: "cardway-read-card", document }],
    },
    made,
  );
}

describe("permissionFaults", () => {
  it("finds none where every permission is called on and nothing else is called", () => {
    expect(faults([readsCards, readsTable, listsShares])).toStrictEqual([]);
  });

  it("names an action that is allowed and never called", () => {
    const more = allow(["sagemaker:DescribeModelCard", "sagemaker:DeleteModelCard"], card("*"));

    expect(faults([more, readsTable, listsShares])).toStrictEqual([
      "cardway-read-card is allowed sagemaker:DeleteModelCard and never calls it",
    ]);
  });

  it("names an action that is called without being allowed, once however often", () => {
    const refused = [
      called("sagemaker:ListTags", card("churn"), false),
      called("sagemaker:ListTags", card("fraud"), false),
    ];

    expect(faults([readsCards, readsTable, listsShares], [...calls, ...refused])).toStrictEqual([
      `cardway-read-card calls sagemaker:ListTags on ${card("fraud")} and is not allowed it`,
    ]);
  });

  it("names a resource that an action is never called on", () => {
    const more = allow("dynamodb:GetItem", [table, `${table}-archive`]);

    expect(faults([readsCards, more, listsShares])).toStrictEqual([
      `cardway-read-card is allowed dynamodb:GetItem on ${table}-archive and never calls it on that`,
    ]);
  });

  it.each([
    [
      "a wildcard for one and the same name",
      readsTable,
      allow("dynamodb:GetItem", table.replace(/\w+$/, "*")),
    ],
    ["a wildcard within a name", readsTable, allow("dynamodb:GetItem", `${table}*`)],
    [
      "every resource of a service",
      readsCards,
      allow("sagemaker:DescribeModelCard", card("*").replace(/:[^:]*$/, ":*")),
    ],
    ["every Region", readsCards, allow("sagemaker:DescribeModelCard", card("*").replace("us-east-1", "*"))],
    ["every resource", readsCards, allow("sagemaker:DescribeModelCard", "*")],
  ])("names a resource that is wider than what is called on: %s", (_what, exact, wide) => {
    const statements = [readsCards, readsTable, listsShares].map((statement) =>
      statement === exact ? wide : statement,
    );

    expect(faults(statements)).toStrictEqual([expect.stringContaining("and calls it only on such as arn:")]);
  });
});
