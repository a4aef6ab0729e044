import {
  AcceptResourceShareInvitationCommand,
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  type CreateResourceShareCommandInput,
  DeleteResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceShareAssociationsCommand,
  GetResourceShareInvitationsCommand,
  type GetResourceShareInvitationsCommandInput,
  GetResourceSharesCommand,
  ListPendingInvitationResourcesCommand,
  RejectResourceShareInvitationCommand,
} from "@aws-sdk/client-ram";
import { describe, expect, it } from "vitest";
import { roleOf, userOf } from "../sagemaker/callers.ts";
import { cardArn, dev, outsider, owner, startRam } from "./ram-in-process.ts";

const churn = cardArn("churn");
const twelveHoursMs = 12 * 3_600_000;

/** A share of `owner` to somebody outside of the organisation. */
async function startWithInvitation(
  settings: Parameters<typeof startRam>[0] = {},
  input: Partial<CreateResourceShareCommandInput> = {},
) {
  const started = startRam(settings);
  const { client, cards, ramOf, allows } = started;
  cards.add(churn);
  const { resourceShare } = await client.send(
    new CreateResourceShareCommand({
      name: "partner",
      resourceArns: [churn],
      principals: [outsider],
      ...input,
    }),
  );
  const resourceShareArn = resourceShare?.resourceShareArn ?? "";
  const receiver = ramOf(userOf(outsider));
  const invitations = async (filters: GetResourceShareInvitationsCommandInput = {}, by = receiver) =>
    (await by.send(new GetResourceShareInvitationsCommand(filters))).resourceShareInvitations ?? [];
  const invitationArn = async () => (await invitations()).at(-1)?.resourceShareInvitationArn ?? "";
  return {
    ...started,
    resourceShareArn,
    receiver,
    invitations,
    invitationArn,
    accept: (resourceShareInvitationArn: string, clientToken?: string, by = receiver) =>
      by.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn, clientToken })),
    reject: (resourceShareInvitationArn: string) =>
      receiver.send(new RejectResourceShareInvitationCommand({ resourceShareInvitationArn })),
    principalStatus: async () => {
      const answer = await client.send(
        new GetResourceShareAssociationsCommand({ associationType: "PRINCIPAL" }),
      );
      return answer.resourceShareAssociations?.map(({ status }) => status);
    },
    mayDescribe: () => allows(churn, "sagemaker:DescribeModelCard", userOf(outsider)),
  };
}

describe("an invitation", () => {
  it("is sent to a principal outside of the organisation only, and the principal waits", async () => {
    const { invitations, principalStatus, mayDescribe, context, resourceShareArn, ramOf } =
      await startWithInvitation({}, { principals: [owner, dev, outsider] });

    expect(await invitations()).toStrictEqual([
      {
        resourceShareInvitationArn: expect.stringMatching(
          /^arn:aws:ram:eu-west-1:111111111111:resource-share-invitation\/[0-9a-f-]{36}$/,
        ),
        resourceShareName: "partner",
        resourceShareArn,
        senderAccountId: owner,
        receiverAccountId: outsider,
        invitationTimestamp: context.clock.now(),
        status: "PENDING",
      },
    ]);
    expect(await invitations({}, ramOf(userOf(dev)))).toStrictEqual([]);
    expect(await principalStatus()).toStrictEqual(["ASSOCIATED", "ASSOCIATED", "ASSOCIATING"]);
    expect(mayDescribe()).toBe(false);
  });

  it("gives access once it is accepted", async () => {
    const { accept, invitationArn, principalStatus, mayDescribe, receiver } = await startWithInvitation();

    const { resourceShareInvitation } = await accept(await invitationArn());

    expect(resourceShareInvitation).toMatchObject({ status: "ACCEPTED" });
    expect(await principalStatus()).toStrictEqual(["ASSOCIATED"]);
    expect(mayDescribe()).toBe(true);
    const { resourceShares } = await receiver.send(
      new GetResourceSharesCommand({ resourceOwner: "OTHER-ACCOUNTS" }),
    );
    expect(resourceShares).toMatchObject([{ name: "partner", owningAccountId: owner }]);
  });

  it("takes its time after the acceptance, while the receiver does not know the share", async () => {
    const { accept, invitationArn, context, resourceShareArn, receiver } = await startWithInvitation({
      delayMs: 60_000,
    });
    const read = () =>
      receiver.send(
        new GetResourceSharesCommand({
          resourceOwner: "OTHER-ACCOUNTS",
          resourceShareArns: [resourceShareArn],
        }),
      );
    await accept(await invitationArn());

    await expect(read()).rejects.toMatchObject({ name: "UnknownResourceException" });

    await context.clock.advance(60_000);
    await expect(read()).resolves.toMatchObject({ resourceShares: [{ name: "partner" }] });
  });

  it("ends the association when it is rejected", async () => {
    const { reject, accept, invitationArn, principalStatus, mayDescribe } = await startWithInvitation();
    const arn = await invitationArn();

    const { resourceShareInvitation } = await reject(arn);

    expect(resourceShareInvitation).toMatchObject({ status: "REJECTED" });
    expect(await principalStatus()).toStrictEqual(["DISASSOCIATED"]);
    expect(mayDescribe()).toBe(false);
    await expect(accept(arn)).rejects.toMatchObject({
      name: "ResourceShareInvitationAlreadyRejectedException",
    });
  });

  it("expires after twelve hours, and associating again invites again", async () => {
    const {
      client,
      accept,
      invitations,
      invitationArn,
      principalStatus,
      context,
      resourceShareArn,
      mayDescribe,
    } = await startWithInvitation();
    const expired = await invitationArn();
    await context.clock.advance(twelveHoursMs - 1);
    expect(await principalStatus()).toStrictEqual(["ASSOCIATING"]);

    await context.clock.advance(1);

    expect(await principalStatus()).toStrictEqual(["DISASSOCIATED"]);
    await expect(accept(expired)).rejects.toMatchObject({ name: "ResourceShareInvitationExpiredException" });
    await client.send(new AssociateResourceShareCommand({ resourceShareArn, principals: [outsider] }));
    expect((await invitations()).map(({ status }) => status)).toStrictEqual(["EXPIRED", "PENDING"]);
    await accept(await invitationArn());
    expect(mayDescribe()).toBe(true);
  });

  it("is accepted once, unless the same token comes again", async () => {
    const { accept, reject, invitationArn } = await startWithInvitation();
    const arn = await invitationArn();
    await accept(arn, "token");

    await expect(accept(arn, "token")).resolves.toMatchObject({
      resourceShareInvitation: { status: "ACCEPTED" },
    });
    await expect(accept(arn)).rejects.toMatchObject({
      name: "ResourceShareInvitationAlreadyAcceptedException",
    });
    await expect(reject(arn)).rejects.toMatchObject({
      name: "ResourceShareInvitationAlreadyAcceptedException",
    });
  });

  it("needs no second acceptance for cards that are added later", async () => {
    const { client, cards, accept, invitationArn, invitations, allows, resourceShareArn } =
      await startWithInvitation();
    await accept(await invitationArn());
    cards.add(cardArn("fraud"));

    await client.send(
      new AssociateResourceShareCommand({ resourceShareArn, resourceArns: [cardArn("fraud")] }),
    );

    expect(allows(cardArn("fraud"), "sagemaker:DescribeModelCard", userOf(outsider))).toBe(true);
    expect(await invitations()).toHaveLength(1);
  });

  it("to a role goes to its account, and gives access to the role alone", async () => {
    const reader = roleOf(outsider, "reader");
    const { accept, invitations, invitationArn, mayDescribe, allows } = await startWithInvitation(
      {},
      { principals: [reader.principalArn] },
    );

    expect(await invitations()).toMatchObject([
      { receiverAccountId: outsider, receiverArn: reader.principalArn },
    ]);
    await accept(await invitationArn());

    expect(mayDescribe()).toBe(false);
    expect(allows(churn, "sagemaker:DescribeModelCard", reader)).toBe(true);
  });

  it("is withdrawn when the principal is disassociated or the share deleted", async () => {
    const { client, accept, invitationArn, invitations, principalStatus, resourceShareArn } =
      await startWithInvitation();
    const withdrawn = await invitationArn();

    await client.send(new DisassociateResourceShareCommand({ resourceShareArn, principals: [outsider] }));

    expect(await invitations()).toStrictEqual([]);
    expect(await principalStatus()).toStrictEqual(["DISASSOCIATED"]);
    await client.send(new AssociateResourceShareCommand({ resourceShareArn, principals: [outsider] }));
    await client.send(new DeleteResourceShareCommand({ resourceShareArn }));
    expect(await invitations()).toStrictEqual([]);
    await expect(accept(withdrawn)).rejects.toMatchObject({
      name: "ResourceShareInvitationArnNotFoundException",
    });
  });

  it("cannot be answered by anybody else", async () => {
    const { accept, invitationArn, ramOf } = await startWithInvitation();

    await expect(accept(await invitationArn(), undefined, ramOf(userOf(dev)))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
    await expect(accept(await invitationArn(), undefined, ramOf(userOf(owner)))).rejects.toMatchObject({
      name: "ResourceShareInvitationArnNotFoundException",
    });
    await expect(accept("invitation")).rejects.toMatchObject({ name: "MalformedArnException" });
  });

  it("is sent within the organisation too where sharing outlives a leave", async () => {
    const { invitations, ramOf } = await startWithInvitation(
      {},
      { principals: [dev], resourceShareConfiguration: { retainSharingOnAccountLeaveOrganization: true } },
    );

    expect(await invitations({}, ramOf(userOf(dev)))).toMatchObject([{ status: "PENDING" }]);
  });

  it("is sent 250 times at most before one is answered", async () => {
    const { client } = startRam();
    const accounts = Array.from({ length: 251 }, (_, index) => String(900_000_000_000 + index));
    const share = (principals: string[]) =>
      client.send(new CreateResourceShareCommand({ name: "partners", principals }));
    await share(accounts.slice(0, 250));

    await expect(share(accounts.slice(250))).rejects.toMatchObject({
      name: "ResourceShareLimitExceededException",
    });
  });
});

describe("GetResourceShareInvitations", () => {
  it("filters by invitation and share, and forgets answered ones after two hours", async () => {
    const { accept, invitations, invitationArn, context, resourceShareArn } = await startWithInvitation();
    const arn = await invitationArn();
    const other = `arn:aws:ram:eu-west-1:${owner}:resource-share/other`;

    expect(await invitations({ resourceShareArns: [resourceShareArn] })).toHaveLength(1);
    expect(await invitations({ resourceShareArns: [other] })).toHaveLength(0);
    expect(await invitations({ resourceShareInvitationArns: [arn] })).toHaveLength(1);
    await expect(
      invitations({ resourceShareInvitationArns: [arn.replace(/[^/]+$/, "none")] }),
    ).rejects.toMatchObject({ name: "ResourceShareInvitationArnNotFoundException" });
    await expect(invitations({ maxResults: 501 })).rejects.toMatchObject({
      name: "InvalidMaxResultsException",
    });
    await accept(arn);
    await context.clock.advance(2 * 3_600_000);
    expect(await invitations()).toStrictEqual([]);
  });
});

describe("ListPendingInvitationResources", () => {
  it("shows what a pending invitation would give", async () => {
    const { accept, invitationArn, receiver } = await startWithInvitation();
    const resourceShareInvitationArn = await invitationArn();
    const list = () =>
      receiver.send(new ListPendingInvitationResourcesCommand({ resourceShareInvitationArn }));

    expect((await list()).resources).toMatchObject([
      { arn: churn, type: "sagemaker:ModelCard", status: "AVAILABLE" },
    ]);

    await accept(resourceShareInvitationArn);
    await expect(list()).rejects.toMatchObject({ name: "ResourceShareInvitationAlreadyAcceptedException" });
  });
});
