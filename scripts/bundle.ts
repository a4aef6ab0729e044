import { join } from "node:path";
import { build } from "esbuild";

export async function bundleFunction(handler: string, out: string) {
  const entry = handler.replace(/\.handler$/, ".ts");
  await build({
    entryPoints: [entry],
    outfile: join(out, "bundle.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    minify: true,
    mainFields: ["module", "main"],
    logLevel: "error",
  });
  return { handler: "bundle.handler", out, errors: [], sourcemaps: [] };
}
