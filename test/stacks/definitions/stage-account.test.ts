import { describe, expect, it } from "vitest";
import settings from "../../../lifecycle.config.ts";
import { deploymentOf } from "../../../stacks/definitions/deployment.ts";
import { modelCardAccountRoles } from "../../../stacks/definitions/roles.ts";
import { stageAccountRoles } from "../../../stacks/definitions/stage-account.ts";
import {
  conditional,
  decisionOf,
  dev,
  fulfilling,
  card,
  cardKey,
  owner,
  prod,
  settingsWith,
  test,
} from "./example-settings.ts";

const outside = settingsWith({ shareOutsideOrganization: true });
const namesIn = (accountId: string) => stageAccountRoles(accountId, settings).map(({ roleName }) => roleName);

describe("the roles of a stage account", () => {
  it("are those of its people, and of Cardway where it has something to do there", () => {
    expect(namesIn(dev)).toStrictEqual([
      "cardway-data-scientist",
      "cardway-auditor",
      "cardway-invitation-accepter",
    ]);
    expect(namesIn(test)).toStrictEqual([
      "cardway-ml-engineer",
      "cardway-auditor",
      "cardway-invitation-accepter",
    ]);
    expect(namesIn(prod)).toStrictEqual([
      "cardway-card-reader",
      "cardway-auditor",
      "cardway-access-verifier",
      "cardway-invitation-accepter",
    ]);
    expect(namesIn("999999999999")).toStrictEqual([]);
  });

  it("accept invitations only for whom the settings let Cardway ask them", () => {
    const mayAsk = (from: typeof settings) =>
      JSON.stringify(modelCardAccountRoles(deploymentOf(from, ""))).includes("cardway-invitation-accepter");

    expect([mayAsk(settings), mayAsk(outside)]).toStrictEqual([false, true]);
  });

  it("let only the functions that need it in, by their external id", () => {
    const trust = (roleName: string) =>
      stageAccountRoles(prod, outside).find((role) => role.roleName === roleName)?.trust.Statement;
    const externalId = { StringEquals: { "sts:ExternalId": `cardway-${owner}` } };
    const confirm = `arn:aws:iam::${owner}:role/cardway-confirm-access`;
    const grant = `arn:aws:iam::${owner}:role/cardway-grant-access`;
    const sweep = `arn:aws:iam::${owner}:role/cardway-sweep`;
    const expected = (AWS: string[]) => [
      { Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole", Condition: externalId },
    ];

    expect(trust("cardway-access-verifier")).toStrictEqual(expected([grant, confirm, sweep]));
    expect(trust("cardway-invitation-accepter")).toStrictEqual(expected([confirm]));
  });

  it("accept invitations to Cardway's own shares alone", () => {
    const accepter = stageAccountRoles(dev, outside).find(
      ({ roleName }) => roleName === "cardway-invitation-accepter",
    );
    if (accepter === undefined) throw new TypeError("there is no accepter");
    const invitation = `arn:aws:ram:us-east-1:${owner}:resource-share-invitation/one`;
    const accept = (context: Record<string, string>) =>
      decisionOf(accepter.policy, "ram:AcceptResourceShareInvitation", invitation, context);

    const own = {
      "ram:ShareOwnerAccountId": owner,
      "ram:ResourceShareName": "cardway-default-dev-read-write",
    };
    expect(accept(own)).toBe("allowed");
    expect(accept({ "ram:ShareOwnerAccountId": owner })).toBe("allowed");
    expect(accept({ ...own, "ram:ResourceShareName": "their-share" })).toBe("implicitDeny");
    expect(accept({ ...own, "ram:ShareOwnerAccountId": "999999999999" })).toBe("implicitDeny");
    expect(accept({})).toBe("implicitDeny");
    expect(decisionOf(accepter.policy, "ram:RejectResourceShareInvitation", invitation, own)).toBe(
      "implicitDeny",
    );
  });

  it("keep the reader as it is by a boundary that allows no more than its policy", () => {
    const readers = [settings, conditional].flatMap((from) =>
      stageAccountRoles(prod, from).filter(({ roleName }) => roleName === "cardway-card-reader"),
    );

    for (const { policy, permissionsBoundary } of readers) {
      expect(permissionsBoundary).toStrictEqual(policy);
      expect(decisionOf(policy, "sagemaker:UpdateModelCard", card, fulfilling)).toBe("explicitDeny");
    }
    expect(
      readers.map(({ policy }) => decisionOf(policy, "kms:GenerateDataKey", cardKey, fulfilling)),
    ).toStrictEqual(["implicitDeny", "explicitDeny"]);
  });

  it("fit into the sizes that IAM allows", () => {
    for (const { policy, permissionsBoundary, trust, roleName } of [dev, test, prod].flatMap((accountId) =>
      stageAccountRoles(accountId, conditional),
    )) {
      expect(JSON.stringify(policy).length).toBeLessThanOrEqual(10_240);
      expect(JSON.stringify(permissionsBoundary ?? {}).length).toBeLessThanOrEqual(6_144);
      expect(JSON.stringify(trust).length).toBeLessThanOrEqual(2_048);
      expect(roleName.length).toBeLessThanOrEqual(64);
    }
  });
});
