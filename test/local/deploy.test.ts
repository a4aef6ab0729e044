import { ListRolesCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { accounts, createTestCloud } from "../workflow/test-cloud.ts";
import { settingsWith } from "../stacks/definitions/example-settings.ts";

describe("Cardway on one machine", () => {
  it("has every account's roles, without the networks, tags, keys and people that only AWS has", async () => {
    const key = `arn:aws:kms:us-east-1:${accounts.owner}:key/1234abcd`;
    const administrators = `arn:aws:iam::${accounts.prod}:role/administrators`;
    const personas = { vpcIds: ["vpc-1"], sessionsFrom: { "prod-reader": [administrators] } };
    const test = createTestCloud({
      settings: settingsWith({ deployment: { cardKeyArns: [key], personas } }),
    });

    const { Roles = [] } = await test.iam(accounts.prod).send(new ListRolesCommand({}));
    expect(Roles.map(({ RoleName }) => RoleName)).toStrictEqual([
      "cardway-access-verifier",
      "cardway-auditor",
      "cardway-card-reader",
      "cardway-invitation-accepter",
    ]);
    const owned = await test.iam(accounts.owner).send(new ListRolesCommand({}));
    const names = (owned.Roles ?? []).map(({ RoleName }) => RoleName);
    expect(names).toStrictEqual(
      expect.arrayContaining(["cardway-auditor", "cardway-model-approver", "cardway-operator"]),
    );
    await expect(test.reader(accounts.prod)).resolves.toBeDefined();
  });
});
