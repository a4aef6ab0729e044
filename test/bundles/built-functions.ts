import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BundledFunction, bundleFunction } from "../../scripts/bundle.ts";
import type { FunctionDefinition } from "../../stacks/definitions/functions.ts";

export interface BuiltFunction extends BundledFunction {
  handlerPath: string;
  /** Path of the one module that deploys. */
  bundle: string;
}

/** Builds functions as they deploy, into a folder of its own; by function name. */
export async function buildFunctions(definitions: readonly FunctionDefinition[]): Promise<{
  folder: string;
  built: ReadonlyMap<string, BuiltFunction>;
  remove(): Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "cardway-bundles-"));
  const built = await Promise.all(
    definitions.map(async ({ functionName, handlerPath }): Promise<[string, BuiltFunction]> => {
      const bundled = await bundleFunction(handlerPath, join(folder, functionName));
      if (bundled.errors.length > 0) throw new Error(`${functionName}: ${bundled.errors.join("\n")}`);
      return [functionName, { ...bundled, handlerPath, bundle: join(bundled.out, "bundle.cjs") }];
    }),
  );
  return { folder, built: new Map(built), remove: () => rm(folder, { recursive: true }) };
}
