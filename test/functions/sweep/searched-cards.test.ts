import { describe, expect, it } from "vitest";
import type { ListedCard } from "../../../functions/aws/model-card-list.ts";
import { executionNameFor } from "../../../functions/aws/step-functions.ts";
import { defineSettings } from "../../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { arnOf, draft, sweepAll, world } from "./sweep-world.ts";

const { policyVersion: _derived, ...settingsInput } = lifecycleSettings;
const settings = defineSettings({
  ...settingsInput,
  routes: [{ tag: { key: "team", value: "churn" }, lifecycle: "default" }],
});
const tagged = (name: string): ListedCard => ({ ...draft(name), tags: { team: "churn" } });
const untagged = (name: string): ListedCard => ({ ...draft(name), tags: {} });

describe("sweep of cards that search finds", () => {
  it("routes a card by the tags that its page carries, and reads them again where it differs", async () => {
    const cards = [tagged("a"), tagged("b"), untagged("c"), untagged("d")];
    const { dependencies, started } = await world([cards], ["a", "c"], { settings });
    const read: string[] = [];
    const { tags } = dependencies.modelCards;
    const modelCards = {
      ...dependencies.modelCards,
      tags: (modelCardArn: string) => {
        read.push(modelCardArn.split("/")[1] ?? "");
        return tags(modelCardArn);
      },
    };

    await sweepAll({ ...dependencies, modelCards });

    expect(started).toStrictEqual(["b", "c", "d"]);
    expect(read).toStrictEqual(["b", "c", "d"]);
  });

  it("takes no card for gone that search does not find, and compares that as it is", async () => {
    const present = [tagged("settled"), tagged("differs")];
    const { dependencies, started, completed, settle } = await world([[]], ["settled", "gone"], {
      settings,
      present,
    });
    await settle("differs");

    await sweepAll(dependencies);

    expect(started.sort()).toStrictEqual(["differs", "gone"]);
    expect(completed()).toMatchObject([
      {
        scanned: 0,
        differing: 2,
        differences: { "access-missing": 1, "gone-but-shared": 1, "gone-but-recorded": 1 },
      },
    ]);
  });

  it("counts and starts nothing for what search alone shows to differ", async () => {
    const later = { status: "Archived" as const, lastModifiedTime: "2025-12-02T00:00:00.000Z" };
    const page = [untagged("untagged"), { ...tagged("archived"), ...later }, tagged("forgotten")];
    const present = [tagged("untagged"), tagged("archived")];
    const { dependencies, started, completed } = await world([page], ["untagged", "archived"], {
      settings,
      present,
    });

    await sweepAll(dependencies);

    expect(started).toStrictEqual([]);
    expect(completed()).toMatchObject([{ scanned: 3, differing: 0, failing: 0 }]);
  });

  it("leaves cards to the next sweep, uncounted, that there is no time to read", async () => {
    const names = Array.from({ length: 300 }, (_, index) => `card-${index}`);
    const { dependencies, started, completed } = await world([[]], names, {
      settings,
      present: names.map(tagged),
      readMs: 1_000,
    });

    await sweepAll(dependencies);

    expect(started).toStrictEqual([]);
    expect(completed()).toMatchObject([{ differing: 0, failing: 0 }]);
  });

  it("counts a card once that is found once a version, on two pages", async () => {
    const { dependencies, started, completed } = await world(
      [[tagged("a")], [tagged("a"), tagged("b")]],
      ["a"],
      {
        settings,
      },
    );

    await sweepAll(dependencies);

    expect(started).toStrictEqual(["b"]);
    expect(completed()).toMatchObject([{ scanned: 2, differing: 1 }]);
  });

  it("counts and starts a card once that differs and is found once a version, on two pages", async () => {
    const { dependencies, completed } = await world([[tagged("a")], [tagged("a"), tagged("b")]], [], {
      settings,
    });

    const { progress } = await sweepAll(dependencies);

    expect(completed()).toMatchObject([{ scanned: 2, differing: 2, started: 2 }]);
    expect(progress.found.map(({ modelCardName }) => modelCardName)).toStrictEqual(["a", "b"]);
  });

  it("counts a card once as repaired that is found once a version, on two pages", async () => {
    const { dependencies, completed, settle } = await world([[tagged("a")], [tagged("a")]], ["a"], {
      settings,
    });
    const previous = "arn:aws:states:us-east-1:111111111111:execution:cardway-sweep:0";
    await dependencies.records.keepLastSweep({ executionArn: previous, previous: null });
    await settle("a", `execution:${executionNameFor(`${previous} ${arnOf("a")}`)}`);

    await sweepAll(dependencies);

    expect(completed()).toMatchObject([{ scanned: 1, differing: 0, repaired: 1 }]);
  });
});
