import { describe, expect, it } from "vitest";
import { DeploymentSettingsSchema } from "../../../functions/lifecycle/deployment-settings.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { alarms } from "../../../stacks/definitions/alarms.ts";
import { approvalApi } from "../../../stacks/definitions/approval-api.ts";
import { consoleApi } from "../../../stacks/definitions/console-api.ts";
import { deploymentOf } from "../../../stacks/definitions/deployment.ts";

const secondsOfAWeek = 7 * 86_400;

describe("the alarm of a late sweep", () => {
  it.each([1, 2, 23, 24, 25, 36, 84])(
    "sleeps through two intervals of %i hours and no longer than CloudWatch can look back",
    (sweepEveryHours) => {
      const deployment = DeploymentSettingsSchema.parse({ sweepEveryHours });
      const all = alarms(deploymentOf(lifecycleSettings, ""), { deployment });
      const late = all.find(({ name }) => name === "cardway-sweep-late");
      const seconds = (late?.periodSeconds ?? 0) * (late?.evaluationPeriods ?? 0);

      expect(seconds).toBeGreaterThanOrEqual(2 * sweepEveryHours * 3_600);
      expect(seconds).toBeLessThanOrEqual(secondsOfAWeek);
    },
  );

  it("refuses intervals of which two are longer than that", () => {
    expect(DeploymentSettingsSchema.safeParse({ sweepEveryHours: 85 }).success).toBe(false);
  });
});

describe.each([approvalApi, consoleApi])("the access log of $name", ({ accessLogFormat }) => {
  // messageString comes in quotes of its own.
  it("is JSON whatever API Gateway puts in", () => {
    const line = accessLogFormat.replaceAll(/\$context\.[A-Za-z.]*[A-Za-z]/g, (variable) =>
      variable.endsWith("String") ? '"Not Found"' : "200",
    );

    expect(() => JSON.parse(line)).not.toThrow();
  });
});
