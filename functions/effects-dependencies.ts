import type * as z from "zod";
import { createPromotionRecords } from "./aws/dynamodb.ts";
import { createEvents } from "./aws/event-bridge.ts";
import type { EffectsEnvironmentSchema } from "./runtime/environment.ts";
import type { Runtime } from "./runtime/runtime.ts";

/** What every function works with that keeps records and announces what it has done. */
export function effectsDependencies(
  runtime: Runtime & { variables: z.output<typeof EffectsEnvironmentSchema> },
) {
  const { settings, now, variables } = runtime;
  return {
    records: createPromotionRecords(runtime, variables.TABLE_NAME),
    events: createEvents(runtime, variables.EVENT_BUS_NAME),
    settings,
    now,
  };
}
