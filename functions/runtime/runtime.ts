import type { SageMakerClientConfig } from "@aws-sdk/client-sagemaker";
import type { Settings } from "../lifecycle/settings.ts";
import type { Table } from "../records/table.ts";

/** What a function is started with: Lambda's environment there, a local one in `local/`, a simulated one in tests. */
export interface Runtime {
  environment: Readonly<Record<string, string | undefined>>;
  settings: Settings;
  now: () => Date;
  /** Lets milliseconds pass, where time is not the machine's own. */
  wait?: (ms: number) => Promise<void>;
  /** Carries the SDK clients' requests, where it is not the network. */
  requestHandler?: SageMakerClientConfig["requestHandler"];
  /** Carries requests to what is no AWS service, where it is not the network. */
  fetch?: (address: string, init?: RequestInit) => Promise<Response>;
  /** Hashes the SDK clients' requests, where nobody checks their signatures. */
  sha256?: NonNullable<SageMakerClientConfig["sha256"]>;
  /** Keeps records, where that is not DynamoDB. */
  table?: Table;
  /** Makes the SDK clients' own retries, where time is not the machine's own: the SDK waits by the machine's clock. */
  retryStrategy?: SageMakerClientConfig["retryStrategy"];
  /** Takes each log line, without its end, where that is not the console. */
  writeLog?: (line: string) => void;
  /** Wraps an SDK client so that its calls show in traces. */
  trace: <Client extends SdkClient>(client: Client) => Client;
}

/** Takes part in the calls of an AWS client, whatever they are. */
export type CallWrapper = <Request, Answer>(
  next: (request: Request) => Promise<Answer>,
) => (request: Request) => Promise<Answer>;

/** An AWS client, to who takes part in its calls. */
export interface SdkClient {
  middlewareStack: {
    add(wrapper: CallWrapper, place: { step: "build"; priority: "high" | "low" }): void;
  };
}

/** What SDK clients are given to act in a stage account. */
export interface StageCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/**
 * The configuration that every SDK client of a function shares. Lambda gives region and credentials as variables.
 *
 * @param credentials - Whom the client acts as, where that is not the function's own role.
 */
export function clientConfig(
  { environment, requestHandler, sha256, retryStrategy }: Runtime,
  credentials?: StageCredentials,
) {
  const { AWS_REGION, AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } =
    environment;
  return {
    ...(AWS_REGION !== undefined && { region: AWS_REGION }),
    ...(AWS_ENDPOINT_URL !== undefined && { endpoint: AWS_ENDPOINT_URL }),
    ...(AWS_ACCESS_KEY_ID !== undefined &&
      AWS_SECRET_ACCESS_KEY !== undefined && {
        credentials: {
          accessKeyId: AWS_ACCESS_KEY_ID,
          secretAccessKey: AWS_SECRET_ACCESS_KEY,
          ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
        },
      }),
    ...(credentials !== undefined && { credentials }),
    ...(requestHandler !== undefined && { requestHandler }),
    ...(sha256 !== undefined && { sha256 }),
    ...(retryStrategy !== undefined && { retryStrategy }),
  };
}
