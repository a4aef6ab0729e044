import type { Server } from "./server.ts";

/** What every SDK client of a measured server needs: an account is its own access key id. */
export function clientConfig({ url }: Server, accountId: string) {
  return {
    endpoint: url,
    region: "us-east-1",
    credentials: { accessKeyId: accountId, secretAccessKey: "local" },
  };
}
