import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { operation } from "../wire/operation.ts";
import type { Route } from "../wire/rest-json.ts";
import { invalidParameter } from "./ram-error.ts";
import { TagsSchema } from "./request-schemas.ts";
import type { ResourceShareStore } from "./resource-share-store.ts";
import { addTags } from "./share-tags.ts";
import { ownedShare, ownShareResource } from "./share-access.ts";

const taggedResource = { resourceShareArn: z.string().optional(), resourceArn: z.string().optional() };

/**
 * `TagResource` and `UntagResource`, for resource shares.
 *
 * @see https://docs.aws.amazon.com/ram/latest/APIReference/API_TagResource.html
 */
export function tagRoutes(context: LocalContext, store: ResourceShareStore): Route[] {
  /** @throws {AwsError} `InvalidParameterException` unless it is a share: AWS's own permissions take no tags. */
  function taggedShareArn(request: {
    resourceShareArn?: string | undefined;
    resourceArn?: string | undefined;
  }): string {
    if ((request.resourceShareArn === undefined) === (request.resourceArn === undefined)) {
      throw invalidParameter("You must specify either resourceShareArn or resourceArn, but not both.");
    }
    if (request.resourceShareArn !== undefined) return request.resourceShareArn;
    context.log("ram: tags of customer managed permissions are not built in the local endpoint");
    throw invalidParameter("Only resource shares and customer managed permissions can have tags.");
  }

  return [
    {
      method: "POST",
      path: "/tagresource",
      operation: operation({
        input: z.strictObject({ ...taggedResource, tags: TagsSchema.min(1) }),
        action: "ram:TagResource",
        resource: ({ resourceShareArn = "*" }, call) => ownShareResource(resourceShareArn, call),
        run: (input, call) => {
          const share = ownedShare(store, taggedShareArn(input), call);
          share.tags = addTags(share.tags, input.tags);
          store.changed(share);
          return {};
        },
      }),
    },
    {
      method: "POST",
      path: "/untagresource",
      operation: operation({
        input: z.strictObject({ ...taggedResource, tagKeys: z.array(z.string()).min(1) }),
        action: "ram:UntagResource",
        resource: ({ resourceShareArn = "*" }, call) => ownShareResource(resourceShareArn, call),
        run: (input, call) => {
          const share = ownedShare(store, taggedShareArn(input), call);
          for (const key of input.tagKeys) share.tags.delete(key);
          store.changed(share);
          return {};
        },
      }),
    },
  ];
}
