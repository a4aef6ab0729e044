import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import * as z from "zod";
import { bundleOptions, sstBundling } from "./bundle.ts";

const SourceMapSchema = z.object({ sources: z.array(z.string()) });
const TimeSchema = z.object({ wallMs: z.number(), threadMs: z.number() });

/** How long one fresh process took over a module, and the processor's share of that: other processes do not lengthen it. */
export type ImportTime = z.output<typeof TimeSchema>;

const clientSource =
  /@aws-sdk\/((?:client|lib)-[a-z0-9-]+)\/dist-es\/(?:commands\/)?(\w+(?:Client|Command))\.js$/;

/**
 * What a function's AWS clients cost by themselves: bundles just the clients and commands that have got into its bundle, in
 * the way that SST bundles where nothing is said.
 *
 * @param sourcemap - Path of the function's source map, as `bundleFunction` answers.
 * @returns path of the bundle.
 */
export async function bundleClientsOnly(sourcemap: string, outFolder: string): Promise<string> {
  const { sources } = SourceMapSchema.parse(JSON.parse(await readFile(sourcemap, "utf8")));
  const exports = sources.flatMap((source, index) => {
    const [, library, name] = clientSource.exec(source) ?? [];
    return library === undefined ? [] : [`export { ${name} as export${index} } from "@aws-sdk/${library}";`];
  });
  const options = bundleOptions(sstBundling, outFolder);
  await build({ ...options, stdin: { contents: exports.join("\n"), resolveDir: options.absWorkingDir } });
  return join(outFolder, "bundle.mjs");
}

// The X-Ray SDK is loaded a moment after the rest, and belongs to it.
const probe = `
  const startedAt = performance.now(), before = process.threadCpuUsage();
  await import(process.argv[1]);
  await new Promise(setImmediate);
  const { user, system } = process.threadCpuUsage(before);
  console.log(JSON.stringify({ wallMs: performance.now() - startedAt, threadMs: (user + system) / 1000 }));
`;

/**
 * Imports bundles as Lambda does at a cold start, each in a fresh process, in turns, so that what slows the machine down slows
 * all of them.
 *
 * @returns times of every bundle, in the order of the paths.
 */
export async function importTimes(bundles: readonly string[], rounds: number): Promise<ImportTime[][]> {
  const times = bundles.map((): ImportTime[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, bundle] of bundles.entries()) {
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--input-type=module", "--eval", probe, bundle],
        { cwd: fileURLToPath(new URL("..", import.meta.url)), env: { AWS_LAMBDA_FUNCTION_NAME: "measured" } },
      );
      times[index]?.push(TimeSchema.parse(JSON.parse(stdout)));
    }
  }
  return times;
}
