import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { RAMClient } from "@aws-sdk/client-ram";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import type { Access } from "../access.ts";

/** A call that could change something was about to be made. */
export class NotReadOnlyError extends Error {
  override readonly name = "NotReadOnlyError";
}

export type Clients = ReturnType<typeof createClients>;

/** The clients of one account. They refuse to send anything but reading calls. */
export function createClients({ profile: _named, ...config }: Access) {
  return {
    events: readOnly(new EventBridgeClient(config)),
    iam: readOnly(new IAMClient(config)),
    organizations: readOnly(new OrganizationsClient(config)),
    ram: readOnly(new RAMClient(config)),
    serviceQuotas: readOnly(new ServiceQuotasClient(config)),
    ses: readOnly(new SESv2Client(config)),
    sqs: readOnly(new SQSClient(config)),
    stepFunctions: readOnly(new SFNClient(config)),
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
        throw new NotReadOnlyError(`The doctor only reads, so ${commandName} is not sent.`);
      }
      return next;
    },
    { name: "cardwayReadOnly", step: "initialize", priority: "high" },
  );
  return client;
}
