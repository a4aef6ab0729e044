import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import type { Settings } from "../functions/lifecycle/settings.ts";
import { type Runtime, clientConfig } from "../functions/runtime/runtime.ts";
import { type QuerySources, createQuerySources } from "../queries/sources.ts";
import { type Deployment, deploymentOf } from "../stacks/definitions/deployment.ts";
import type { Access } from "./access.ts";
import type { Place } from "./place.ts";
import { read, unseenFinding } from "./reading.ts";
import { NotConnectedError } from "./refusals.ts";

/** The model card account, reached with credentials of its own. */
export interface Connection {
  place: Place;
  /** Who asks, as AWS knows them. */
  identity: string;
  access: Access;
  runtime: Runtime;
  sources: QuerySources;
  deployment: Deployment;
}

/**
 * Takes credentials from where AWS's own programs do, once, and makes sure that they are the model card account's.
 *
 * @throws {NotConnectedError} there are none, or they are another account's.
 */
export async function connect(access: Access, settings: Settings, now: () => Date): Promise<Connection> {
  const { region, endpoint, requestHandler } = access;
  const found = await answered("credentials", () => credentialsOf(access));
  const runtime: Runtime = {
    environment: {
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: found.accessKeyId,
      AWS_SECRET_ACCESS_KEY: found.secretAccessKey,
      AWS_SESSION_TOKEN: found.sessionToken,
    },
    settings,
    now,
    ...(requestHandler !== undefined && { requestHandler }),
    trace: (client) => client,
  };
  const place = { accountId: settings.modelCardAccountId, region };
  const { Account = "", Arn = "" } = await answered("sts:GetCallerIdentity", () =>
    new STSClient(clientConfig(runtime)).send(new GetCallerIdentityCommand({})),
  );
  if (Account !== place.accountId) {
    throw new NotConnectedError(
      `The credentials are those of account ${Account}, not of the model card account ${place.accountId}. Name a profile of that one (--profile), or correct modelCardAccountId in lifecycle.config.ts.`,
    );
  }
  return {
    place,
    identity: Arn,
    access: { ...access, credentials: found },
    runtime,
    sources: createQuerySources(runtime, region),
    deployment: deploymentOf(settings, "", region),
  };
}

/** Those of the access, or of the SDK's own chain. @see https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html */
async function credentialsOf({ credentials = fromNodeProviderChain() }: Access) {
  return typeof credentials === "function" ? credentials() : credentials;
}

async function answered<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  const reading = await read(action, call);
  if ("seen" in reading) return reading.seen;
  const { saw, advice } = unseenFinding("", reading.unseen);
  if (reading.unseen.why === "no credentials") {
    throw new NotConnectedError(
      `There are no valid credentials (${reading.unseen.errorName}). Sign in, for example with aws sso login, name a profile that is signed in (--profile), or use --local beside npm start.`,
    );
  }
  throw new NotConnectedError(`${saw} ${advice}`);
}
