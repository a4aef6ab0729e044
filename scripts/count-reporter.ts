import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends a test run with one plain line, `N passed, N failed, N skipped`, for tools that read only that. Above it stands by name
 * what was skipped.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(testModules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    const count = { passed: 0, failed: unhandledErrors.length };
    const skipped: string[] = [];
    for (const testModule of testModules) {
      if (testModule.errors().length > 0) count.failed += 1;
      for (const test of testModule.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") count.passed += 1;
        else if (state === "failed") count.failed += 1;
        else skipped.push(`${testModule.relativeModuleId}: ${test.fullName}`);
      }
    }
    process.on("exit", () => {
      for (const test of skipped) process.stdout.write(`skipped: ${test}\n`);
      process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${skipped.length} skipped\n`);
    });
  }
}
