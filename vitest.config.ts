import { defineConfig } from "vitest/config";

/** These judge what all other tests have recorded, and so run after those: calls of roles, log lines of functions. */
const judgements = ["test/permissions/permissions.test.ts", "test/logs/log-lines.test.ts"];

/** One file after the other, with nothing beside: they share SST's platform, and measure. */
const deployment = [
  "test/stacks/synthesis/**/*.test.ts",
  "test/bundles/**/*.test.ts",
  "test/simulation/**/*.test.ts",
];

export default defineConfig({
  test: {
    reporters: ["default", "./scripts/count-reporter.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
          exclude: [...judgements, ...deployment],
          sequence: { groupOrder: 1 },
          // Vitest would leave a core to itself, and needs little of it.
          maxWorkers: "100%",
        },
      },
      {
        extends: true,
        test: { name: "deployment", include: deployment, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
      {
        extends: true,
        test: {
          name: "judgements",
          include: judgements,
          globalSetup: "test/run-folder.ts",
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
