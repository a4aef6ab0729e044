import * as z from "zod";
import type { EventEnvelope } from "../../events/envelope.ts";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import type { Operation } from "../wire/operation.ts";
import { operation } from "../wire/operation.ts";
import { eventBusArnOf } from "./event-bus-operations.ts";
import type { EventBuses, Place } from "./event-bus.ts";
import { placeOf, resolveEventBus } from "./event-bus.ts";
import { compileEventPattern } from "./event-pattern.ts";
import { isJsonObject } from "./json-value.ts";
import type { PutEventsEntry } from "./put-events.ts";
import { PutEventsEntrySchema, eventOfEntry, requireTotalSize } from "./put-events.ts";
import { parseBoundedJson } from "../wire/bounded-json.ts";

/** What an event that is tested against a pattern has to have; `version` and `resources` can be missing. */
const mandatoryFields = ["id", "account", "source", "time", "region", "detail-type"];

/** The operations on events themselves. `ingest` takes an event onto a bus. */
export function eventOperations(
  context: LocalContext,
  buses: EventBuses,
  ingest: (event: EventEnvelope, busName: string, place: Place) => void,
): Record<string, Operation> {
  function putEntry(entry: PutEventsEntry, call: Call): object {
    const place = placeOf(call);
    const { name, ...busPlace } = resolveEventBus(entry.EventBusName, place);
    const event = eventOfEntry(entry, { id: context.newId(), ...place, now: context.clock.now() });
    if ("ErrorCode" in event) return event;
    if (buses.find(name, busPlace) === undefined) {
      // AWS takes the event and loses it, so the log is the only trace.
      context.log(`events: PutEvents names event bus ${name}, which does not exist; the event is lost`);
    } else {
      ingest(event, name, busPlace);
    }
    return { EventId: event.id };
  }

  return {
    PutEvents: operation({
      input: z.strictObject({
        Entries: z.array(PutEventsEntrySchema).min(1).max(10),
      }),
      action: "events:PutEvents",
      resource: ({ Entries }, call) => [
        ...new Set(Entries.map(({ EventBusName }) => eventBusArnOf(EventBusName, call))),
      ],
      run: ({ Entries }, call) => {
        for (const { EventBusName } of Entries) requireOwnBus(EventBusName, call);
        requireTotalSize(Entries);
        const results = Entries.map((entry) => putEntry(entry, call));
        return {
          FailedEntryCount: results.filter((result) => "ErrorCode" in result).length,
          Entries: results,
        };
      },
    }),

    TestEventPattern: operation({
      input: z.strictObject({ EventPattern: z.string().max(4096), Event: z.string() }),
      action: "events:TestEventPattern",
      run: ({ EventPattern, Event }) => ({ Result: compileEventPattern(EventPattern)(parseEvent(Event)) }),
    }),
  };
}

/** Buses of other accounts and regions take events only by a policy, which is not modelled. */
function requireOwnBus(nameOrArn: string | undefined, call: Call): void {
  const place = placeOf(call);
  const { name, ...busPlace } = resolveEventBus(nameOrArn, place);
  if (busPlace.accountId !== place.accountId) {
    throw new AwsError(
      "AccessDeniedException",
      `User: ${call.caller.arn} is not authorized to perform: events:PutEvents on resource: ${eventBusArnOf(nameOrArn, call)} because no resource-based policy allows the events:PutEvents action`,
    );
  }
  if (busPlace.region !== place.region) {
    throw new AwsError(
      "ValidationException",
      `Event bus ${name} is in region ${busPlace.region}, not in ${place.region}.`,
    );
  }
}

function parseEvent(text: string): Record<string, unknown> {
  try {
    const event: unknown = parseBoundedJson(text);
    if (isJsonObject(event) && mandatoryFields.every((field) => Object.hasOwn(event, field))) return event;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AwsError("ValidationException", "Parameter Event is not valid.");
}
