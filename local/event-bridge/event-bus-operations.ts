import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import type { Operation } from "../wire/operation.ts";
import { operation } from "../wire/operation.ts";
import type { EventBus, EventBuses, Place } from "./event-bus.ts";
import {
  EventBusNameOrArnSchema,
  EventBusNameSchema,
  TagListSchema,
  eventBusArn,
  placeOf,
  resolveEventBus,
} from "./event-bus.ts";
import { PageSchema, pageOf } from "./page.ts";

export const CreateEventBusSchema = z.strictObject({
  Name: EventBusNameSchema,
  Description: z.string().max(512).optional(),
  Tags: TagListSchema.default([]),
});

/**
 * Creates an event bus.
 *
 * @throws {AwsError} `ResourceAlreadyExistsException`, `ValidationException`
 */
export function createEventBus(
  context: LocalContext,
  buses: EventBuses,
  place: Place,
  request: z.output<typeof CreateEventBusSchema>,
): EventBus {
  const { Name, Description, Tags } = request;
  if (Name.includes("/")) {
    throw new AwsError("ValidationException", "Event bus name must not contain '/'.");
  }
  if (buses.find(Name, place) !== undefined) {
    throw new AwsError("ResourceAlreadyExistsException", `Event bus ${Name} already exists.`);
  }
  return buses.add(Name, place, {
    createdAt: context.clock.now(),
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    ...(Description === undefined ? {} : { description: Description }),
  });
}

/** The operations on event buses. */
export function eventBusOperations(context: LocalContext, buses: EventBuses): Record<string, Operation> {
  return {
    CreateEventBus: operation({
      input: CreateEventBusSchema,
      action: "events:CreateEventBus",
      resource: ({ Name }, call) => eventBusArn(placeOf(call), Name),
      run: (input, call) => {
        const { arn, description } = createEventBus(context, buses, placeOf(call), input);
        return { EventBusArn: arn, Description: description };
      },
    }),

    DescribeEventBus: operation({
      input: z.strictObject({ Name: EventBusNameOrArnSchema.optional() }),
      action: "events:DescribeEventBus",
      resource: ({ Name }, call) => eventBusArnOf(Name, call),
      run: ({ Name }, call) => describedBus(buses.require(Name, placeOf(call))),
    }),

    ListEventBuses: operation({
      input: PageSchema.extend({ NamePrefix: EventBusNameSchema.default("") }),
      action: "events:ListEventBuses",
      run: ({ NamePrefix, ...paging }, call) => {
        const found = buses.list(placeOf(call)).filter(({ name }) => name.startsWith(NamePrefix));
        const { page, NextToken } = pageOf(found, ({ name }) => name, paging);
        return { EventBuses: page.map(describedBus), NextToken };
      },
    }),

    DeleteEventBus: operation({
      input: z.strictObject({ Name: EventBusNameSchema }),
      action: "events:DeleteEventBus",
      resource: ({ Name }, call) => eventBusArn(placeOf(call), Name),
      run: ({ Name }, call) => {
        if (Name === "default") {
          throw new AwsError("ValidationException", "Cannot delete event bus default.");
        }
        const bus = buses.find(Name, placeOf(call));
        if (bus !== undefined && bus.rules.size > 0) {
          throw new AwsError("ValidationException", "Event bus can't be deleted since it has rules.");
        }
        if (bus !== undefined) buses.remove(bus);
        return {};
      },
    }),
  };
}

/** ARN of the bus that a request names, whether or not it exists. */
export function eventBusArnOf(nameOrArn: string | undefined, call: Call): string {
  const { name, ...place } = resolveEventBus(nameOrArn, placeOf(call));
  return eventBusArn(place, name);
}

function describedBus({ name, arn, description, createdAt, lastModifiedAt }: EventBus): object {
  return {
    Name: name,
    Arn: arn,
    Description: description,
    CreationTime: createdAt,
    LastModifiedTime: lastModifiedAt,
  };
}
