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
  GetResourceShareInvitationsCommand,
} from "@aws-sdk/client-ram";
import { DescribeModelCardCommand, UpdateModelCardCommand } from "@aws-sdk/client-sagemaker";
import { RedriveExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { invitationAccepterRoleName } from "../../functions/lifecycle/invitation-accepter-role.ts";
import { defineSettings } from "../../functions/lifecycle/settings.ts";
import { accounts, createTestCloud, eitherDecides } from "./test-cloud.ts";

type TestCloud = ReturnType<typeof createTestCloud>;

const { policyVersion: _derived, ...settingsInput } = eitherDecides;
const outside = defineSettings({ ...settingsInput, shareOutsideOrganization: true });

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

/** The execution that gave up after the hour that RAM is waited for, and its cause. */
async function failure(test: TestCloud): Promise<{ executionArn: string; cause: string }> {
  for (let minute = 0; minute < 120; minute += 1) {
    const failed = (await test.executions()).find(({ status }) => status === "FAILED");
    if (failed?.executionArn !== undefined) {
      const { executionArn } = failed;
      return { executionArn, cause: (await test.execution(executionArn)).cause ?? "" };
    }
    await test.pass(1 / 60);
  }
  throw new Error("No execution failed");
}

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
    const { executionArn, cause } = await failure(test);

    expect(cause).toContain("InvitationPendingError");
    expect(cause).toContain(
      `account ${accounts.dev} of default/dev/${accounts.dev}/read-write lies outside the organisation and has not accepted its invitation`,
    );
    expect(cause).toContain(`Deploy ${invitationAccepterRoleName} there, or accept it there in AWS RAM`);
    expect(await statusesOf(test, accounts.dev)).toStrictEqual(["PENDING"]);
    expect(await statusesOf(test, accounts.test)).toStrictEqual(["ACCEPTED"]);

    await bringBack();
    await test.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
    await test.until("access of dev", async () =>
      (await test.story(modelCardArn)).includes("AccessGranted dev"),
    );
  });

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

  it("is invited anew by a redrive, when an invitation has ended after 12 hours", async () => {
    const test = cloudOutside();
    const bringBack = await withoutAccepter(test.iam(accounts.dev));
    const modelCardArn = await test.createCard("churn");
    const { executionArn } = await failure(test);
    await test.pass(13);
    // A sweep may have invited it again by now.
    expect(await statusesOf(test, accounts.dev)).toContain("EXPIRED");

    await bringBack();
    await test.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
    await test.until("access of dev", async () =>
      (await test.story(modelCardArn)).includes("AccessGranted dev"),
    );

    expect(await statusesOf(test, accounts.dev)).toContain("ACCEPTED");
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
