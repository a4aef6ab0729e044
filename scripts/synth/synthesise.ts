import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { installPlatform } from "./platform.ts";
import { bundleProgram } from "./program.ts";
import { runProgram } from "./run-program.ts";
import { startRuntimeServer } from "./runtime-server.ts";

const ResourcesSchema = z.array(
  z.object({
    type: z.string(),
    name: z.string(),
    inputs: z.record(z.string(), z.unknown()),
    dependsOn: z.array(z.string()),
    retainOnDelete: z.boolean(),
    importId: z.string(),
  }),
);

export type SynthesisedResources = z.output<typeof ResourcesSchema>;

const root = join(import.meta.dirname, "..", "..");

/**
 * Evaluates the real `sst.config.ts` with SST's real components, offline, and answers with every resource that a deployment of the
 * stage would ask for. Nothing is deployed, and no credentials are read.
 *
 * @param stage - As in `sst deploy --stage`: `production`, or a stage account such as `dev-account`.
 * @param settingsPath - Absolute path of settings to use in the place of `lifecycle.config.ts`.
 * @throws {Error} the program failed; the message is what it said.
 */
export async function synthesise(stage: string, settingsPath?: string): Promise<SynthesisedResources> {
  await installPlatform(root);
  const folder = await mkdtemp(join(tmpdir(), "cardway-synthesis-"));
  const server = await startRuntimeServer(join(folder, "bundles"));
  const program = await bundleProgram(root, stage, settingsPath);
  try {
    const out = join(folder, "resources.json");
    await runProgram("The synthesis", ["--enable-source-maps", program.path], {
      folder: root,
      environment: { SST_SERVER: server.url, SYNTHESIS_OUT: out },
    });
    return ResourcesSchema.parse(JSON.parse(await readFile(out, "utf8")));
  } finally {
    await program.remove();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
