import * as z from "zod";
import { AwsError } from "../../wire/aws-error.ts";
import type { Call } from "../../wire/caller.ts";
import { type Operation, operation } from "../../wire/operation.ts";
import { parseArn } from "../arn.ts";
import type { StateMachineRecord } from "../records.ts";
import type { StateMachines } from "../state-machines.ts";
import { ArnSchema } from "./fields.ts";

const TagKeySchema = z.string().min(1).max(128);

export const TagListSchema = z.array(
  z.strictObject({ key: TagKeySchema, value: z.string().max(256).optional() }),
);

const mostTags = 50;

/** Adds tags to a resource's tags. @throws {AwsError} `TooManyTags`. */
export function tagsFrom(
  existing: Record<string, string>,
  added: z.output<typeof TagListSchema>,
): Record<string, string> {
  const tags = { ...existing };
  for (const { key, value = "" } of added) tags[key] = value;
  if (Object.keys(tags).length > mostTags) {
    throw new AwsError("TooManyTags", `A resource can have at most ${mostTags} tags`);
  }
  return tags;
}

export function tagOperations(machines: StateMachines): Record<string, Operation> {
  const tagged = (arn: string, { caller, region }: Call): StateMachineRecord => {
    parseArn(arn, "stateMachine");
    const record = machines.find(arn);
    if (record === undefined || record.accountId !== caller.accountId || record.region !== region) {
      throw new AwsError("ResourceNotFound", `Resource not found: '${arn}'`, 400, { resourceName: arn });
    }
    return record;
  };
  return {
    ListTagsForResource: operation({
      input: z.strictObject({ resourceArn: ArnSchema }),
      action: "states:ListTagsForResource",
      resource: (input) => input.resourceArn,
      run: ({ resourceArn }, call) => ({
        tags: Object.entries(tagged(resourceArn, call).tags).map(([key, value]) => ({ key, value })),
      }),
    }),

    TagResource: operation({
      input: z.strictObject({ resourceArn: ArnSchema, tags: TagListSchema }),
      action: "states:TagResource",
      resource: (input) => input.resourceArn,
      run: ({ resourceArn, tags }, call) => {
        const record = tagged(resourceArn, call);
        record.tags = tagsFrom(record.tags, tags);
        machines.changed(record);
        return {};
      },
    }),

    UntagResource: operation({
      input: z.strictObject({ resourceArn: ArnSchema, tagKeys: z.array(TagKeySchema) }),
      action: "states:UntagResource",
      resource: (input) => input.resourceArn,
      run: ({ resourceArn, tagKeys }, call) => {
        const record = tagged(resourceArn, call);
        record.tags = Object.fromEntries(
          Object.entries(record.tags).filter(([key]) => !tagKeys.includes(key)),
        );
        machines.changed(record);
        return {};
      },
    }),
  };
}
