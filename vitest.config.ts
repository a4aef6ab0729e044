import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    reporters: ["default", "./scripts/count-reporter.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
