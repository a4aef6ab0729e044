import type { Settings } from "../../functions/lifecycle/settings.ts";
import { alarms } from "../../stacks/definitions/alarms.ts";
import { dashboardName } from "../../stacks/definitions/dashboard.ts";
import { type Deployment, dataKeyAlias, linkKeyAlias } from "../../stacks/definitions/deployment.ts";
import { eventMetricCount } from "../../stacks/definitions/event-metrics.ts";
import { functionNameOf, functions } from "../../stacks/definitions/functions.ts";
import type { Counts } from "./journey.ts";
import type { Price, monthlyPrices, usagePrices } from "./prices.ts";

/** What a machine without a network cannot measure. */
export interface Assumptions {
  /** From a function to an AWS service and back. */
  roundTripMs: number;
  /** Until a function's code is loaded, which is billed. */
  coldStartMs: number;
}

export const usualAssumptions: Assumptions = { roundTripMs: 25, coldStartMs: 500 };

export type Usage = Record<keyof typeof usagePrices, number>;
export type Monthly = Record<keyof typeof monthlyPrices, number>;

/** Sizes of log lines in bytes, with the 26 that CloudWatch adds to each: estimated, since nothing writes them on one machine. */
export const logBytes = { invocation: 1_500, historyEvent: 420, request: 420, event: 26 };

const bytesPerGb = 1_000_000_000;
/** Memory at which a function has one whole processor. @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const memoryOfOneProcessorMb = 1_769;

/** What one promotion uses of what AWS asks money for. */
export function usageOf(counts: Counts, { roundTripMs, coldStartMs }: Assumptions): Usage {
  const { executions, transitions, historyEvents, httpRequests, pageBytes } = counts;
  const { readUnits, writeUnits, kmsRequests, mails, events, eventBytes } = counts;
  const all = Object.entries(counts.functions);
  const invocations = all.reduce((sum, [, { invocations }]) => sum + invocations, 0);
  const gbSeconds = all.reduce((sum, [folder, { computeMs, calls, coldStarts }]) => {
    const memoryMb =
      functions.find(({ functionName }) => functionName === functionNameOf(folder))?.memoryMb ?? 0;
    const slower = Math.max(1, memoryOfOneProcessorMb / memoryMb);
    const billedMs = computeMs * slower + calls * roundTripMs + coldStarts * coldStartMs;
    return sum + (memoryMb / 1_024) * (billedMs / 1_000);
  }, 0);
  const logsBytes =
    invocations * logBytes.invocation +
    historyEvents * logBytes.historyEvent +
    httpRequests * logBytes.request +
    eventBytes +
    events * logBytes.event;
  return {
    transitions,
    invocations,
    gbSeconds,
    writeUnits,
    readUnits,
    kmsRequests,
    mails,
    events,
    archivedGb: eventBytes / bytesPerGb,
    httpRequests,
    pagesGb: pageBytes / bytesPerGb,
    logsGb: logsBytes / bytesPerGb,
    // Each execution and each request is a trace, if none is left out by sampling.
    traces: executions + httpRequests,
  };
}

/** What stands in the model card account whether a card moves or not, by the definitions that deploy it. */
export function monthlyOf(place: Deployment, settings: Pick<Settings, "deployment">): Monthly {
  const all = alarms(place, settings);
  return {
    keys: [linkKeyAlias, dataKeyAlias].length,
    alarms: all.length,
    // What SES publishes by a configuration set is charged like metrics of one's own, unlike what services send by themselves.
    metrics: eventMetricCount + all.filter(({ metric }) => metric.namespace === "AWS/SES").length,
    dashboards: [dashboardName].length,
  };
}

/** A line of the bill. */
export interface Line {
  price: Price;
  quantity: number;
  dollars: number;
}

/** The bill for so much of everything: quantity times price, divided by how many units the price is for. */
export function linesOf(quantities: Record<string, number>, prices: Record<string, Price>): Line[] {
  return Object.entries(prices).map(([key, price]) => {
    const quantity = quantities[key];
    if (quantity === undefined) throw new TypeError(`Nobody counts ${key}`);
    return { price, quantity, dollars: (quantity * price.dollars) / price.per };
  });
}

export function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}
