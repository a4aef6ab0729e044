import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import settings from "../../lifecycle.config.ts";
import { memberTemplate } from "../../stacks/definitions/member-template.ts";
import { serviceControlPolicy } from "../../stacks/definitions/service-control-policy.ts";
import { createTestCloud } from "../workflow/test-cloud.ts";
import { type Told, cardway } from "./cardway-world.ts";

const test = createTestCloud();

function run(...words: string[]): Promise<Told> {
  return cardway(test, ["member-template", ...words]);
}

describe("cardway member-template", () => {
  it("prints the template and nothing else", async () => {
    const { code, stdout, stderr } = await run();

    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toStrictEqual(memberTemplate(settings));
  });

  it("writes the service control policy into a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cardway-"));
    try {
      const file = join(folder, "policy.json");
      const { code, stdout } = await run("--service-control-policy", "--out", file);

      expect({ code, stdout }).toStrictEqual({ code: 0, stdout: "" });
      expect(JSON.parse(readFileSync(file, "utf8"))).toStrictEqual(serviceControlPolicy(settings));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    [["--scp"], 2, /^Unknown option '--scp'/],
    [["--service-control-policy", "--card-key-policy"], 2, /are two documents: ask for one at a time/],
    [["--card-key-policy"], 2, /^The settings name no key of cards \(deployment\.cardKeyArns\)/],
    [
      ["--out", "/nowhere/template.json"],
      1,
      /^ENOENT: no such file or directory, open '\/nowhere\/template\.json'\n$/,
    ],
  ])("says in a sentence what is wrong with %j", async (words, code, message) => {
    const told = await run(...words);

    expect(told).toMatchObject({ code, stdout: "" });
    expect(told.stderr).toMatch(message);
  });
});
