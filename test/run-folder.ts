import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of what is recorded in this run, for the tests that judge it as a whole; only in a run of all tests. */
    runFolder?: string;
  }
}

/** Lets what tests see be recorded where all of them run: a part of them says nothing about what never happens. */
export default async function setup({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = new Set(vitest.state.getPaths());
  const all = await vitest.globTestSpecifications();
  const isWhole = all.every(({ moduleId }) => running.has(moduleId));
  if (!isWhole || vitest.config.testNamePattern !== undefined) return undefined;

  const folder = await mkdtemp(join(tmpdir(), "cardway-run-"));
  vitest.provide("runFolder", folder);
  return () => rm(folder, { recursive: true });
}
