import * as z from "zod";
import { type ConsoleRole, roleOf } from "../lifecycle/console-role.ts";
import type { ConsoleSettings } from "../lifecycle/console-settings.ts";

const ClaimsSchema = z.looseObject({
  sub: z.string().min(1),
  /** Seconds since 1970. */
  exp: z.number(),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  email: z.string().optional(),
});

/** Who an ID token is about. */
export interface Person {
  identity: string;
  name: string;
  /** `undefined` where none of the person's groups has one. */
  role: ConsoleRole | undefined;
  /** When the ID token ends. */
  expiresAt: Date;
}

/** Reads the claims of an ID token that was verified; `undefined` where they are none of a person. */
export function personOf(
  claims: unknown,
  settings: Pick<ConsoleSettings, "groupsClaim" | "operators" | "auditors">,
): Person | undefined {
  const parsed = ClaimsSchema.safeParse(claims);
  if (!parsed.success) return undefined;
  const { sub, exp, name, preferred_username: username, email } = parsed.data;
  return {
    identity: sub,
    name: [name, username, email].find((text) => text !== undefined && text.trim() !== "") ?? sub,
    role: roleOf(groupsIn(parsed.data[settings.groupsClaim]), settings),
    expiresAt: new Date(exp * 1_000),
  };
}

/**
 * The groups that a claim names: a list, or the one text that Amazon Cognito makes of a list of SAML values,
 * `[first, second]`.
 */
function groupsIn(claim: unknown): string[] {
  if (Array.isArray(claim)) return claim.filter((group) => typeof group === "string");
  if (typeof claim !== "string") return [];
  return /^\[(.*)\]$/s.exec(claim)?.[1]?.split(/\s*,\s*/) ?? [claim];
}
