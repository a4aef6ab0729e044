import { IAMClient } from "@aws-sdk/client-iam";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { RAMClient } from "@aws-sdk/client-ram";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SESv2Client, type SESv2ClientConfig } from "@aws-sdk/client-sesv2";
import { STSClient } from "@aws-sdk/client-sts";

/** With what the calls into one account are made. */
export interface Access {
  region: string;
  /** Profile of the AWS configuration that the credentials come from; the SDK's own chain where it is left out. */
  profile?: string;
  credentials?: SESv2ClientConfig["credentials"];
  endpoint?: string;
  /** Carries the requests, where it is not the network. */
  requestHandler?: SESv2ClientConfig["requestHandler"];
  /** Tries of a call in all; the SDK's 3, if left out. */
  maxAttempts?: number;
}

/** A call that could change something was about to be made. */
export class NotReadOnlyError extends Error {
  override readonly name = "NotReadOnlyError";
}

export type Clients = ReturnType<typeof createClients>;

/** The clients of one account. They refuse to send anything but reading calls. */
export function createClients({ profile: _named, ...config }: Access) {
  return {
    iam: readOnly(new IAMClient(config)),
    organizations: readOnly(new OrganizationsClient(config)),
    ram: readOnly(new RAMClient(config)),
    serviceQuotas: readOnly(new ServiceQuotasClient(config)),
    ses: readOnly(new SESv2Client(config)),
    sts: readOnly(new STSClient(config)),
  };
}

interface Guarded {
  middlewareStack: {
    add(
      middleware: <Next>(next: Next, context: { commandName?: string }) => Next,
      options: { name: string; step: "initialize"; priority: "high" },
    ): void;
  };
}

/** AWS names operations that change nothing by these verbs. */
const readingVerb = /^(Get|List|Describe|Simulate)[A-Z]/;

function readOnly<Client extends Guarded>(client: Client): Client {
  client.middlewareStack.add(
    (next, { commandName = "" }) => {
      if (!readingVerb.test(commandName)) {
        throw new NotReadOnlyError(`Preflight only reads, so ${commandName} is not sent.`);
      }
      return next;
    },
    { name: "cardwayReadOnly", step: "initialize", priority: "high" },
  );
  return client;
}

/** A command to paste that runs in the same account and Region. */
export function awsCommand({ region, profile }: Access, words: string): string {
  return `aws ${words} --region ${region}${profile === undefined ? "" : ` --profile ${quoted(profile)}`}`;
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
