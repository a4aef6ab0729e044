import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import * as z from "zod";
import { type Bundling, bundlingOf } from "../stacks/definitions/bundle.ts";

/** A bundled function, in the words of the answer that SST's functions expect of `Runtime.Build`. */
export interface BundledFunction {
  /** File and export from `out`, for Lambda: `bundle.handler`. */
  handler: string;
  /** Absolute path of the folder that is deployed. */
  out: string;
  /** One text a fault, each with its place in the sources. */
  errors: string[];
  /** Absolute paths, for error texts; they are not deployed. */
  sourcemaps: string[];
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** What every ES module of SST's begins with. */
const moduleBanner = [
  `import { createRequire as topLevelCreateRequire } from 'module';`,
  `const require = topLevelCreateRequire(import.meta.url);`,
  `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"`,
  `const __filename = topLevelFileUrlToPath(import.meta.url)`,
  `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))`,
  "",
].join("\n");

/** How SST bundles where nothing is said. */
export const sstBundling: Bundling = {
  format: "esm",
  minify: true,
  banner: "",
  esbuild: { keepNames: true, mainFields: ["module", "main"], external: [] },
};

/**
 * What SST 4.17 gives esbuild for a function of `nodejs24.x`, outside `sst dev`.
 *
 * @see https://github.com/anomalyco/sst/blob/dev/pkg/runtime/node/build.go
 */
export function bundleOptions({ format, minify, banner, esbuild }: Bundling, out: string) {
  return {
    absWorkingDir: root,
    platform: "node",
    target: "es2024",
    bundle: true,
    metafile: true,
    sourcemap: "linked",
    format,
    minify,
    keepNames: esbuild.keepNames,
    mainFields: esbuild.mainFields,
    external: ["sharp", "pg-native", ...esbuild.external],
    banner: { js: format === "esm" ? `${moduleBanner}${banner}` : banner },
    outfile: join(out, format === "esm" ? "bundle.mjs" : "bundle.cjs"),
    logLevel: "silent",
  } satisfies BuildOptions;
}

const BuildFailureSchema = z.object({
  errors: z.array(
    z.object({
      text: z.string(),
      location: z.object({ file: z.string(), line: z.int(), column: z.int() }).nullable(),
    }),
  ),
});

/**
 * Bundles one function as it deploys.
 *
 * @param handlerPath - Module with the export `handler`, from the repository's root: `functions/read-card/handler.ts`.
 * @param outFolder - Where to write `bundle.cjs` and its source map.
 * @returns also where the sources do not build: then `errors` is not empty.
 */
export async function bundleFunction(handlerPath: string, outFolder: string): Promise<BundledFunction> {
  const out = resolve(outFolder);
  const answer = { handler: "bundle.handler", out, errors: [], sourcemaps: [] };
  try {
    const options = bundleOptions(bundlingOf(handlerPath), out);
    const { metafile } = await build({ ...options, entryPoints: [handlerPath] });
    const files = Object.keys(metafile.outputs).map((path) => resolve(root, path));
    return { ...answer, sourcemaps: files.filter((path) => path.endsWith(".map")) };
  } catch (error) {
    const failure = BuildFailureSchema.safeParse(error);
    if (!failure.success) throw error;
    const errors = failure.data.errors.map(({ text, location }) =>
      location === null
        ? text
        : `${text} ${relative(root, resolve(root, location.file))}:${location.line}:${location.column}`,
    );
    return { ...answer, errors };
  }
}
