import { describe, expect, it } from "vitest";
import * as z from "zod";
import settings from "../../../lifecycle.config.ts";
import { stageAccountRoles } from "../../../stacks/definitions/stage-account.ts";
import { Graph } from "./graph.ts";

const text = z.string();
const json = text.transform((value): unknown => JSON.parse(value));
const RoleSchema = z.object({
  name: text,
  assumeRolePolicy: json,
  permissionsBoundary: text.optional(),
  tags: z.record(text, text).optional(),
});
const PolicySchema = z.object({ name: text, policy: json });

const stages = settings.lifecycles.flatMap(({ stages }) => stages);

describe.each(stages)("the account of $name", ({ name, accountId }) => {
  it("gets exactly the roles of its definition, and nothing but them", { timeout: 300_000 }, async () => {
    const graph = await Graph.of(`${name}-account`);

    const policies = new Map(
      graph
        .all("iam/rolePolicy:RolePolicy", PolicySchema.extend({ role: text }))
        .map(({ role, policy }) => [role, policy]),
    );
    const boundaries = new Map(
      graph
        .all("iam/policy:Policy", PolicySchema)
        .map(({ name, policy }) => [`arn:aws:iam::${accountId}:policy/${name}`, policy]),
    );
    const deployed = graph.all("iam/role:Role", RoleSchema).map(({ permissionsBoundary, ...role }) => ({
      roleName: role.name,
      accountId,
      trust: role.assumeRolePolicy,
      policy: policies.get(role.name),
      tags: role.tags,
      ...(permissionsBoundary !== undefined && { permissionsBoundary: boundaries.get(permissionsBoundary) }),
    }));
    const byName = (left: { roleName: string }, right: { roleName: string }) =>
      left.roleName.localeCompare(right.roleName);
    expect(deployed.sort(byName)).toStrictEqual(stageAccountRoles(accountId, settings).sort(byName));
    expect(graph.resources.find(({ type }) => type === "pulumi:providers:aws")?.inputs).toMatchObject({
      allowedAccountIds: [accountId],
    });
    await expect(`${graph.list()}\n`).toMatchFileSnapshot(`${name}-account.txt`);
  });
});
