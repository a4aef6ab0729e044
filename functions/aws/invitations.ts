import {
  AcceptResourceShareInvitationCommand,
  GetResourceShareInvitationsCommand,
  RAMClient,
  type ResourceShareInvitation,
} from "@aws-sdk/client-ram";
import { invitationAccepterRoleArn } from "../lifecycle/invitation-accepter-role.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { allPages, awsCall } from "./aws-call.ts";
import { createStageRoles } from "./stage-role.ts";

/** Invitations of stage accounts outside the organisation, as those accounts see them. */
export interface Invitations {
  /**
   * Accepts what is open of a stage account's invitations to one share of Cardway's. Safe to repeat.
   *
   * @param assertNamed - Called once the open invitations are known and before any is accepted: it throws where the share
   *   names anybody besides its audience, because an invitation does not tell reliably whom it is for.
   * @returns `nothing-open` where no invitation is open: it is not there yet, was answered, or its 12 hours are over;
   *   `no-accepter` where the account does not let Cardway accept for it, or not everything that takes.
   */
  accept(
    accountId: string,
    resourceShareArn: string,
    assertNamed: () => Promise<void>,
  ): Promise<"accepted" | "nothing-open" | "no-accepter">;
}

/** @see https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html */
export function createInvitations(runtime: Runtime): Invitations {
  const takeRole = createStageRoles(runtime);
  return {
    async accept(accountId, resourceShareArn, assertNamed) {
      const credentials = await takeRole(invitationAccepterRoleArn(accountId));
      if (credentials === undefined) return "no-accepter";
      const client = runtime.trace(new RAMClient(clientConfig(runtime, credentials)));
      const open = await openInvitations(client, resourceShareArn);
      if (open === "no-accepter") return open;
      if (open.length > 0) await assertNamed();
      const outcomes = new Set<Outcome>();
      for (const invitationArn of open) outcomes.add(await acceptOne(client, invitationArn));
      const order: Outcome[] = ["accepted", "no-accepter"];
      return order.find((outcome) => outcomes.has(outcome)) ?? "nothing-open";
    },
  };
}

type Outcome = Awaited<ReturnType<Invitations["accept"]>>;

const denied = (): "no-accepter" => "no-accepter";

async function openInvitations(
  client: RAMClient,
  resourceShareArn: string,
): Promise<string[] | "no-accepter"> {
  const received = await awsCall<ResourceShareInvitation[], ResourceShareInvitation[] | "no-accepter">(
    "RAM GetResourceShareInvitations",
    () =>
      allPages(async (nextToken) => {
        const resourceShareArns = [resourceShareArn];
        const answer = await client.send(
          new GetResourceShareInvitationsCommand({ resourceShareArns, maxResults: 500, nextToken }),
        );
        return { items: answer.resourceShareInvitations, nextToken: answer.nextToken };
      }),
    // RAM is eventually consistent: a share may not be known in the other account yet.
    { UnknownResourceException: () => [], AccessDeniedException: denied },
  );
  if (received === "no-accepter") return received;
  return received.flatMap((invitation) =>
    invitation.status === "PENDING" ? (invitation.resourceShareInvitationArn ?? []) : [],
  );
}

function acceptOne(client: RAMClient, invitationArn: string): Promise<Outcome> {
  const over = (): "nothing-open" => "nothing-open";
  return awsCall<Outcome, Outcome>(
    "RAM AcceptResourceShareInvitation",
    async () => {
      await client.send(
        new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn: invitationArn }),
      );
      return "accepted";
    },
    {
      ResourceShareInvitationAlreadyAcceptedException: () => "accepted",
      ResourceShareInvitationAlreadyRejectedException: over,
      ResourceShareInvitationExpiredException: over,
      ResourceShareInvitationArnNotFoundException: over,
      AccessDeniedException: denied,
    },
  );
}
