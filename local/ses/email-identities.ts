import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { type DurableMap, durableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import { operation } from "../wire/operation.ts";
import type { Route } from "../wire/rest-json.ts";
import { bareAddress } from "./mail-address.ts";

/** An address or a domain that may send, as plain data. */
interface EmailIdentity {
  name: string;
  verified: boolean;
  createdAt: Date;
}

export interface IdentityLocation {
  accountId: string;
  region: string;
}

const IdentityNameSchema = z.string().min(1).max(320);

/** The email identities of every account and Region. */
export class EmailIdentities {
  private readonly context: LocalContext;
  private readonly verifiedIdentities: readonly string[] | undefined;
  private readonly identities = new Map<string, DurableMap<EmailIdentity>>();

  /** @param verifiedIdentities - The only identities that count as verified; if left out, every sender does. */
  constructor(context: LocalContext, verifiedIdentities: readonly string[] | undefined) {
    this.context = context;
    this.verifiedIdentities = verifiedIdentities;
  }

  /** @throws {AwsError} `AlreadyExistsException`. */
  create(name: string, location: IdentityLocation): EmailIdentity {
    const identities = this.of(location);
    const id = normalized(name);
    if (identities.has(id)) {
      throw new AwsError("AlreadyExistsException", `Email identity ${name} already exist.`);
    }
    const verified = this.verifiedIdentities === undefined;
    const identity = { name, verified, createdAt: this.context.clock.now() };
    identities.set(id, identity);
    return identity;
  }

  /** @throws {AwsError} `NotFoundException`. */
  find(name: string, location: IdentityLocation): EmailIdentity {
    const identity = this.of(location).get(normalized(name));
    if (identity === undefined) {
      throw new AwsError("NotFoundException", `Email identity ${name} does not exist.`, 404);
    }
    return identity;
  }

  delete(name: string, location: IdentityLocation): void {
    this.find(name, location);
    this.of(location).delete(normalized(name));
  }

  list(location: IdentityLocation): EmailIdentity[] {
    return [...this.of(location).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The identity that a sender's permission hangs on: its own address, else its domain or a parent of that. */
  senderIdentity(address: string, location: IdentityLocation): EmailIdentity | undefined {
    const identities = this.of(location);
    let name = normalized(address);
    while (name !== "") {
      const identity = identities.get(name);
      if (identity !== undefined) return identity;
      name = name.includes("@") ? name.slice(name.indexOf("@") + 1) : name.split(".").slice(1).join(".");
    }
    return undefined;
  }

  /** @throws {AwsError} `MessageRejected` where verified identities were configured and this sender is none. */
  requireVerified(address: string, location: IdentityLocation): void {
    if (this.verifiedIdentities === undefined) return;
    if (this.senderIdentity(address, location)?.verified === true) return;
    throw new AwsError(
      "MessageRejected",
      `Email address is not verified. The following identities failed the check in region ${location.region.toUpperCase()}: ${address}`,
    );
  }

  private of({ accountId, region }: IdentityLocation): DurableMap<EmailIdentity> {
    const id = `${accountId}/${region}`;
    let identities = this.identities.get(id);
    if (identities === undefined) {
      const createdAt = this.context.clock.now();
      identities = durableMap(this.context, `ses/identities/${id}`);
      for (const name of this.verifiedIdentities ?? []) {
        identities.set(normalized(name), { name, verified: true, createdAt });
      }
      this.identities.set(id, identities);
    }
    return identities;
  }
}

/** `CreateEmailIdentity`, `GetEmailIdentity`, `ListEmailIdentities` and `DeleteEmailIdentity`. */
export function identityRoutes(identities: EmailIdentities): Route[] {
  const path = "/v2/email/identities";
  const resource = (input: { EmailIdentity: string }, call: Call) => identityArn(input.EmailIdentity, call);
  const list = operation({
    input: z.strictObject({
      NextToken: z.string().optional(),
      PageSize: z.coerce.number().int().min(1).max(1000).default(1000),
    }),
    action: "ses:ListEmailIdentities",
    run({ NextToken, PageSize }, call) {
      const rest = identities
        .list(locationOf(call))
        .filter(({ name }) => NextToken === undefined || name > NextToken);
      const page = rest.slice(0, PageSize);
      return {
        EmailIdentities: page.map((identity) => ({
          IdentityType: identityType(identity),
          IdentityName: identity.name,
          SendingEnabled: identity.verified,
          VerificationStatus: verificationStatus(identity),
        })),
        ...(rest.length > page.length ? { NextToken: page.at(-1)?.name } : {}),
      };
    },
  });

  return [
    {
      method: "POST",
      path,
      operation: operation({
        input: z.strictObject({ EmailIdentity: IdentityNameSchema }),
        action: "ses:CreateEmailIdentity",
        resource,
        run(input, call) {
          if (input.EmailIdentity.includes("@")) bareAddress(input.EmailIdentity);
          const identity = identities.create(input.EmailIdentity, locationOf(call));
          return { IdentityType: identityType(identity), VerifiedForSendingStatus: identity.verified };
        },
      }),
    },
    // Clients of before and after the change of this operation's path.
    { method: "GET", path, query: ["NextToken", "PageSize"], operation: list },
    { method: "POST", path: "/v2/email/list-identities", operation: list },
    {
      method: "GET",
      path: `${path}/{EmailIdentity}`,
      operation: operation({
        input: z.strictObject({ EmailIdentity: IdentityNameSchema }),
        action: "ses:GetEmailIdentity",
        resource,
        run(input, call) {
          const identity = identities.find(input.EmailIdentity, locationOf(call));
          return {
            IdentityType: identityType(identity),
            FeedbackForwardingStatus: true,
            VerifiedForSendingStatus: identity.verified,
            VerificationStatus: verificationStatus(identity),
            Policies: {},
            Tags: [],
          };
        },
      }),
    },
    {
      method: "DELETE",
      path: `${path}/{EmailIdentity}`,
      operation: operation({
        input: z.strictObject({ EmailIdentity: IdentityNameSchema }),
        action: "ses:DeleteEmailIdentity",
        resource,
        run(input, call) {
          identities.delete(input.EmailIdentity, locationOf(call));
          return {};
        },
      }),
    },
  ];
}

export function identityArn(name: string, call: Call): string {
  return `arn:aws:ses:${call.region}:${call.caller.accountId}:identity/${name}`;
}

export function locationOf(call: Call): IdentityLocation {
  return { accountId: call.caller.accountId, region: call.region };
}

function identityType({ name }: EmailIdentity): "EMAIL_ADDRESS" | "DOMAIN" {
  return name.includes("@") ? "EMAIL_ADDRESS" : "DOMAIN";
}

function verificationStatus({ verified }: EmailIdentity): "SUCCESS" | "PENDING" {
  return verified ? "SUCCESS" : "PENDING";
}

/** Domains are compared without regard to case, local parts with. */
function normalized(name: string): string {
  const at = name.lastIndexOf("@") + 1;
  return name.slice(0, at) + name.slice(at).toLowerCase();
}
