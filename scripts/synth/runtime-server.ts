import { createServer } from "node:http";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { bundlingOf } from "../../stacks/definitions/bundle.ts";
import { bundleFunction } from "../bundle.ts";

const CallSchema = z.object({ method: z.string(), params: z.tuple([z.unknown()]) });
const BuildSchema = z.object({ functionID: z.string(), handler: z.string(), properties: z.unknown() });

/**
 * The part of SST's own server that components ask while they are evaluated: it bundles functions, and says where the account's
 * assets would go.
 *
 * @param workFolder - Where bundles go, one folder a function.
 */
export async function startRuntimeServer(workFolder: string): Promise<{ url: string; close(): void }> {
  const answer = async (method: string, parameter: unknown): Promise<unknown> => {
    switch (method) {
      case "Runtime.Build": {
        const { functionID, handler, properties } = BuildSchema.parse(parameter);
        const handlerPath = handler.replace(/\.handler$/, ".ts");
        if (!isDeepStrictEqual(properties, { ...bundlingOf(handlerPath), architecture: "arm64" })) {
          throw new Error(
            `${functionID} is not bundled as stacks/definitions/bundle.ts says, and as tests do.`,
          );
        }
        return bundleFunction(handlerPath, `${workFolder}/${functionID}`);
      }
      case "Provider.Aws.Bootstrap":
        return { asset: "sst-asset", state: "sst-state", assetEcrRegistryId: "", assetEcrUrl: "" };
      default:
        throw new Error(`rpc: can't find method ${method}`);
    }
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, params } = CallSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      answer(method, params[0]).then(
        (result) => response.end(JSON.stringify({ result })),
        (error: unknown) => response.end(JSON.stringify({ error: String(error) })),
      );
    });
  });
  // On a busy machine a component asks again after longer than a connection is usually kept, and would find it closed.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The runtime server has no port.");
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}
