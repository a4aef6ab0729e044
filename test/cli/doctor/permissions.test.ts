import { describe, expect, it } from "vitest";
import { createClients } from "../../../cli/doctor/clients.ts";
import { type PermissionFacts, judgePermissions, readPermissions } from "../../../cli/doctor/permissions.ts";
import { accounts } from "../../workflow/test-cloud.ts";
import { createDoctorWorld } from "./doctor-world.ts";

const access = { region: "eu-west-1" };
const permission = {
  name: "Cards",
  arn: "arn:aws:ram::aws:permission/Cards",
  isDefault: true,
  status: "ATTACHABLE",
};
const seen = ["sagemaker:DescribeModelCard", "sagemaker:ListModelCardVersions", "sagemaker:UpdateModelCard"];

describe("readPermissions", () => {
  it("finds which permission is the default, and what it allows", async () => {
    const { accessOf } = createDoctorWorld();

    const facts = await readPermissions(createClients(accessOf(accounts.owner)));

    expect(facts).toMatchObject({
      permissions: { seen: [{ isDefault: true, status: "ATTACHABLE" }, { isDefault: false }] },
      defaultActions: { seen: expect.arrayContaining(seen) },
    });
  });

  it.each(["Allow", "{}"])("does not guess at a permission that reads %s", async (text) => {
    const { accessOf } = createDoctorWorld({
      "POST /getpermission": { permission: { permission: text } },
    });

    const facts = await readPermissions(createClients(accessOf(accounts.owner)));

    expect(facts.defaultActions).toStrictEqual({ seen: "not understood" });
    expect(judgePermissions(facts, access)).toMatchObject({ status: "cannot tell" });
  });
});

describe("judgePermissions", () => {
  it.each<[string, PermissionFacts, string]>([
    ["as it should be", { permissions: { seen: [permission] }, defaultActions: { seen } }, "ok"],
    ["none", { permissions: { seen: [] } }, "to do"],
    ["no default", { permissions: { seen: [{ ...permission, isDefault: false }] } }, "to do"],
    [
      "a default that cannot be attached",
      { permissions: { seen: [{ ...permission, status: "DELETING" }] }, defaultActions: { seen } },
      "to do",
    ],
    [
      "a default that does not allow the update",
      { permissions: { seen: [permission] }, defaultActions: { seen: seen.slice(0, 2) } },
      "to do",
    ],
  ])("takes %s for what it is", (_what, facts, status) => {
    expect(judgePermissions(facts, access)).toMatchObject({ status });
  });
});
