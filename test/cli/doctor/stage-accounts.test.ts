import { describe, expect, it } from "vitest";
import { stageAccountsOf, stageProfiles } from "../../../cli/doctor/stage-accounts.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { defineSettings } from "../../../functions/lifecycle/settings.ts";
import settings from "../../../lifecycle.config.ts";
import { accounts } from "../../workflow/test-cloud.ts";

const { policyVersion: _derived, ...input } = settings;
const [lifecycle] = input.lifecycles;
const stages = lifecycle?.stages ?? [];
const twoLifecycles = defineSettings({
  ...input,
  lifecycles: [
    { name: "default", stages },
    {
      name: "second",
      stages: stages.map((stage) => ({ ...stage, accountId: `5${stage.accountId.slice(1)}` })),
    },
  ],
});

describe("stageProfiles", () => {
  it("finds a stage's account by its name, and any by its id", () => {
    expect(stageProfiles(["dev=a", `${accounts.prod}=b=c`], settings)).toStrictEqual(
      new Map([
        [accounts.dev, "a"],
        [accounts.prod, "b=c"],
      ]),
    );
  });

  it.each([
    [["dev"], settings, "write it as STAGE=PROFILE"],
    [["dev="], settings, "write it as STAGE=PROFILE"],
    [["staging=a"], settings, "there is no stage staging; there are: dev, test, prod"],
    [["dev=a", "dev=b"], settings, `account ${accounts.dev} has a profile already`],
    [["dev=a"], twoLifecycles, "name one of default-dev, second-dev instead"],
  ])("explains itself for %j", (flags, given, sentence) => {
    const finding = () => stageProfiles(flags, given);

    expect(finding).toThrow(UsageError);
    expect(finding).toThrow(sentence);
  });

  it("tells accounts of one stage name apart by their lifecycles", () => {
    expect(stageProfiles(["default-dev=a", "second-dev=b"], twoLifecycles)).toStrictEqual(
      new Map([
        [accounts.dev, "a"],
        [`5${accounts.dev.slice(1)}`, "b"],
      ]),
    );
  });

  it("knows an account once, with all its stages", () => {
    const [dev, ...others] = stages;
    const shared = defineSettings({
      ...input,
      lifecycles: [{ name: "default", stages: dev ? [dev, { ...dev, name: "lab" }, ...others] : [] }],
    });

    expect(stageAccountsOf(shared)[0]).toStrictEqual({ accountId: accounts.dev, stages: ["dev", "lab"] });
  });
});
