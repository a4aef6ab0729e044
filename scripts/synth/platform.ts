import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "./run-program.ts";

/** The Pulumi that SST 4.17 asks for. */
const pulumiVersion = "v3.215.0";

/**
 * Unpacks SST's components, their types and the AWS provider into `.sst/platform`, as `sst install` does, unless they are there.
 *
 * SST insists on a `pulumi` program of one version, which it would download. Types and synthesis need none, so SST is shown a
 * stand-in that only tells the version, in a configuration folder of its own: nobody's own SST or Pulumi is touched.
 *
 * @param root - Folder of `sst.config.ts`.
 * @throws {Error} `sst install` failed; the message is what it said.
 */
export async function installPlatform(root: string): Promise<void> {
  const marker = join(root, ".sst", "platform", ".installed-for-synthesis");
  const wanted = await wantedPlatform(root);
  if ((await textOf(marker)) === wanted) return;

  const configHome = await mkdtemp(join(tmpdir(), "cardway-sst-"));
  try {
    const programs = join(configHome, "sst", "bin");
    await mkdir(programs, { recursive: true });
    await writeFile(join(programs, "pulumi"), `#!/bin/sh\necho ${pulumiVersion}\n`);
    await chmod(join(programs, "pulumi"), 0o755);
    const sst = join(root, "node_modules", "sst", "bin", "sst.mjs");
    await runProgram("sst install", [sst, "install", "--stage", "synthesis", "--print-logs"], {
      folder: root,
      environment: {
        XDG_CONFIG_HOME: configHome,
        PULUMI_HOME: join(configHome, "pulumi"),
        SST_NO_BUN: "1",
        SST_TELEMETRY_DISABLED: "1",
        DO_NOT_TRACK: "1",
      },
    });
    await writeFile(marker, wanted);
  } finally {
    await rm(configHome, { recursive: true, force: true });
  }
}

/** What decides which platform is unpacked: the locked SST, and the provider that the configuration names. */
async function wantedPlatform(root: string): Promise<string> {
  const sst = await readFile(join(root, "node_modules", "sst", "package.json"), "utf8");
  const config = await readFile(join(root, "sst.config.ts"), "utf8");
  return [/"version": ?"[^"]+"/.exec(sst)?.[0], ...(config.match(/version: "[^"]+"/g) ?? [])].join(" ");
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
