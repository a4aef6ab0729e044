import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Operation } from "../wire/operation.ts";
import { operation } from "../wire/operation.ts";
import type { EventBuses, Place } from "./event-bus.ts";
import { TagListSchema, placeOf } from "./event-bus.ts";

const ResourceSchema = z.strictObject({ ResourceARN: z.string().min(1).max(1600) });

/** The operations on the tags of rules and event buses. */
export function tagOperations(buses: EventBuses): Record<string, Operation> {
  const resource = ({ ResourceARN }: z.output<typeof ResourceSchema>): string => ResourceARN;
  return {
    TagResource: operation({
      input: ResourceSchema.extend({ Tags: TagListSchema }),
      action: "events:TagResource",
      resource,
      run: ({ ResourceARN, Tags }, call) => {
        const { tagged, eventBusName } = taggedResource(buses, ResourceARN, placeOf(call));
        for (const { Key, Value } of Tags) tagged.tags[Key] = Value;
        buses.changed(eventBusName, placeOf(call));
        return {};
      },
    }),

    UntagResource: operation({
      input: ResourceSchema.extend({ TagKeys: z.array(z.string().min(1).max(128)) }),
      action: "events:UntagResource",
      resource,
      run: ({ ResourceARN, TagKeys }, call) => {
        const { tagged, eventBusName } = taggedResource(buses, ResourceARN, placeOf(call));
        tagged.tags = Object.fromEntries(
          Object.entries(tagged.tags).filter(([key]) => !TagKeys.includes(key)),
        );
        buses.changed(eventBusName, placeOf(call));
        return {};
      },
    }),

    ListTagsForResource: operation({
      input: ResourceSchema,
      action: "events:ListTagsForResource",
      resource,
      run: ({ ResourceARN }, call) => {
        const { tags } = taggedResource(buses, ResourceARN, placeOf(call)).tagged;
        return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
      },
    }),
  };
}

function taggedResource(
  buses: EventBuses,
  arn: string,
  place: Place,
): { tagged: { tags: Record<string, string> }; eventBusName: string | undefined } {
  const [, region, accountId, kind, path] =
    /^arn:aws[\w-]*:events:([\w-]+):(\d{12}):(rule|event-bus)\/(.+)$/.exec(arn) ?? [];
  if (path === undefined || region !== place.region || accountId !== place.accountId) {
    throw new AwsError("ValidationException", `Parameter ResourceARN is not valid. Reason: ${arn}.`);
  }
  if (kind === "event-bus") return { tagged: buses.require(path, place), eventBusName: path };
  const slash = path.lastIndexOf("/");
  const eventBusName = slash < 0 ? undefined : path.slice(0, slash);
  return { tagged: buses.requireRule(path.slice(slash + 1), eventBusName, place), eventBusName };
}
