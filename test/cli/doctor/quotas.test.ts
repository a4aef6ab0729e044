import { describe, expect, it } from "vitest";
import { needsOf } from "../../../cli/doctor/examine.ts";
import { type QuotaFacts, judgeQuotas } from "../../../cli/doctor/quotas.ts";
import settings from "../../../lifecycle.config.ts";
import { functions } from "../../../stacks/definitions/functions.ts";

function judge(facts: Partial<QuotaFacts>, reservedConcurrency = 0) {
  const findings = judgeQuotas(
    {
      cardVersions: { seen: 10_000 },
      exportJobs: { seen: 20 },
      concurrency: { seen: 1_000 },
      ram: { seen: [{ name: "Resource shares", value: 25_000 }] },
      ...facts,
    },
    { reservedConcurrency, resourceShares: 3 },
    { region: "eu-west-1" },
  );
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
}

describe("judgeQuotas", () => {
  it.each([
    [100, "to do"],
    [101, "ok"],
  ])(
    "takes %i versions of model cards for %s, 100 being what AWS gives without being asked",
    (seen, status) => {
      expect(judge({ cardVersions: { seen } })["quota: model card versions"]).toMatchObject({ status });
    },
  );

  it("has the command to ask for more", () => {
    expect(judge({ cardVersions: { seen: 100 } })["quota: model card versions"]).toMatchObject({
      commands: [
        "aws service-quotas request-service-quota-increase --service-code sagemaker --quota-code L-EF24FBDB --desired-value 10000 --region eu-west-1",
      ],
    });
  });

  it.each([
    [10, 0, "to do"],
    [100, 0, "ok"],
    [100, 1, "to do"],
    [101, 1, "ok"],
  ])("takes %i concurrent executions, %i of them reserved, for %s", (seen, reserved, status) => {
    expect(judge({ concurrency: { seen } }, reserved)["quota: Lambda concurrency"]).toMatchObject({ status });
  });

  it.each([
    [[], "cannot tell"],
    [[{ name: "Resource shares", value: 2 }], "to do"],
    [[{ name: "Number of resource shares per Region", value: 3 }], "ok"],
    [[{ name: "Resource associations per resource share", value: 5_000 }], "cannot tell"],
  ])("takes RAM's quotas %j for %s", (seen, status) => {
    expect(judge({ ram: { seen } })["quota: RAM"]).toMatchObject({ status });
  });

  it("cannot tell about a quota that Service Quotas does not have", () => {
    expect(judge({ exportJobs: { seen: "unknown" } })["quota: card export jobs"]).toMatchObject({
      status: "cannot tell",
    });
  });
});

describe("needsOf", () => {
  it("counts a share for each stage and access, and what the functions reserve", () => {
    const [first, second] = functions;
    const reserving = [first, second].flatMap((definition) =>
      definition === undefined ? [] : [{ ...definition, reservedConcurrency: 5 }],
    );

    expect(needsOf(settings, reserving)).toStrictEqual({ reservedConcurrency: 10, resourceShares: 3 });
  });
});
