import { describe, expect, it } from "vitest";
import * as z from "zod";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { dashboard } from "../../../stacks/definitions/dashboard.ts";
import { deploymentOf } from "../../../stacks/definitions/deployment.ts";
import { eventMetrics } from "../../../stacks/definitions/event-metrics.ts";
import { deadLetterQueues } from "../../../stacks/definitions/rules.ts";

const deployment = deploymentOf(lifecycleSettings, "https://approvals.example.com");

/** What stands at a place of an event, for example `$.detail.scanned`. */
function at(place: string, event: unknown): unknown {
  return place
    .split(".")
    .slice(1)
    .reduce((value, name) => z.looseObject({}).parse(value)[name], event);
}

describe("a metric of events", () => {
  it.each(eventMetrics.map((metric) => [metric.metricName, metric] as const))(
    "finds in its event what it counts, and what tells its values apart: %s",
    (_name, { event, value, dimension }) => {
      const sample = event.schema.parse(event.sample);

      expect(value === "1" ? 1 : at(value, sample)).toBeGreaterThanOrEqual(0);
      if (dimension === undefined) return;
      const found = at(dimension.place, sample);
      expect(found).toStrictEqual(expect.any(String));
      expect(dimension.values ?? [found]).toContain(found);
    },
  );
});

describe("the dashboard", () => {
  const { widgets } = dashboard(deployment, lifecycleSettings);
  const lines = JSON.stringify(widgets.filter(({ type }) => type === "metric"));

  it.each(eventMetrics.map(({ metricName }) => metricName))("shows %s", (metricName) => {
    expect(lines).toMatch(new RegExp(`"Cardway","${metricName}"|MetricName=."${metricName}.`));
  });

  it.each(deadLetterQueues(deployment).map(({ queueName }) => queueName))(
    "shows what lies open in %s",
    (queueName) => {
      expect(lines).toContain(`"AWS/SQS","ApproximateNumberOfMessagesVisible","QueueName","${queueName}"`);
    },
  );

  it("finds each value of a dimension by a search", () => {
    expect(lines).toContain(
      JSON.stringify(`SEARCH('{Cardway,Outcome} MetricName="PromotionsCompleted"', 'Sum', 300)`),
    );
  });

  it("has no two widgets in one place", () => {
    const places = widgets.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_, cell) => `${x + (cell % width)} ${y + Math.floor(cell / width)}`,
      ),
    );

    expect(new Set(places).size).toBe(places.length);
    expect(widgets.every(({ x, width }) => x + width <= 24)).toBe(true);
  });
});
