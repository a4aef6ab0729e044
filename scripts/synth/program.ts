import { readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { type Plugin, build } from "esbuild";
import * as z from "zod";

/**
 * Bundles `sst.config.ts` into a program that evaluates it against the mock monitor, in the way in which SST bundles it for the
 * Pulumi engine: `$app`, `$cli` and `$dev` are set, the shim's functions are injected, and every file of the project finds `sst`
 * and `aws` as if they were global.
 *
 * @param root - Folder of `sst.config.ts`; `.sst/platform` is installed in it.
 * @returns The program's path. It belongs beside the platform, whose packages it imports.
 */
export async function bundleProgram(
  root: string,
  stage: string,
  settingsPath?: string,
): Promise<{ path: string; remove(): Promise<void> }> {
  const platform = join(root, ".sst", "platform");
  const path = join(platform, `synthesis.${process.pid}.mjs`);
  const cli = {
    command: "deploy",
    rpc: "",
    paths: { home: platform, root, work: join(root, ".sst"), platform },
    state: { version: {} },
  };
  await build({
    stdin: { contents: evaluate(root, stage), resolveDir: platform, loader: "ts" },
    outfile: path,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    packages: "external",
    inject: [join(platform, "src", "shim", "run.js")],
    define: { $app: "globalThis.$app", $cli: JSON.stringify(cli), $dev: "false" },
    plugins: [
      await projectGlobals(root),
      ...(settingsPath === undefined ? [] : [otherSettings(settingsPath)]),
    ],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    sourcemap: "inline",
    logLevel: "error",
  });
  return { path, remove: () => rm(path, { force: true }) };
}

/** The program: settle `$app` first, because the components read it as they load. */
function evaluate(root: string, stage: string): string {
  const file = (...parts: string[]): string => JSON.stringify(join(root, ...parts));
  return `
    import config from ${file("sst.config.ts")};
    import { evaluate } from ${file("scripts", "synth", "evaluate.ts")};
    globalThis.$app = { removal: "retain", protect: false, stage: ${JSON.stringify(stage)}, ...(await config.app({ stage: ${JSON.stringify(stage)} })) };
    const { runtime } = await import("@pulumi/pulumi");
    const { run } = await import("./src/auto/run.ts");
    await evaluate({ app: globalThis.$app, runtime, program: () => run(config.run) });
  `;
}

/** Lets every import of the settings find others. */
function otherSettings(path: string): Plugin {
  return {
    name: "other-settings",
    setup({ onResolve }) {
      onResolve({ filter: /\/lifecycle\.config\.ts$/ }, ({ importer }) =>
        importer === path ? undefined : { path },
      );
    },
  };
}

const ProvidersSchema = z.array(z.object({ alias: z.string(), package: z.string() }));

/** Puts the imports of `sst` and of the providers before each file of the project, as SST does. */
async function projectGlobals(root: string): Promise<Plugin> {
  const lock = await readFile(join(root, ".sst", "provider-lock.json"), "utf8");
  const globals = [
    { alias: "sst", from: join(root, ".sst", "platform", "src", "components", "index.ts") },
    ...ProvidersSchema.parse(JSON.parse(lock)).map(({ alias, package: from }) => ({ alias, from })),
  ].map(({ alias, from }) => `import * as ${alias} from ${JSON.stringify(from)};`);
  const foreign = /(^|[\\/])(node_modules|\.sst)([\\/]|$)/;
  return {
    name: "project-globals",
    setup({ onLoad }) {
      onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
        if (foreign.test(relative(root, path))) return undefined;
        return {
          contents: [...globals, await readFile(path, "utf8")].join(" "),
          loader: path.endsWith("x") ? "tsx" : "ts",
        };
      });
    },
  };
}
