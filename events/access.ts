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
