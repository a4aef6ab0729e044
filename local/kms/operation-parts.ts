import * as z from "zod";
import type { Call } from "../wire/caller.ts";
import type { ConditionValues } from "../wire/operation.ts";
import type { HmacKeys, KeyLocation } from "./hmac-keys.ts";

/** Key id, key ARN, alias name or alias ARN. */
export const KeyIdSchema = z.string().min(1).max(2048);

/** Where a call looks for keys that it does not name by ARN. */
export function locationOf(call: Call): KeyLocation {
  return { accountId: call.caller.accountId, region: call.region };
}

/** The `resource` of an operation on one key. */
export function keyArnOf(keys: HmacKeys): (input: { KeyId: string }, call: Call) => string {
  return (input, call) => keys.permissionArn(input.KeyId, locationOf(call));
}

/**
 * The `context` of an operation on keys. `kms:ResourceAliases` holds every alias of the key that is used, whatever name
 * the request gives it.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases
 */
export function resourceAliases(keys: HmacKeys): (input: unknown, resource: string) => ConditionValues {
  return (_input, resource) => ({ "kms:ResourceAliases": keys.aliasNamesOf(resource) });
}

/**
 * As {@link resourceAliases}, for the operations that take an alias for a key: `kms:RequestAlias` is the alias by which
 * the request names it, if it names it by alias.
 */
export function keyAliases(keys: HmacKeys): (input: { KeyId: string }, resource: string) => ConditionValues {
  return (input, resource) => {
    const alias = /(?:^|:)(alias\/.+)$/.exec(input.KeyId)?.[1];
    return {
      ...(alias !== undefined && { "kms:RequestAlias": alias }),
      ...resourceAliases(keys)(input, resource),
    };
  };
}

/** The entries after the one that the marker names, in order, so that entries made meanwhile do no harm. */
export function pageOf<Entry>(
  entries: Entry[],
  nameOf: (entry: Entry) => string,
  { Limit, Marker }: { Limit: number; Marker?: string | undefined },
): { entries: Entry[]; more: { Truncated: boolean; NextMarker?: string } } {
  const rest = Marker === undefined ? entries : entries.filter((entry) => nameOf(entry) > Marker);
  const page = rest.slice(0, Limit);
  const last = page.at(-1);
  const more =
    rest.length > page.length && last !== undefined
      ? { Truncated: true, NextMarker: nameOf(last) }
      : { Truncated: false };
  return { entries: page, more };
}
