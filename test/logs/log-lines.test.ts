import { describe, expect, it } from "vitest";
import { consoleFunctions, functions } from "../../stacks/definitions/functions.ts";
import { logFaults } from "./log-faults.ts";
import { readRecordedLogs } from "./recorded-logs.ts";

const recorded = readRecordedLogs();

describe.skipIf(recorded === undefined)("after a run of all tests, which this needs,", () => {
  const { lines, writings } = recorded ?? { lines: [], writings: [] };

  it("every log line is one JSON object about its card and its execution, and holds nothing secret", () => {
    const faulty = lines.flatMap((line) => {
      const faults = logFaults(line, writings);
      return faults.length === 0 ? [] : [{ line, faults }];
    });

    expect(faulty.slice(0, 20)).toStrictEqual([]);
  });

  it("every function has logged", () => {
    const silent = [...functions, ...consoleFunctions].filter(
      ({ functionName }) => !lines.some((line) => line.includes(`"function_name":"${functionName}"`)),
    );

    expect(silent.map(({ functionName }) => functionName)).toStrictEqual([]);
  });
});
