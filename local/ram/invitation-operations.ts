import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import { type ConditionValues, operation } from "../wire/operation.ts";
import type { Route } from "../wire/rest-json.ts";
import type { AssociationChanges, AssociationDependencies } from "./association-changes.ts";
import { IdempotentCalls } from "./idempotent-calls.ts";
import { malformedArn } from "./ram-error.ts";
import { ArnListSchema, ClientTokenSchema, listPage, paging } from "./request-schemas.ts";
import type { Invitation } from "./resource-share.ts";
import { describeInvitation, describeResource } from "./resource-share-view.ts";
import { checkShareArn } from "./share-access.ts";

const AnswerRequestSchema = z.strictObject({
  resourceShareInvitationArn: z.string(),
  clientToken: ClientTokenSchema,
});

/**
 * `GetResourceShareInvitations`, `AcceptResourceShareInvitation`, `RejectResourceShareInvitation` and
 * `ListPendingInvitationResources`: what an account does that is invited.
 *
 * @see https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
 */
export function invitationRoutes(
  { context, store }: AssociationDependencies,
  changes: AssociationChanges,
): Route[] {
  /** @throws {AwsError} `ResourceShareInvitationArnNotFoundException` also for an invitation to somebody else. */
  function receivedInvitation(invitationArn: string, { caller, region }: Call): Invitation {
    checkInvitationArn(invitationArn);
    const invitation = store.findInvitation(invitationArn);
    if (invitation?.receiverAccountId !== caller.accountId || invitation.region !== region) {
      throw new AwsError(
        "ResourceShareInvitationArnNotFoundException",
        `The invitation ${invitationArn} could not be found.`,
      );
    }
    return invitation;
  }

  function pendingInvitation(invitationArn: string, call: Call): Invitation {
    const invitation = receivedInvitation(invitationArn, call);
    if (invitation.status === "PENDING") return invitation;
    const { code, text } = notPending[invitation.status];
    throw new AwsError(code, `The invitation ${invitationArn} ${text}.`);
  }

  function answerRoute(path: string, action: string, status: "ACCEPTED" | "REJECTED"): Route {
    const answers = new IdempotentCalls<string>(context, path);
    return {
      method: "POST",
      path,
      operation: operation({
        input: AnswerRequestSchema,
        action,
        resource: ({ resourceShareInvitationArn }) => resourceShareInvitationArn,
        context: (_input, invitationArn) => conditionsOf(invitationArn),
        run: (input, call) => {
          const arn = answers.once(input, call, () => {
            const invitation = pendingInvitation(input.resourceShareInvitationArn, call);
            invitation.status = status;
            invitation.endTime = context.clock.now();
            store.changedInvitation(invitation);
            const share = store.find(invitation.resourceShareArn);
            const association = share?.associations.PRINCIPAL.get(invitation.principalId);
            if (share !== undefined && association !== undefined) {
              changes.answerInvitation(share, association, status);
            }
            return invitation.arn;
          });
          return {
            resourceShareInvitation: describe(receivedInvitation(arn, call)),
            clientToken: input.clientToken,
          };
        },
      }),
    };
  }

  /** What policies can ask about an invitation. */
  function conditionsOf(invitationArn: string): ConditionValues {
    const invitation = store.findInvitation(invitationArn);
    if (invitation === undefined) return {};
    const { senderAccountId, resourceShareArn } = invitation;
    const name = store.find(resourceShareArn)?.name;
    return {
      "ram:ShareOwnerAccountId": senderAccountId,
      ...(name !== undefined && { "ram:ResourceShareName": name }),
    };
  }

  function describe(invitation: Invitation) {
    return describeInvitation(invitation, store.find(invitation.resourceShareArn));
  }

  return [
    answerRoute("/acceptresourceshareinvitation", "ram:AcceptResourceShareInvitation", "ACCEPTED"),
    answerRoute("/rejectresourceshareinvitation", "ram:RejectResourceShareInvitation", "REJECTED"),
    {
      method: "POST",
      path: "/getresourceshareinvitations",
      operation: operation({
        input: z.strictObject({
          resourceShareInvitationArns: ArnListSchema.optional(),
          resourceShareArns: ArnListSchema.optional(),
          ...paging,
        }),
        action: "ram:GetResourceShareInvitations",
        run: (input, call) => {
          const { resourceShareInvitationArns = [], resourceShareArns = [] } = input;
          for (const arn of resourceShareArns) checkShareArn(arn);
          for (const arn of resourceShareInvitationArns) receivedInvitation(arn, call);
          const items = store
            .invitationsTo({ accountId: call.caller.accountId, region: call.region })
            .filter(
              ({ arn, resourceShareArn }) =>
                (resourceShareInvitationArns.length === 0 || resourceShareInvitationArns.includes(arn)) &&
                (resourceShareArns.length === 0 || resourceShareArns.includes(resourceShareArn)),
            );
          const { page, nextToken } = listPage(input, {
            operation: "GetResourceShareInvitations",
            items,
            keyOf: ({ sequence }) => [sequence],
          });
          return { resourceShareInvitations: page.map(describe), nextToken };
        },
      }),
    },
    {
      method: "POST",
      path: "/listpendinginvitationresources",
      operation: operation({
        input: z.strictObject({
          resourceShareInvitationArn: z.string(),
          resourceRegionScope: z.enum(["ALL", "REGIONAL", "GLOBAL"]).default("ALL"),
          ...paging,
        }),
        action: "ram:ListPendingInvitationResources",
        resource: ({ resourceShareInvitationArn }) => resourceShareInvitationArn,
        context: (_input, invitationArn) => conditionsOf(invitationArn),
        run: (input, call) => {
          const invitation = pendingInvitation(input.resourceShareInvitationArn, call);
          const share = store.find(invitation.resourceShareArn);
          const associations = [...(share?.associations.RESOURCE.values() ?? [])];
          const { page, nextToken } = listPage(input, {
            operation: "ListPendingInvitationResources",
            items:
              input.resourceRegionScope === "GLOBAL" ? [] : associations.filter(({ effective }) => effective),
            keyOf: ({ sequence }) => [sequence],
          });
          return {
            resources:
              share === undefined ? [] : page.map((association) => describeResource(share, association)),
            nextToken,
          };
        },
      }),
    },
  ];
}

const notPending = {
  ACCEPTED: { code: "ResourceShareInvitationAlreadyAcceptedException", text: "was already accepted" },
  REJECTED: { code: "ResourceShareInvitationAlreadyRejectedException", text: "was already rejected" },
  EXPIRED: { code: "ResourceShareInvitationExpiredException", text: "is past its expiration date and time" },
};

function checkInvitationArn(arn: string): void {
  if (!/^arn:aws:ram:[a-z0-9-]+:[0-9]{12}:resource-share-invitation\/.+$/.test(arn)) {
    throw malformedArn("resource share invitation");
  }
}
