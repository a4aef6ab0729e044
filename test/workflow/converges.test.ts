import { DeleteModelCardCommand } from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import { type ModelCardStatus, modelCardStatuses } from "../../events/model-card.ts";
import { type Lifecycle, type SettingsInput, defineSettings } from "../../functions/lifecycle/settings.ts";
import { calledFor, createConvergingWorld, deliveries } from "./converging.ts";
import { accounts, eitherDecides } from "./test-cloud.ts";

const { policyVersion: _derived, ...input } = eitherDecides;
const [lifecycle = { name: "", stages: [] }] = input.lifecycles;
const others = { other: "666666666666", production: "777777777777" };
const everyAccount = [accounts.dev, accounts.test, accounts.prod, ...Object.values(others)];

type World = ReturnType<typeof createConvergingWorld>;

/** Checks, from outside and by the records, that a card has exactly the access of a status. */
async function expectAccess(
  world: World,
  modelCardArn: string,
  status: ModelCardStatus | undefined,
  under: Pick<Lifecycle, "stages"> | "nobody" = lifecycle,
): Promise<void> {
  const stages = under === "nobody" ? [] : under.stages;
  const wanted = calledFor(stages, status);
  for (const accountId of everyAccount) {
    const found = [accountId, await world.access(accountId, modelCardArn)];
    expect(found).toStrictEqual([accountId, wanted[accountId] ?? "none"]);
  }
  const recorded = stages.flatMap(({ name, accountId }) => {
    const access = wanted[accountId] ?? "none";
    return access === "none" ? [] : [`${name} ${accountId} ${access}`];
  });
  expect(await world.recordedStages(modelCardArn)).toStrictEqual(recorded.sort());
}

/** Whether a card is before approvers, which it is in review and at no other time. */
async function expectRequests(world: World, modelCardArn: string, outcomes: string[]): Promise<void> {
  expect(await world.requests(modelCardArn)).toStrictEqual(outcomes);
  const { currentRequest } = await world.test.records.readCard(modelCardArn);
  expect(currentRequest === undefined).toBe(outcomes.at(-1) !== "open");
}

const changes = modelCardStatuses.flatMap((from) =>
  modelCardStatuses.filter((to) => to !== from).map((to) => ({ from, to })),
);

describe.each(deliveries)("with its events %s, a card", (delivery) => {
  it.each(changes)("has the access of its status after $from became $to", async ({ from, to }) => {
    const world = createConvergingWorld(delivery);
    const modelCardArn = await world.test.createCard("churn", from);
    await world.rest(modelCardArn);

    await world.change(modelCardArn, () => world.test.setStatus(modelCardArn, to));

    expect(await world.test.status(modelCardArn)).toBe(`${to} 1`);
    await expectAccess(world, modelCardArn, to);
    await expectRequests(world, modelCardArn, [
      ...(from === "PendingReview" ? ["withdrawn"] : []),
      ...(to === "PendingReview" ? ["open"] : []),
    ]);
  });

  it.each(modelCardStatuses)("is nobody's once it was deleted in %s", async (status) => {
    const world = createConvergingWorld(delivery);
    const modelCardArn = await world.test.createCard("churn", status);
    await world.rest(modelCardArn);

    await world.change(modelCardArn, () =>
      world.test.owner.send(new DeleteModelCardCommand({ ModelCardName: "churn" })),
    );

    await expectAccess(world, modelCardArn, undefined);
    await expectRequests(world, modelCardArn, status === "PendingReview" ? ["withdrawn"] : []);
  });

  it.each(
    (["PendingReview", "Approved"] as const).flatMap((before) =>
      (["Draft", "PendingReview", "Approved"] as const).flatMap((after) =>
        ["the same content", "another content"].map((content) => ({ before, after, content })),
      ),
    ),
  )(
    "is another one where its name was $before and is $after again, with $content",
    async ({ before, after, content }) => {
      const world = createConvergingWorld(delivery);
      const modelCardArn = await world.test.createCard("churn", before);
      await world.rest(modelCardArn);
      const [link = ""] = world.test.links("churn");

      await world.change(modelCardArn, async () => {
        await world.test.owner.send(new DeleteModelCardCommand({ ModelCardName: "churn" }));
        const overview = content === "another content" ? { model_overview: { problem_type: "Fraud" } } : {};
        await world.test.createCard("churn", after, overview);
      });

      await expectAccess(world, modelCardArn, after);
      const asked = before === "PendingReview" ? 1 : 0;
      const outcomes = await world.requests(modelCardArn);
      expect(outcomes.slice(0, asked).every((outcome) => ["superseded", "withdrawn"].includes(outcome))).toBe(
        true,
      );
      expect(outcomes.slice(asked)).toStrictEqual(after === "PendingReview" ? ["open"] : []);
      // The link to the card of before decides nothing about this one.
      if (link === "") return;
      expect((await world.test.post(link, "approve")).text).not.toContain("You approved");
      await world.rest(modelCardArn);
      expect(await world.test.status(modelCardArn)).toBe(`${after} 1`);
    },
  );

  it("of the name of an approved one was never approved, where the settings ask for a record", async () => {
    const settings = defineSettings({ ...input, requireRecordedApproval: true });
    const world = createConvergingWorld(delivery, { settings });
    const modelCardArn = await world.test.createCard("churn", "PendingReview");
    await world.rest(modelCardArn);
    await world.test.post(world.test.links("churn")[0] ?? "", "approve");
    await world.rest(modelCardArn);
    await expectAccess(world, modelCardArn, "Approved");

    await world.change(modelCardArn, async () => {
      await world.test.owner.send(new DeleteModelCardCommand({ ModelCardName: "churn" }));
      await world.test.createCard("churn", "Approved");
    });

    await expectAccess(world, modelCardArn, "PendingReview");
    await expectRequests(world, modelCardArn, ["approved", "open"]);
  });

  it.each(
    (["review-again", "keep"] as const).flatMap((onApprovedEdit) =>
      (["kept", "Draft"] as const).map((statusOfNewVersion) => ({ onApprovedEdit, statusOfNewVersion })),
    ),
  )(
    "edited after its approval has what it may have ($onApprovedEdit, new versions: $statusOfNewVersion)",
    async ({ onApprovedEdit, statusOfNewVersion }) => {
      const settings = defineSettings({ ...input, onApprovedEdit });
      const world = createConvergingWorld(delivery, { settings, modelCardBehaviour: { statusOfNewVersion } });
      const modelCardArn = await world.test.createCard("churn", "PendingReview");
      await world.rest(modelCardArn);
      await world.test.post(world.test.links("churn")[0] ?? "", "approve");
      await world.rest(modelCardArn);
      await expectAccess(world, modelCardArn, "Approved");

      await world.change(modelCardArn, () =>
        world.test.edit(modelCardArn, { model_overview: { problem_type: "Something else" } }),
      );

      const kept = onApprovedEdit === "keep" ? "Approved" : "PendingReview";
      const status = statusOfNewVersion === "Draft" ? "Draft" : kept;
      expect(await world.test.status(modelCardArn)).toBe(`${status} 2`);
      await expectAccess(world, modelCardArn, status);
      await expectRequests(world, modelCardArn, [
        "approved",
        ...(status === "PendingReview" ? ["open"] : []),
      ]);
    },
  );
});

type Stages = typeof lifecycle.stages;

function withStages(change: (stages: Stages) => Stages): SettingsInput {
  return { ...input, lifecycles: [{ ...lifecycle, stages: change(lifecycle.stages) }] };
}

function changed(name: string, change: Partial<Stages[number]>): SettingsInput {
  return withStages((stages) =>
    stages.map((stage) => (stage.name === name ? { ...stage, ...change } : stage)),
  );
}

const [dev, test, prod] = lifecycle.stages;
const stagesOf = (...stages: (Stages[number] | undefined)[]): Stages =>
  stages.filter((stage) => stage !== undefined);
const fast = { name: "fast", stages: stagesOf(dev, prod) };

/** Settings that take the place of the repository's, and the lifecycle that they put the card into. */
const deployments: { what: string; next: SettingsInput; under?: string }[] = [
  { what: "a stage is renamed", next: changed("test", { name: "staging" }), under: "default" },
  { what: "a read-only stage is renamed", next: changed("prod", { name: "live" }), under: "default" },
  {
    what: "a stage moves to another account",
    next: changed("test", { accountId: others.other }),
    under: "default",
  },
  {
    what: "a read-only stage moves to another account",
    next: changed("prod", { accountId: others.production }),
    under: "default",
  },
  {
    what: "a stage is added",
    next: withStages((stages) => [
      ...stages,
      ...stagesOf(test && { ...test, name: "qa", accountId: others.other }),
    ]),
    under: "default",
  },
  {
    what: "a stage is removed",
    next: withStages((stages) => stages.filter(({ name }) => name !== "test")),
    under: "default",
  },
  {
    what: "a read-only stage is removed",
    next: withStages((stages) => stages.filter(({ name }) => name !== "prod")),
    under: "default",
  },
  {
    what: "a stage gets no access any more at one status",
    next: withStages((stages) =>
      stages.map((stage) =>
        stage.name === "dev" ? { ...stage, access: { ...stage.access, Approved: "none" } } : stage,
      ),
    ),
    under: "default",
  },
  {
    what: "the card's route leads to another lifecycle",
    next: {
      ...input,
      lifecycles: [lifecycle, fast],
      routes: [{ namePattern: "*", lifecycle: "fast" }],
    },
    under: "fast",
  },
  {
    what: "no route leads the card anywhere",
    next: { ...input, routes: [{ namePattern: "fraud-*", lifecycle: "default" }] },
  },
];

describe.each([
  { how: "a sweep has run", delivery: "lost" as const },
  { how: "an event has come", delivery: "delivered" as const },
  { how: "events have come late and more than once", delivery: "duplicated and late" as const },
])("once $how, a card", ({ delivery }) => {
  it.each(
    deployments.flatMap((deployment) =>
      (["PendingReview", "Approved"] as const).map((status) => ({ ...deployment, status })),
    ),
  )("in $status has the access of the new settings where $what", async ({ next, under, status }) => {
    const settings = defineSettings(next);
    // The stage accounts have their roles before a card comes.
    const [renewed = lifecycle] = settings.lifecycles;
    const roles = defineSettings({ ...input, lifecycles: [lifecycle, { ...renewed, name: "renewed" }] });
    const world = createConvergingWorld(delivery, { settings: roles });
    world.test.deploy(eitherDecides);
    const modelCardArn = await world.test.createCard("churn", status);
    await world.rest(modelCardArn);
    await expectAccess(world, modelCardArn, status);

    await world.change(modelCardArn, async () => {
      await world.deploy(settings);
      await world.test.setStatus(modelCardArn, status);
    });

    const into = settings.lifecycles.find(({ name }) => name === under);
    await expectAccess(world, modelCardArn, status, into ?? "nobody");
    const outcomes = await world.requests(modelCardArn);
    const isAsked = status === "PendingReview" && into !== undefined;
    expect(outcomes.filter((outcome) => outcome === "open")).toHaveLength(isAsked ? 1 : 0);
  });
});
