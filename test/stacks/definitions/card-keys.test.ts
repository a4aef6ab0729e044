import { describe, expect, it } from "vitest";
import settings from "../../../lifecycle.config.ts";
import { cardKeyPolicyStatements } from "../../../stacks/definitions/card-key-policy.ts";
import { deploymentOf } from "../../../stacks/definitions/deployment.ts";
import { functions } from "../../../stacks/definitions/functions.ts";
import { cardKey, dev, owner, prod, settingsWith, test } from "./example-settings.ts";

const encrypted = settingsWith({ deployment: { cardKeyArns: [cardKey] } });

describe("the keys of cards", () => {
  it("are used by the functions that read content or update a card, and by none without a key", () => {
    const usersOf = (action: string, from = encrypted) =>
      functions
        .filter((definition) =>
          definition
            .permissions(deploymentOf(from, ""))
            .some(({ Action }) => [Action].flat().includes(action)),
        )
        .map(({ functionName }) => functionName);

    expect(usersOf("kms:Decrypt")).toStrictEqual([
      "cardway-revert-update",
      "cardway-return-to-review",
      "cardway-request-approval",
      "cardway-remind-approvers",
      "cardway-apply-decision",
      "cardway-approval-page",
    ]);
    expect(usersOf("kms:GenerateDataKey")).toStrictEqual([
      "cardway-revert-update",
      "cardway-return-to-review",
      "cardway-apply-decision",
    ]);
    expect(usersOf("kms:Decrypt", settings)).toStrictEqual([]);
    expect(usersOf("kms:GenerateDataKey", settings)).toStrictEqual([]);
  });

  it("let readers decrypt, and writers encrypt too, by one statement each", () => {
    const role = (name: string, accountId: string) => `arn:aws:iam::${accountId}:role/cardway-${name}`;
    const forCards = {
      StringEquals: { "kms:ViaService": ["sagemaker.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com"] },
      StringLike: {
        "kms:EncryptionContext:aws:sagemaker:model-card-arn": `arn:aws:sagemaker:us-east-1:${owner}:model-card/*`,
      },
    };
    const roots = (...accounts: string[]) => ({
      AWS: accounts.map((account) => `arn:aws:iam::${account}:root`),
    });
    const readers = [
      role("request-approval", owner),
      role("remind-approvers", owner),
      role("approval-page", owner),
      role("model-approver", owner),
      role("card-reader", prod),
    ];
    const writers = [
      role("revert-update", owner),
      role("return-to-review", owner),
      role("apply-decision", owner),
      role("data-scientist", dev),
      role("ml-engineer", test),
    ];

    expect(cardKeyPolicyStatements(encrypted)).toStrictEqual([
      {
        Sid: "ReadModelCards",
        Effect: "Allow",
        Principal: roots(owner, prod),
        Action: ["kms:Decrypt"],
        Resource: "*",
        Condition: { ...forCards, ArnEquals: { "aws:PrincipalArn": readers } },
      },
      {
        Sid: "WriteModelCards",
        Effect: "Allow",
        Principal: roots(owner, dev, test),
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: "*",
        Condition: { ...forCards, ArnEquals: { "aws:PrincipalArn": writers } },
      },
    ]);
  });

  it("let in the roles that the settings name as writers", () => {
    const writer = `arn:aws:iam::${dev}:role/team/scientists`;
    const [lifecycle] = settings.lifecycles;
    const named = settingsWith({
      lifecycles: [
        {
          name: "default",
          stages: (lifecycle?.stages ?? []).map((stage) =>
            stage.name === "dev" ? { ...stage, writerRoleArns: [writer] } : stage,
          ),
        },
      ],
      deployment: { cardKeyArns: [cardKey] },
    });

    expect(cardKeyPolicyStatements(named)[1]?.Condition?.["ArnEquals"]?.["aws:PrincipalArn"]).toContain(
      writer,
    );
  });

  it("have no policy where the settings name none", () => {
    expect(() => cardKeyPolicyStatements(settings)).toThrow("The settings name no key of cards");
  });

  it.each([
    ["of another account", cardKey.replace(owner, dev)],
    ["of another Region", cardKey.replace("us-east-1", "eu-west-1")],
  ])("are refused where they are %s", (_case, arn) => {
    expect(() => settingsWith({ deployment: { cardKeyArns: [arn] } })).toThrow(
      `deployment.cardKeyArns[0]: "${arn}" is no key of the model card account ${owner} in us-east-1`,
    );
  });
});
