import type { LocalContext } from "../context.ts";
import type { Caller } from "../wire/caller.ts";
import { restJsonService } from "../wire/rest-json.ts";
import type { Service } from "../wire/service.ts";
import { AssociationChanges } from "./association-changes.ts";
import { associationRoutes } from "./association-operations.ts";
import { invitationRoutes } from "./invitation-operations.ts";
import { permissionRoutes } from "./permission-operations.ts";
import type { RamBehaviour } from "./ram-behaviour.ts";
import { withFaults } from "./ram-faults.ts";
import { resourceShareRoutes } from "./resource-share-operations.ts";
import { ResourceShareStore } from "./resource-share-store.ts";
import { sharesAllow } from "./share-access.ts";
import { sharedListRoutes } from "./shared-list-operations.ts";
import { tagRoutes } from "./tag-operations.ts";

export { defaultRamBehaviour, type RamBehaviour } from "./ram-behaviour.ts";

/**
 * AWS Resource Access Manager for model cards: all accounts and regions of one machine.
 *
 * @param dependencies.resourceExists - Whether there is a resource with this ARN.
 * @param dependencies.organizationAccountIds - Accounts of one organisation with sharing switched on: no invitations
 *   between them.
 * @param dependencies.associationDelayMs - How long associating takes, and disassociating. With 0 the answer still says
 *   `ASSOCIATING`, and the next call finds it done.
 * @see https://docs.aws.amazon.com/ram/latest/userguide/what-is.html
 */
export function createRam(
  context: LocalContext,
  dependencies: {
    resourceExists(arn: string): boolean;
    organizationAccountIds: () => readonly string[];
    associationDelayMs: () => number;
    behaviour: RamBehaviour;
  },
): {
  service: Service;
  /**
   * RAM's part of a resource policy: whether shares let this caller do this action on this resource now. Knows model
   * cards, and the invitations that RAM itself gives out.
   */
  allows: (resourceArn: string, action: string, caller: Caller) => boolean;
} {
  const store = new ResourceShareStore(context, dependencies.behaviour);
  const associations = {
    context,
    store,
    behaviour: dependencies.behaviour,
    resourceExists: (arn: string) => dependencies.resourceExists(arn),
    organizationAccountIds: dependencies.organizationAccountIds,
    associationDelayMs: dependencies.associationDelayMs,
  };
  const changes = new AssociationChanges(associations);
  return {
    service: restJsonService({
      signingName: "ram",
      validationErrorCode: "InvalidParameterException",
      routes: [
        ...resourceShareRoutes(associations, changes),
        ...associationRoutes(associations, changes),
        ...sharedListRoutes(store),
        ...invitationRoutes(associations, changes),
        ...permissionRoutes(store),
        ...tagRoutes(context, store),
      ].map((route) => withFaults(route, dependencies.behaviour)),
    }),
    allows: (resourceArn, action, caller) => sharesAllow(store, resourceArn, action, caller),
  };
}
