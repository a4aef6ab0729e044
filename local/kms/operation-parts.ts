import * as z from "zod";
import type { Call } from "../wire/caller.ts";
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

/** `kms:RequestAlias`: the alias by which a request names its key, if it names it by alias. */
export function requestAlias({ KeyId }: { KeyId: string }): Record<string, string> {
  const alias = /(?:^|:)(alias\/.+)$/.exec(KeyId)?.[1];
  return alias === undefined ? {} : { "kms:RequestAlias": alias };
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
