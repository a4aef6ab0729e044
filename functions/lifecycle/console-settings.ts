import * as z from "zod";
import { ConfigurationError } from "../errors.ts";
import { HostedDomainSchema } from "./hosted-domain.ts";

const GroupsSchema = z.array(z.string().min(1));

/** Who gets into the operations console, and by whose word. */
export const ConsoleSettingsSchema = z.strictObject({
  /** The OIDC issuer, exactly as its discovery document names it, for example `https://login.example.com`. */
  issuer: z.url({ protocol: /^https$/, error: "must be the https address of an OIDC issuer" }),
  /** The console's client at the issuer: a public one (no secret), with PKCE. */
  clientId: z.string().min(1),
  /** Scopes that are asked for beside `openid`; some issuers tell groups only where one of them is `groups`. */
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "must be a scope, without spaces"))
    .default(["profile"]),
  /** Claim of the ID token that names a person's groups. */
  groupsClaim: z.string().min(1).default("groups"),
  /** Groups whose members may act. Who is in one of `auditors` too is an operator. */
  operators: GroupsSchema.min(1),
  /** Groups whose members may only look. */
  auditors: GroupsSchema.default([]),
  /** Address of the console; API Gateway's own where it is left out. */
  domain: HostedDomainSchema.optional(),
});

export type ConsoleSettings = z.output<typeof ConsoleSettingsSchema>;

/**
 * The console's settings, for what is there only with a console.
 *
 * @throws {ConfigurationError} the settings have none.
 */
export function consoleSettings({
  deployment,
}: {
  deployment: { console?: ConsoleSettings | undefined };
}): ConsoleSettings {
  if (deployment.console !== undefined) return deployment.console;
  throw new ConfigurationError(
    "lifecycle.config.ts has no deployment.console, so nobody can sign in to the console; name an issuer there.",
  );
}
