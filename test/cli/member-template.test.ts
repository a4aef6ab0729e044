import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import settings from "../../lifecycle.config.ts";
import { memberTemplate } from "../../stacks/definitions/member-template.ts";
import { serviceControlPolicy } from "../../stacks/definitions/service-control-policy.ts";

function run(...args: string[]) {
  const program = ["--import", "tsx", "cli/member-template.ts", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, program, { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("npm run member-template", () => {
  it("prints the template and nothing else", () => {
    const { status, stdout, stderr } = run();

    expect({ status, stderr }).toStrictEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toStrictEqual(memberTemplate(settings));
  });

  it("writes the service control policy into a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "cardway-"));
    try {
      const file = join(folder, "policy.json");
      const { status, stdout } = run("--service-control-policy", "--out", file);

      expect({ status, stdout }).toStrictEqual({ status: 0, stdout: "" });
      expect(JSON.parse(readFileSync(file, "utf8"))).toStrictEqual(serviceControlPolicy(settings));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    [["--scp"], 2, /^Unknown option '--scp'.*\n\nUsage: npm run member-template/s],
    [
      ["--service-control-policy", "--card-key-policy"],
      2,
      /^.* are two documents: ask for one at a time\.\n\nUsage/,
    ],
    [["--card-key-policy"], 1, /^The settings name no key of cards \(deployment\.cardKeyArns\)/],
    [
      ["--out", "/nowhere/template.json"],
      1,
      /^ENOENT: no such file or directory, open '\/nowhere\/template\.json'\n$/,
    ],
  ])("says in a sentence what is wrong with %j", (args, status, message) => {
    const answer = run(...args);

    expect(answer).toMatchObject({ status, stdout: "" });
    expect(answer.stderr).toMatch(message);
  });
});
