import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  AcceptResourceShareInvitationCommand,
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceShareInvitationsCommand,
  RejectResourceShareInvitationCommand,
} from "@aws-sdk/client-ram";
import { DescribeModelCardCommand, UpdateModelCardCommand } from "@aws-sdk/client-sagemaker";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { invitationAccepterRoleName } from "../../functions/lifecycle/invitation-accepter-role.ts";
import { defineSettings } from "../../functions/lifecycle/settings.ts";
import type { AccessWait } from "../../functions/records/access-wait.ts";
import { readCardDetail } from "../../queries/card.ts";
import { explainCard } from "../../queries/explain.ts";
import { createQuerySources } from "../../queries/sources.ts";
import {
  type TestCloud,
  accounts,
  createTestCloud,
  eitherDecides,
  promotionArn,
  region,
} from "./test-cloud.ts";

const { policyVersion: _derived, ...settingsInput } = eitherDecides;
// Sweeps, which would look at the cards too, are kept out.
const outsideInput = {
  ...settingsInput,
  shareOutsideOrganization: true,
  deployment: { ...settingsInput.deployment, sweepEveryHours: 84 },
};
const outside = defineSettings(outsideInput);

/** A system whose stages lie outside the organisation of the model card account. */
const cloudOutside = (options: Parameters<typeof createTestCloud>[0] = {}) =>
  createTestCloud({ settings: outside, organizationAccountIds: [accounts.owner], ...options });

async function invitations(test: TestCloud, accountId: string) {
  const { resourceShareInvitations } = await test
    .ram(accountId)
    .send(new GetResourceShareInvitationsCommand({}));
  return resourceShareInvitations ?? [];
}

const statusesOf = async (test: TestCloud, accountId: string) =>
  (await invitations(test, accountId)).map(({ status }) => status);

/** What dev waits for, once the promotion has gone on without it. */
async function waitOfDev(test: TestCloud, modelCardArn: string): Promise<AccessWait> {
  return test.until("the wait of dev", async () => {
    const { claim, waiting } = await test.records.readCard(modelCardArn);
    return claim === undefined
      ? Object.values(waiting).find(({ audience }) => audience.stage === "dev")
      : undefined;
  });
}

async function look(test: TestCloud, modelCardArn: string): Promise<void> {
  const input = JSON.stringify({ modelCardArn, reason: "a test" });
  await test.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: promotionArn, input }));
}

/** Who is asked for approval does not wait for dev, and neither does the stage beside it. */
const storyWithoutDev = [
  "AccessGranted test",
  "AccessWaiting dev",
  "ApprovalRequested",
  "PromotionCompleted AccessWaiting",
];

/** Takes the accepter away; what it returns brings it back. */
async function withoutAccepter(iam: IAMClient): Promise<() => Promise<void>> {
  const name = { RoleName: invitationAccepterRoleName };
  const policyName = { ...name, PolicyName: invitationAccepterRoleName };
  const { Role } = await iam.send(new GetRoleCommand(name));
  const { PolicyDocument } = await iam.send(new GetRolePolicyCommand(policyName));
  await iam.send(new DeleteRolePolicyCommand(policyName));
  await iam.send(new DeleteRoleCommand(name));
  return async () => {
    const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
    await iam.send(new CreateRoleCommand({ ...name, AssumeRolePolicyDocument: trust }));
    const document = decodeURIComponent(PolicyDocument ?? "");
    await iam.send(new PutRolePolicyCommand({ ...policyName, PolicyDocument: document }));
  };
}

describe("a stage account outside the organisation", () => {
  it("gets a card by an invitation that Cardway accepts for it, reader and writers alike", async () => {
    const test = cloudOutside({ associationDelayMs: () => 30_000 });

    const modelCardArn = await test.createCard("churn", "Approved");
    await test.until("access of prod", async () =>
      (await test.story(modelCardArn)).includes("AccessGranted prod"),
    );

    for (const accountId of [accounts.dev, accounts.test, accounts.prod]) {
      expect(await statusesOf(test, accountId)).toStrictEqual(["ACCEPTED"]);
    }
    const describe = new DescribeModelCardCommand({ ModelCardName: modelCardArn });
    expect(await test.sageMaker(accounts.dev).send(describe)).toMatchObject({ ModelCardStatus: "Approved" });
    const reader = await test.reader(accounts.prod);
    expect(await reader.send(describe)).toMatchObject({ ModelCardStatus: "Approved" });
  });

  it("is not let in by its invitation where its reader role could update by now", async () => {
    let isWidened = false;
    const test = cloudOutside({
      async beforeCall(folder) {
        if (folder !== "confirm-access" || isWidened) return;
        isWidened = true;
        await test.widenReader(accounts.prod);
      },
    });
    const modelCardArn = await test.createCard("churn", "Approved");
    await test.until("the failure", async () => (await test.story(modelCardArn)).includes("PromotionFailed"));

    expect(await statusesOf(test, accounts.prod)).not.toContain("ACCEPTED");
    expect(await statusesOf(test, accounts.dev)).toStrictEqual(["ACCEPTED"]);
    expect(await test.story(modelCardArn)).toContain("ReadOnlyBroken prod");
  });

  it("keeps invitations that are not Cardway's for itself", async () => {
    const test = cloudOutside();
    const byHand = { principals: [accounts.dev], allowExternalPrincipals: true };
    await test.ram(accounts.owner).send(new CreateResourceShareCommand({ name: "by-hand", ...byHand }));
    await test
      .ram(accounts.stranger)
      .send(new CreateResourceShareCommand({ name: "cardway-default-dev-read-write", ...byHand }));

    const modelCardArn = await test.createCard("churn");
    await test.until("access of dev", async () =>
      (await test.story(modelCardArn)).includes("AccessGranted dev"),
    );

    const open = (await invitations(test, accounts.dev)).filter(({ status }) => status === "PENDING");
    expect(
      open.map(({ resourceShareName, senderAccountId }) => [resourceShareName, senderAccountId]),
    ).toStrictEqual([
      ["by-hand", accounts.owner],
      ["cardway-default-dev-read-write", accounts.stranger],
    ]);
  });

  it("accepts what its neighbour has no accepter for, and says what to do there", async () => {
    const test = cloudOutside();
    const bringBack = await withoutAccepter(test.iam(accounts.dev));

    const modelCardArn = await test.createCard("churn", "PendingReview");
    const { state, message, invitations } = await waitOfDev(test, modelCardArn);

    expect({ state, invitations }).toStrictEqual({ state: "InvitationPending", invitations: 1 });
    expect(message).toContain(
      `account ${accounts.dev} of default/dev/${accounts.dev}/read-write lies outside the organisation and has not accepted its invitation`,
    );
    expect(message).toContain(`Deploy ${invitationAccepterRoleName} there, or accept it there in AWS RAM`);
    const sources = createQuerySources(test.cloud.administratorRuntime(region), region);
    const detail = await readCardDetail(modelCardArn, sources);
    expect(detail && explainCard(detail, outside).next).toStrictEqual([
      "see whether read-write of dev still waits (InvitationPending)",
    ]);
    expect(await test.story(modelCardArn)).toStrictEqual(storyWithoutDev);
    expect(await statusesOf(test, accounts.dev)).toStrictEqual(["PENDING"]);
    expect(await statusesOf(test, accounts.test)).toStrictEqual(["ACCEPTED"]);

    await bringBack();
    await look(test, modelCardArn);
    await test.until("access of dev", async () =>
      (await test.story(modelCardArn)).includes("AccessGranted dev"),
    );
    expect((await test.records.readCard(modelCardArn)).waiting).toStrictEqual({});
  });

  it.each(["ram:GetResourceShareInvitations", "ram:AcceptResourceShareInvitation"])(
    "waits for its invitation where its accepter may not call %s, and keeps nobody else waiting",
    async (action) => {
      const test = cloudOutside();
      await test.iam(accounts.dev).send(
        new PutRolePolicyCommand({
          RoleName: invitationAccepterRoleName,
          PolicyName: "denied",
          PolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Deny", Action: action, Resource: "*" }],
          }),
        }),
      );

      const modelCardArn = await test.createCard("churn", "PendingReview");
      const { state, message } = await waitOfDev(test, modelCardArn);

      expect(state).toBe("InvitationPending");
      expect(message).toContain(`Deploy ${invitationAccepterRoleName} there, or accept it there in AWS RAM`);
      expect(await test.story(modelCardArn)).toStrictEqual(storyWithoutDev);
    },
  );

  it("waits for a person of that account, who accepts without the role", async () => {
    const test = cloudOutside();
    await withoutAccepter(test.iam(accounts.dev));
    const modelCardArn = await test.createCard("churn");
    const [invitation] = await test.until("the invitation", async () => {
      const open = await invitations(test, accounts.dev);
      return open.length > 0 ? open : undefined;
    });

    await test.ram(accounts.dev).send(
      new AcceptResourceShareInvitationCommand({
        resourceShareInvitationArn: invitation?.resourceShareInvitationArn,
      }),
    );
    await test.until("access of dev", async () =>
      (await test.story(modelCardArn)).includes("AccessGranted dev"),
    );

    expect(await test.story(modelCardArn)).toStrictEqual([
      "AccessGranted dev",
      "PromotionCompleted AccessSettled",
    ]);
  });

  it.each(["/getresourceshareinvitations", "/acceptresourceshareinvitation"])(
    "is never let in by an invitation that somebody else made Cardway's share send (at %s)",
    async (place) => {
      let readBeforehand = 0;
      const meddled: Promise<unknown>[] = [];
      const wrote: unknown[] = [];
      const prod = { resourceShareArn: "", modelCardArn: "" };
      const test = cloudOutside({
        async beforeCall(folder, operation) {
          if (folder !== "confirm-access") return;
          prod.resourceShareArn = await test.shareOf("cardway-default-prod-read-only");
          if (operation === place && (readBeforehand += 1) === 3) {
            const whole = { resourceShareArn: prod.resourceShareArn, principals: [accounts.prod] };
            meddled.push(test.ram(accounts.owner).send(new AssociateResourceShareCommand(whole)));
          }
          const update = { ModelCardName: prod.modelCardArn, Content: "{}" };
          await test
            .sageMaker(accounts.prod)
            .send(new UpdateModelCardCommand(update))
            .then(
              (answer) => wrote.push(answer),
              () => undefined,
            );
        },
      });

      prod.modelCardArn = await test.createCard("churn", "Approved");
      await test.until("access of prod", async () =>
        (await test.story(prod.modelCardArn)).includes("AccessGranted prod"),
      );

      expect(await Promise.all(meddled)).toHaveLength(1);
      expect(wrote).toStrictEqual([]);
      expect(await test.story(prod.modelCardArn)).toContain("ReadOnlyBroken prod");
      expect((await test.executions()).map(({ status }) => status)).not.toContain("FAILED");
    },
  );

  it("is one inside too where RAM's sharing within the organisation is off, and its invitation is accepted", async () => {
    const test = createTestCloud({ settings: outside, ramBehaviour: { invitesInside: true } });

    const modelCardArn = await test.createCard("churn");
    await test.until("access of dev", async () =>
      (await test.story(modelCardArn)).includes("AccessGranted dev"),
    );

    expect(await statusesOf(test, accounts.dev)).toStrictEqual(["ACCEPTED"]);
  });

  it("is invited anew by the next look when an invitation has ended after 12 hours, counted and told once", async () => {
    const test = cloudOutside();
    const bringBack = await withoutAccepter(test.iam(accounts.dev));
    const modelCardArn = await test.createCard("churn");
    await waitOfDev(test, modelCardArn);
    const told = async () =>
      (await test.records.effectsOf(modelCardArn))
        .filter(({ detailType }) => detailType === "AccessWaiting")
        .map(({ detail }) => [detail["state"], detail["invitations"]]);

    await look(test, modelCardArn);
    await test.pass(1);
    expect(await told()).toStrictEqual([["InvitationPending", 1]]);
    await test.pass(12);
    expect(await statusesOf(test, accounts.dev)).not.toContain("PENDING");

    await look(test, modelCardArn);
    await test.pass(1);
    expect(await statusesOf(test, accounts.dev)).toContain("PENDING");
    const { state, invitations } = await waitOfDev(test, modelCardArn);
    expect({ state, invitations }).toStrictEqual({ state: "InvitationPending", invitations: 2 });
    expect(await told()).toStrictEqual([
      ["InvitationPending", 1],
      ["InvitationPending", 2],
    ]);

    await bringBack();
    await look(test, modelCardArn);
    await test.until("access of dev", async () =>
      (await test.story(modelCardArn)).includes("AccessGranted dev"),
    );
    expect(await statusesOf(test, accounts.dev)).toContain("ACCEPTED");
  });

  it("is told that its invitation has ended when a person there rejects it, and invited once more by the next look", async () => {
    const test = cloudOutside();
    await withoutAccepter(test.iam(accounts.dev));
    const modelCardArn = await test.createCard("churn");
    await waitOfDev(test, modelCardArn);
    const [invitation] = await invitations(test, accounts.dev);

    await look(test, modelCardArn);
    await test.until("the look", async () => {
      const { claim } = await test.records.readCard(modelCardArn);
      return claim !== undefined;
    });
    const { resourceShareInvitationArn } = invitation ?? {};
    await test
      .ram(accounts.dev)
      .send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn }));
    expect((await waitOfDev(test, modelCardArn)).state).toBe("InvitationExpired");

    await look(test, modelCardArn);
    await test.pass(1);
    const { state, invitations: count } = await waitOfDev(test, modelCardArn);
    expect({ state, count }).toStrictEqual({ state: "InvitationPending", count: 2 });
  });

  it("is invited to a share from the time when it was inside, and is not once the settings keep cards inside again", async () => {
    const organizationAccountIds = Object.values(accounts);
    const test = cloudOutside({ organizationAccountIds });
    const inside = defineSettings({ ...outsideInput, shareOutsideOrganization: false });
    test.deploy(inside);
    const modelCardArn = await test.createCard("churn");
    await test.until("access of dev", async () =>
      (await test.story(modelCardArn)).includes("AccessGranted dev"),
    );
    const leave = async () => {
      const resourceShareArn = await test.shareOf("cardway-default-dev-read-write");
      const out = { resourceShareArn, principals: [accounts.dev] };
      await test.ram(accounts.owner).send(new DisassociateResourceShareCommand(out));
      await look(test, modelCardArn);
      await test.pass(1);
      return Object.values((await test.records.readCard(modelCardArn)).waiting).map(({ state }) => state);
    };
    organizationAccountIds.splice(organizationAccountIds.indexOf(accounts.dev), 1);

    expect(await leave()).toStrictEqual(["OutsideOrganizationRefused"]);
    test.deploy(outside);
    await look(test, modelCardArn);
    await test.pass(1);
    expect((await test.records.readCard(modelCardArn)).waiting).toStrictEqual({});
    expect(await statusesOf(test, accounts.dev)).toStrictEqual(["ACCEPTED"]);
    test.deploy(inside);
    expect(await leave()).toStrictEqual(["OutsideOrganizationRefused"]);
  });

  it("is not spoken for where the settings keep cards inside the organisation", async () => {
    const test = createTestCloud();

    const name = "cardway-confirm-access";
    const { PolicyDocument = "" } = await test
      .iam(accounts.owner)
      .send(new GetRolePolicyCommand({ RoleName: name, PolicyName: name }));
    expect(decodeURIComponent(PolicyDocument)).not.toContain(invitationAccepterRoleName);
  });
});
