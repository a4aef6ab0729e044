import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

/** Lets the calls of roles be recorded where all tests run: a part of them says nothing about what a role never needs. */
export default async function setup({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = new Set(vitest.state.getPaths());
  const all = await vitest.globTestSpecifications();
  const isWhole = all.every(({ moduleId }) => running.has(moduleId));
  if (!isWhole || vitest.config.testNamePattern !== undefined) return undefined;

  const folder = await mkdtemp(join(tmpdir(), "cardway-role-calls-"));
  vitest.provide("roleCallsFolder", folder);
  return () => rm(folder, { recursive: true });
}
