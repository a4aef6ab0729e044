import { defineConfig } from "vitest/config";

/** Compares what roles may do with what all other tests have seen them do, and so runs after those. */
const comparison = "test/permissions/permissions.test.ts";

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
          exclude: [comparison, ...deployment],
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
          name: "permissions",
          include: [comparison],
          globalSetup: "test/permissions/global-setup.ts",
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
