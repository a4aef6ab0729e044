import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Plugin, build } from "esbuild";
import type { Mutation } from "./mutations.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A mutation does not fit the sources any more. */
export class StaleMutationError extends Error {
  override readonly name = "StaleMutationError";
}

/**
 * Bundles the simulation, so that workers start at once, and so that a mutation can be put into a file that nobody else sees.
 *
 * @returns the bundle's path.
 * @throws {StaleMutationError} the text that a mutation replaces does not stand in its file exactly once.
 */
export async function bundleSimulation(mutation?: Mutation): Promise<string> {
  const name = `${mutation?.name ?? "unchanged"}-${process.pid}`;
  const outdir = join(root, "node_modules", ".cache", "cardway-simulation", name);
  await build({
    entryPoints: [join(root, "simulation", "worker.ts")],
    outdir,
    entryNames: "worker",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is imported only where there is X-Ray stays out: it watches every promise.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    packages: "external",
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    sourcemap: "inline",
    logLevel: "silent",
    plugins: mutation === undefined ? [] : [mutating(mutation)],
  });
  return join(outdir, "worker.mjs");
}

function mutating({ name, file, find, replace }: Mutation): Plugin {
  return {
    name,
    setup({ onLoad }) {
      onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
        if (relative(root, path) !== file) return undefined;
        const source = await readFile(path, "utf8");
        if (source.split(find).length !== 2) {
          throw new StaleMutationError(
            `The mutation "${name}" replaces a text that does not stand in ${file} exactly once. Write it anew for the code as it is.`,
          );
        }
        return { contents: source.replace(find, () => replace), loader: path.endsWith("x") ? "tsx" : "ts" };
      });
    },
  };
}
