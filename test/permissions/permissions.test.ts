import { describe, expect, it } from "vitest";
import { defineSettings } from "../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { asList } from "../../local/identity/policy-evaluation.ts";
import type { Role } from "../../local/identity/roles.ts";
import { createTestCloud } from "../workflow/test-cloud.ts";
import { permissionFaults } from "./permission-faults.ts";
import { readRoleCalls, roleNameOf } from "./role-calls.ts";

const { policyVersion: _derived, ...input } = lifecycleSettings;
const roles: Role[] = [];
createTestCloud({
  // With every role that settings can ask for.
  settings: defineSettings({ ...input, shareOutsideOrganization: true }),
  consoleUrl: () => "http://console.test",
  roleWatcher: { defined: (role) => roles.push(role), asked: () => undefined },
});

/** A role that a whole account may take is there for people, who call what Cardway does not. */
const isForPeople = ({ trust }: Role): boolean =>
  trust.Statement.some(({ Principal }) => asList(Principal?.AWS ?? []).some((arn) => arn.endsWith(":root")));
const ownRoles = roles
  .filter((role) => !isForPeople(role))
  .map((role) => ({
    ...role,
    roleName: roleNameOf(role.roleArn),
    accountId: role.roleArn.split(":")[4],
  }));

const recorded = readRoleCalls();

describe.skipIf(recorded === undefined)("after a run of all tests, which this needs,", () => {
  const calls = recorded ?? [];

  it.each(ownRoles)("$roleName of $accountId is allowed exactly what it calls", (role) => {
    expect(permissionFaults(role, calls)).toStrictEqual([]);
  });

  it("every role that calls is one of those", () => {
    const known = new Set(roles.map(({ roleArn }) => roleNameOf(roleArn)));

    expect(calls.map(({ roleName }) => roleName).filter((name) => !known.has(name))).toStrictEqual([]);
  });
});
