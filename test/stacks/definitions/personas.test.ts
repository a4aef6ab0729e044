import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Settings } from "../../../functions/lifecycle/settings.ts";
import { stageAccounts } from "../../../functions/lifecycle/stage-accounts.ts";
import settings from "../../../lifecycle.config.ts";
import { arnOf, deploymentOf, roleArnOf } from "../../../stacks/definitions/deployment.ts";
import { modelCardAccountPersonaRoles, personaTable } from "../../../stacks/definitions/personas.ts";
import type { RoleDefinition } from "../../../stacks/definitions/roles.ts";
import { stageAccountRoles } from "../../../stacks/definitions/stage-account.ts";
import {
  card,
  cardKey,
  conditional,
  decisionOf,
  dev,
  fulfilling,
  owner,
  prod,
  settingsWith,
  test,
} from "./example-settings.ts";

const personaRoleNames = Object.values(personaTable).map(({ roleName }) => roleName);

function personaRolesOf(settings: Settings): RoleDefinition[] {
  return [
    ...modelCardAccountPersonaRoles(deploymentOf(settings, ""), settings),
    ...stageAccounts(settings).flatMap((accountId) => stageAccountRoles(accountId, settings)),
  ].filter(({ roleName }) => personaRoleNames.includes(roleName));
}

function roleOf(roleName: string, accountId: string, from: Settings): RoleDefinition {
  const role = personaRolesOf(from).find(
    (role) => role.roleName === roleName && role.accountId === accountId,
  );
  if (role === undefined) throw new TypeError(`${accountId} has no ${roleName}`);
  return role;
}

const deployment = deploymentOf(settings, "");
const execution = arnOf("states", "execution:cardway-promotion:one", deployment);
const machine = arnOf("states", "stateMachine:cardway-promotion", deployment);
const queue = arnOf("sqs", "cardway-sweep-dead-letters", deployment);
const log = arnOf("logs", "log-group:/aws/lambda/cardway-read-card:*", deployment);
const eventLog = arnOf("logs", "log-group:/aws/events/cardway:*", deployment);
const table = arnOf("dynamodb", "table/cardway", deployment);
const actions: [action: string, resource: string][] = [
  ["sagemaker:CreateModelCard", card],
  ["sagemaker:DescribeModelCard", card],
  ["sagemaker:ListModelCardVersions", card],
  ["sagemaker:UpdateModelCard", card],
  ["sagemaker:DeleteModelCard", card],
  ["sagemaker:ListTags", card],
  ["sagemaker:ListModelCards", "*"],
  ["sagemaker:CreateModelCardExportJob", card],
  ["sagemaker:DescribeModelCardExportJob", `${card}/export-job/one`],
  ["kms:Decrypt", cardKey],
  ["kms:GenerateDataKey", cardKey],
  ["states:ListExecutions", machine],
  ["states:DescribeExecution", execution],
  ["states:GetExecutionHistory", execution],
  ["states:StartExecution", machine],
  ["states:StopExecution", execution],
  ["states:RedriveExecution", execution],
  ["states:SendTaskSuccess", machine],
  ["sqs:ReceiveMessage", queue],
  ["sqs:DeleteMessage", queue],
  ["sqs:SendMessage", queue],
  ["logs:FilterLogEvents", log],
  ["logs:StartQuery", eventLog],
  ["logs:DeleteLogGroup", log],
  ["xray:GetTraceSummaries", "*"],
  ["cloudwatch:DescribeAlarms", "*"],
  ["ram:ListResources", "*"],
  ["ram:GetResourceShares", "*"],
  ["ram:CreateResourceShare", "*"],
  ["dynamodb:Query", table],
  ["dynamodb:PutItem", table],
  ["cloudtrail:LookupEvents", "*"],
  ["iam:GetRolePolicy", roleArnOf("cardway-card-reader", prod)],
  ["iam:PutRolePolicy", roleArnOf("cardway-card-reader", prod)],
  ["kms:GenerateMac", arnOf("kms", "key/links", deployment)],
  ["sts:AssumeRole", roleArnOf("cardway-access-verifier", prod)],
];

const shown = { allowed: "yes", explicitDeny: "never", implicitDeny: "." };

/** Personas across, actions down. */
function matrix(from: Settings, context: Record<string, string> = {}): string {
  const columns: [heading: string, role: RoleDefinition][] = [
    ["data sc.", roleOf("cardway-data-scientist", dev, from)],
    ["ml eng.", roleOf("cardway-ml-engineer", test, from)],
    ["approver", roleOf("cardway-model-approver", owner, from)],
    ["reader", roleOf("cardway-card-reader", prod, from)],
    ["operator", roleOf("cardway-operator", owner, from)],
    ["auditor", roleOf("cardway-auditor", owner, from)],
    ["in stage", roleOf("cardway-auditor", prod, from)],
  ];
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => cell.padEnd(index === 0 ? 37 : 9))
      .join("")
      .trimEnd();
  return [
    line(["", ...columns.map(([heading]) => heading)]),
    ...actions.map(([action, resource]) =>
      line([
        action,
        ...columns.map(([, { policy }]) => shown[decisionOf(policy, action, resource, context)]),
      ]),
    ),
  ].join("\n");
}

describe("the personas", () => {
  it("may do what their work takes, and nothing else", () => {
    expect(matrix(settings)).toMatchInlineSnapshot(`
      "                                     data sc. ml eng.  approver reader   operator auditor  in stage
      sagemaker:CreateModelCard            .        .        never    never    never    never    never
      sagemaker:DescribeModelCard          yes      yes      yes      yes      .        .        .
      sagemaker:ListModelCardVersions      yes      yes      yes      yes      yes      yes      .
      sagemaker:UpdateModelCard            yes      yes      never    never    never    never    never
      sagemaker:DeleteModelCard            .        .        never    never    never    never    never
      sagemaker:ListTags                   .        .        .        .        yes      yes      .
      sagemaker:ListModelCards             .        .        yes      .        yes      yes      .
      sagemaker:CreateModelCardExportJob   .        .        .        .        .        .        .
      sagemaker:DescribeModelCardExportJob .        .        .        .        .        .        .
      kms:Decrypt                          .        .        .        .        .        .        .
      kms:GenerateDataKey                  .        .        .        .        .        .        .
      states:ListExecutions                .        .        .        .        yes      yes      .
      states:DescribeExecution             .        .        .        .        yes      yes      .
      states:GetExecutionHistory           .        .        .        .        yes      yes      .
      states:StartExecution                .        .        .        .        .        .        .
      states:StopExecution                 .        .        .        .        yes      .        .
      states:RedriveExecution              .        .        .        .        yes      .        .
      states:SendTaskSuccess               .        .        .        .        .        .        .
      sqs:ReceiveMessage                   .        .        .        .        yes      .        .
      sqs:DeleteMessage                    .        .        .        .        yes      .        .
      sqs:SendMessage                      .        .        .        .        .        .        .
      logs:FilterLogEvents                 .        .        .        .        yes      .        .
      logs:StartQuery                      .        .        .        .        yes      .        .
      logs:DeleteLogGroup                  .        .        .        .        .        .        .
      xray:GetTraceSummaries               .        .        .        .        yes      .        .
      cloudwatch:DescribeAlarms            .        .        .        .        yes      .        .
      ram:ListResources                    yes      yes      .        .        yes      yes      yes
      ram:GetResourceShares                .        .        .        .        yes      yes      yes
      ram:CreateResourceShare              .        .        .        .        .        .        .
      dynamodb:Query                       .        .        .        .        yes      yes      .
      dynamodb:PutItem                     .        .        .        .        .        .        .
      cloudtrail:LookupEvents              .        .        .        .        .        yes      yes
      iam:GetRolePolicy                    .        .        .        .        .        .        yes
      iam:PutRolePolicy                    .        .        .        .        .        .        .
      kms:GenerateMac                      .        .        .        .        .        .        .
      sts:AssumeRole                       .        .        .        .        .        .        ."
    `);
  });

  it("may do the same where the settings ask for conditions and they are fulfilled", () => {
    const viaSageMaker = {
      "kms:ViaService": "sagemaker.us-east-1.amazonaws.com",
      "kms:EncryptionContext:aws:sagemaker:model-card-arn": card,
    };

    expect(matrix(conditional, { ...fulfilling, ...viaSageMaker })).toMatchInlineSnapshot(`
      "                                     data sc. ml eng.  approver reader   operator auditor  in stage
      sagemaker:CreateModelCard            .        .        never    never    never    never    never
      sagemaker:DescribeModelCard          yes      yes      yes      yes      .        .        .
      sagemaker:ListModelCardVersions      yes      yes      yes      yes      yes      yes      .
      sagemaker:UpdateModelCard            yes      yes      never    never    never    never    never
      sagemaker:DeleteModelCard            .        .        never    never    never    never    never
      sagemaker:ListTags                   .        .        .        .        yes      yes      .
      sagemaker:ListModelCards             .        .        yes      .        yes      yes      .
      sagemaker:CreateModelCardExportJob   .        .        .        .        .        .        .
      sagemaker:DescribeModelCardExportJob .        .        .        .        .        .        .
      kms:Decrypt                          yes      yes      yes      yes      .        .        .
      kms:GenerateDataKey                  yes      yes      never    never    never    never    never
      states:ListExecutions                .        .        .        .        yes      yes      .
      states:DescribeExecution             .        .        .        .        yes      yes      .
      states:GetExecutionHistory           .        .        .        .        yes      yes      .
      states:StartExecution                .        .        .        .        .        .        .
      states:StopExecution                 .        .        .        .        yes      .        .
      states:RedriveExecution              .        .        .        .        yes      .        .
      states:SendTaskSuccess               .        .        .        .        .        .        .
      sqs:ReceiveMessage                   .        .        .        .        yes      .        .
      sqs:DeleteMessage                    .        .        .        .        yes      .        .
      sqs:SendMessage                      .        .        .        .        .        .        .
      logs:FilterLogEvents                 .        .        .        .        yes      .        .
      logs:StartQuery                      .        .        .        .        yes      .        .
      logs:DeleteLogGroup                  .        .        .        .        .        .        .
      xray:GetTraceSummaries               .        .        .        .        yes      .        .
      cloudwatch:DescribeAlarms            .        .        .        .        yes      .        .
      ram:ListResources                    yes      yes      .        .        yes      yes      yes
      ram:GetResourceShares                .        .        .        .        yes      yes      yes
      ram:CreateResourceShare              .        .        .        .        .        .        .
      dynamodb:Query                       .        .        .        .        yes      yes      .
      dynamodb:PutItem                     .        .        .        .        .        .        .
      cloudtrail:LookupEvents              .        .        .        .        .        yes      yes
      iam:GetRolePolicy                    .        .        .        .        .        .        yes
      iam:PutRolePolicy                    .        .        .        .        .        .        .
      kms:GenerateMac                      .        .        .        .        .        .        .
      sts:AssumeRole                       .        .        .        .        .        .        ."
    `);
  });

  it.each(Object.keys(fulfilling))("read no card where %s is another", (key) => {
    for (const [roleName, accountId] of [
      ["cardway-data-scientist", dev],
      ["cardway-card-reader", prod],
      ["cardway-model-approver", owner],
    ] as const) {
      const { policy } = roleOf(roleName, accountId, conditional);
      const read = (context: Record<string, string>) =>
        decisionOf(policy, "sagemaker:DescribeModelCard", card, context);

      expect(read(fulfilling)).toBe("allowed");
      expect(read({ ...fulfilling, [key]: "another" })).toBe("implicitDeny");
    }
  });

  it.each([
    ["from the key's own console", {}],
    ["for something else", { "kms:ViaService": "s3.us-east-1.amazonaws.com" }],
    [
      "for cards of another account",
      {
        "kms:ViaService": "sagemaker.us-east-1.amazonaws.com",
        "kms:EncryptionContext:aws:sagemaker:model-card-arn": card.replace(owner, dev),
      },
    ],
  ])("use no key %s", (_case, context: Record<string, string>) => {
    for (const { policy } of personaRolesOf(conditional)) {
      expect(decisionOf(policy, "kms:Decrypt", cardKey, { ...fulfilling, ...context })).toBe("implicitDeny");
    }
  });

  it("export only where there is a bucket to export to", () => {
    const withBucket = settingsWith({ deployment: { personas: { exportBuckets: ["exported-cards"] } } });
    const { policy } = roleOf("cardway-data-scientist", dev, withBucket);

    const decisions = [
      decisionOf(policy, "sagemaker:CreateModelCardExportJob", card),
      decisionOf(policy, "s3:PutObject", "arn:aws:s3:::exported-cards/churn.pdf"),
      decisionOf(policy, "s3:PutObject", "arn:aws:s3:::other/churn.pdf"),
      decisionOf(policy, "s3:GetObject", "arn:aws:s3:::exported-cards/churn.pdf"),
    ];

    expect(decisions).toStrictEqual(["allowed", "allowed", "implicitDeny", "implicitDeny"]);
  });

  it("let SageMaker write an export, which comes from no VPC", () => {
    const personas = {
      vpcIds: ["vpc-1a"],
      vpcEndpointIds: ["vpce-2b"],
      principalTags: { team: "risk" },
      exportBuckets: ["exported-cards"],
    };
    const { policy } = roleOf("cardway-data-scientist", dev, settingsWith({ deployment: { personas } }));
    const put = (context: Record<string, string>) =>
      decisionOf(policy, "s3:PutObject", "arn:aws:s3:::exported-cards/churn.pdf", context);

    expect(put({ "aws:PrincipalTag/team": "risk" })).toBe("allowed");
    expect(put({ "aws:PrincipalTag/team": "other" })).toBe("implicitDeny");
  });

  it("let nobody but the writers ever change a card, whatever the settings and the call", () => {
    const writers = ["cardway-data-scientist", "cardway-ml-engineer"];
    const change = fc.constantFrom("CreateModelCard", "UpdateModelCard", "DeleteModelCard");
    const cardArn = fc
      .tuple(
        fc.constantFrom("us-east-1", "eu-west-1"),
        fc.constantFrom(owner, dev, prod),
        fc.stringMatching(/^[a-z]{1,9}$/),
      )
      .map(([region, account, name]) => `arn:aws:sagemaker:${region}:${account}:model-card/${name}`);
    const context = fc.constantFrom({}, fulfilling);

    fc.assert(
      fc.property(
        fc.constantFrom(settings, conditional),
        change,
        cardArn,
        context,
        (from, change, arn, context) => {
          for (const { roleName, policy } of personaRolesOf(from)) {
            const decision = decisionOf(policy, `sagemaker:${change}`, arn, context);
            const mayWrite = writers.includes(roleName) && change === "UpdateModelCard";
            if (!mayWrite)
              expect([roleName, decision]).toStrictEqual([
                roleName,
                writers.includes(roleName) ? "implicitDeny" : "explicitDeny",
              ]);
            else if (arn.split(":")[4] !== owner) expect(decision).toBe("implicitDeny");
          }
        },
      ),
    );
  });

  it("name every action that they are allowed", () => {
    const allowed = personaRolesOf(conditional).flatMap(({ policy }) =>
      policy.Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => [Action].flat()),
    );

    expect(allowed.filter((action) => !/^[a-z0-9]+:[A-Za-z]+$/.test(action))).toStrictEqual([]);
    expect(
      allowed.filter((action) => action.startsWith("iam:") && !/^iam:(Get|List)/.test(action)),
    ).toStrictEqual([]);
  });

  it("can be taken by whom the settings name, and else by whom their account lets", () => {
    const administrators = `arn:aws:iam::${owner}:role/administrators`;
    const named = settingsWith({
      deployment: { personas: { sessionsFrom: { operator: [administrators] } } },
    });

    const trusted = modelCardAccountPersonaRoles(deploymentOf(named, ""), named).map(
      ({ roleName, trust }) => [roleName, trust.Statement[0]?.Principal?.AWS],
    );

    expect(trusted).toStrictEqual([
      ["cardway-model-approver", [`arn:aws:iam::${owner}:root`]],
      ["cardway-operator", [administrators]],
      ["cardway-auditor", [`arn:aws:iam::${owner}:root`]],
    ]);
  });
});
