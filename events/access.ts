import * as z from "zod";

/** What a stage may do with a card. `none` is never an audience: nobody is in it. */
export const AccessSchema = z.enum(["none", "read-only", "read-write"]);

export type Access = z.output<typeof AccessSchema>;

/** Everybody of one stage with the same access: one resource share holds all their cards. */
export const AudienceSchema = z.object({
  lifecycle: z.string(),
  stage: z.string(),
  /** 12-digit account id of the stage. */
  accountId: z.string(),
  access: z.enum(["read-only", "read-write"]),
});

export type Audience = z.output<typeof AudienceSchema>;

/** Why access of an audience is not yet what a card's status calls for. */
export const AccessWaitStateSchema = z.enum([
  /** RAM is at work on the card or a principal. */
  "Associating",
  /** RAM has not let the card or a principal go yet. */
  "Disassociating",
  /** RAM took an association and gave it up; it is made again. */
  "AssociationFailed",
  /** An account outside the organisation has not accepted its invitation. */
  "InvitationPending",
  /** Its invitation has ended after 12 hours, or was rejected; it is invited again. */
  "InvitationExpired",
  /** RAM does not know the share yet, or it is busy. */
  "ShareNotReady",
  /** A quota of RAM is used up. */
  "QuotaReached",
  /** RAM keeps the share inside the organisation, and the stage's account lies outside. */
  "OutsideOrganizationRefused",
  /** AWS throttled or failed for longer than it is tried again. */
  "Throttled",
  /** A read-only stage has no usable reader role. */
  "ReaderRoleMissing",
  /** Somebody in a read-only stage could update the card, or could not be proved unable to. */
  "ReadOnlyBroken",
  /** AWS refused for another reason. */
  "Refused",
]);

export type AccessWaitState = z.output<typeof AccessWaitStateSchema>;
