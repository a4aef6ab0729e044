import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import { operation } from "../wire/operation.ts";
import type { Operation } from "../wire/operation.ts";
import { aliasArn, requireNotPendingDeletion } from "./hmac-keys.ts";
import type { HmacKeys, KeyAlias } from "./hmac-keys.ts";
import { KeyIdSchema, locationOf, pageOf, resourceAliases } from "./operation-parts.ts";

const AliasNameSchema = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[a-zA-Z0-9:/_-]+$/);

/** The operations on aliases. */
export function aliasOperations(keys: HmacKeys): Record<string, Operation> {
  return {
    ListAliases: operation({
      input: z.strictObject({
        KeyId: KeyIdSchema.optional(),
        Limit: z.int().min(1).max(100).default(50),
        Marker: z.string().optional(),
      }),
      action: "kms:ListAliases",
      run(input, call) {
        const target =
          input.KeyId === undefined ? undefined : keys.findByKeyId(input.KeyId, locationOf(call)).keyId;
        const aliases = keys
          .listAliases(locationOf(call))
          .filter(({ targetKeyId }) => target === undefined || targetKeyId === target);
        const page = pageOf(aliases, ({ aliasName }) => aliasName, input);
        return { Aliases: page.entries.map((alias) => aliasEntry(alias)), ...page.more };
      },
    }),
    CreateAlias: operation({
      input: z.strictObject({ AliasName: AliasNameSchema, TargetKeyId: KeyIdSchema }),
      action: "kms:CreateAlias",
      resource: (input, call) => [
        aliasArn(locationOf(call), input.AliasName),
        keys.permissionArn(input.TargetKeyId, locationOf(call)),
      ],
      context: resourceAliases(keys),
      run(input, call) {
        requireOwnAliasName(input.AliasName);
        const key = keys.findByKeyId(input.TargetKeyId, locationOf(call));
        requireNotPendingDeletion(key);
        keys.createAlias(input.AliasName, key);
        return {};
      },
    }),
    UpdateAlias: operation({
      input: z.strictObject({ AliasName: AliasNameSchema, TargetKeyId: KeyIdSchema }),
      action: "kms:UpdateAlias",
      resource: (input, call) => [
        aliasArn(locationOf(call), input.AliasName),
        keys.permissionArn(input.AliasName, locationOf(call)),
        keys.permissionArn(input.TargetKeyId, locationOf(call)),
      ],
      context: resourceAliases(keys),
      run(input, call) {
        requireOwnAliasName(input.AliasName);
        const key = keys.findByKeyId(input.TargetKeyId, locationOf(call));
        requireNotPendingDeletion(key);
        keys.updateAlias(input.AliasName, key);
        return {};
      },
    }),
    DeleteAlias: operation({
      input: z.strictObject({ AliasName: AliasNameSchema }),
      action: "kms:DeleteAlias",
      resource: (input, call) => [
        aliasArn(locationOf(call), input.AliasName),
        keys.permissionArn(input.AliasName, locationOf(call)),
      ],
      context: resourceAliases(keys),
      run(input, call) {
        requireOwnAliasName(input.AliasName);
        keys.deleteAlias(input.AliasName, locationOf(call));
        return {};
      },
    }),
  };
}

function requireOwnAliasName(aliasName: string): void {
  if (!aliasName.startsWith("alias/")) {
    throw new AwsError(
      "ValidationException",
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  }
  if (aliasName.startsWith("alias/aws/")) throw new AwsError("NotAuthorizedException", "");
}

function aliasEntry(alias: KeyAlias): object {
  return {
    AliasName: alias.aliasName,
    AliasArn: alias.aliasArn,
    TargetKeyId: alias.targetKeyId,
    CreationDate: alias.createdAt,
    LastUpdatedDate: alias.updatedAt,
  };
}
