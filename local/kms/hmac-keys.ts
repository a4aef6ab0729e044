import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { LocalContext } from "../context.ts";
import { type DurableMap, durableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";

/** Where a key or an alias lives. */
export interface KeyLocation {
  accountId: string;
  region: string;
}

export const hmacKeySpecs = ["HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"] as const;
export type HmacKeySpec = (typeof hmacKeySpecs)[number];

/** An HMAC key, as plain data. */
export interface HmacKey extends KeyLocation {
  keyId: string;
  keyArn: string;
  keySpec: HmacKeySpec;
  description: string;
  enabled: boolean;
  createdAt: Date;
  /** Set while the deletion is pending; the key is gone from this moment on. */
  deletionDate?: Date;
  /** Key material, base64. Leaves this module only for the journal. */
  secret: string;
}

/** A second name of a key, as plain data. */
export interface KeyAlias {
  aliasName: string;
  aliasArn: string;
  targetKeyId: string;
  createdAt: Date;
  updatedAt: Date;
}

interface Keyring {
  keys: DurableMap<HmacKey>;
  aliases: DurableMap<KeyAlias>;
}

const digests: Record<HmacKeySpec, { algorithm: string; hash: string; secretBytes: number }> = {
  HMAC_224: { algorithm: "HMAC_SHA_224", hash: "sha224", secretBytes: 28 },
  HMAC_256: { algorithm: "HMAC_SHA_256", hash: "sha256", secretBytes: 32 },
  HMAC_384: { algorithm: "HMAC_SHA_384", hash: "sha384", secretBytes: 48 },
  HMAC_512: { algorithm: "HMAC_SHA_512", hash: "sha512", secretBytes: 64 },
};

const keyIdPattern = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;
const arnPattern = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):(key|alias)\/(.+)$/;

/** The keys and aliases of every account and Region, found by any of a key's four names. */
export class HmacKeys {
  private readonly context: LocalContext;
  private readonly keyrings = new Map<string, Keyring>();

  constructor(context: LocalContext) {
    this.context = context;
  }

  /** @param request.secret - Key material; random if left out. */
  create(
    request: KeyLocation & { keySpec: HmacKeySpec; description?: string; secret?: Uint8Array },
  ): HmacKey {
    const { accountId, region, keySpec } = request;
    const keyId = this.context.newId();
    const secret = Buffer.from(request.secret ?? randomBytes(digests[keySpec].secretBytes));
    const key: HmacKey = {
      accountId,
      region,
      keyId,
      keyArn: keyArn(request, keyId),
      keySpec,
      description: request.description ?? "",
      enabled: true,
      createdAt: this.context.clock.now(),
      secret: secret.toString("base64"),
    };
    this.keyring(request).keys.set(keyId, key);
    return key;
  }

  /** Every key of one account and Region, in the order of its id. */
  list(location: KeyLocation): HmacKey[] {
    return [...this.live(location).keys.values()].sort((a, b) => compare(a.keyId, b.keyId));
  }

  /** Every alias of one account and Region, in the order of its name. */
  listAliases(location: KeyLocation): KeyAlias[] {
    return [...this.live(location).aliases.values()].sort((a, b) => compare(a.aliasName, b.aliasName));
  }

  /**
   * @param name - Key id, key ARN, alias name or alias ARN.
   * @throws {AwsError} `NotFoundException`.
   */
  find(name: string, location: KeyLocation): HmacKey {
    const place = this.place(name, location);
    const keyring = this.live(place);
    if (place.kind === "key") {
      const key = keyring.keys.get(place.id);
      if (key === undefined) throw notFound(`Key '${keyArn(place, place.id)}' does not exist`);
      return key;
    }
    const alias = keyring.aliases.get(`alias/${place.id}`);
    const key = alias === undefined ? undefined : keyring.keys.get(alias.targetKeyId);
    if (key === undefined) throw notFound(`Alias ${aliasArn(place, `alias/${place.id}`)} is not found.`);
    return key;
  }

  /**
   * As {@link find}, for the operations that take no alias.
   *
   * @throws {AwsError} `NotFoundException`, also for an alias.
   */
  findByKeyId(name: string, location: KeyLocation): HmacKey {
    if (this.place(name, location).kind === "alias") throw notFound(`Invalid keyId '${name}'`);
    return this.find(name, location);
  }

  /** The ARN that policies are asked about: the key's own, even where the caller named an alias. */
  permissionArn(name: string, location: KeyLocation): string {
    const place = this.place(name, location);
    if (place.kind === "key") return keyArn(place, place.id);
    const alias = this.live(place).aliases.get(`alias/${place.id}`);
    return alias === undefined ? aliasArn(place, `alias/${place.id}`) : keyArn(place, alias.targetKeyId);
  }

  /** Names of all aliases of a key, in order; none where the ARN is not that of a key. */
  aliasNamesOf(arn: string): string[] {
    const [, region = "", accountId = "", kind, keyId] = arnPattern.exec(arn) ?? [];
    if (kind !== "key") return [];
    return this.listAliases({ accountId, region })
      .filter(({ targetKeyId }) => targetKeyId === keyId)
      .map(({ aliasName }) => aliasName);
  }

  /** @throws {AwsError} `AlreadyExistsException`. */
  requireFreeAlias(aliasName: string, location: KeyLocation): void {
    if (!this.live(location).aliases.has(aliasName)) return;
    const arn = aliasArn(location, aliasName);
    throw new AwsError("AlreadyExistsException", `An alias with the name ${arn} already exists`);
  }

  createAlias(aliasName: string, key: HmacKey): void {
    this.requireFreeAlias(aliasName, key);
    const now = this.context.clock.now();
    this.live(key).aliases.set(aliasName, {
      aliasName,
      aliasArn: aliasArn(key, aliasName),
      targetKeyId: key.keyId,
      createdAt: now,
      updatedAt: now,
    });
  }

  /** @throws {AwsError} `NotFoundException`. */
  findAlias(aliasName: string, location: KeyLocation): KeyAlias {
    const alias = this.live(location).aliases.get(aliasName);
    if (alias === undefined) throw notFound(`Alias ${aliasArn(location, aliasName)} is not found.`);
    return alias;
  }

  updateAlias(aliasName: string, key: HmacKey): void {
    const alias = this.findAlias(aliasName, key);
    alias.targetKeyId = key.keyId;
    alias.updatedAt = this.context.clock.now();
    this.keyring(key).aliases.touch(aliasName);
  }

  /** To be called after a key was changed in place. */
  changed(key: HmacKey): void {
    this.keyring(key).keys.touch(key.keyId);
  }

  deleteAlias(aliasName: string, location: KeyLocation): void {
    this.findAlias(aliasName, location);
    this.live(location).aliases.delete(aliasName);
  }

  private keyring({ accountId, region }: KeyLocation): Keyring {
    const id = `${accountId}/${region}`;
    let keyring = this.keyrings.get(id);
    if (keyring === undefined) {
      keyring = {
        keys: durableMap(this.context, `kms/keys/${id}`),
        aliases: durableMap(this.context, `kms/aliases/${id}`),
      };
      this.keyrings.set(id, keyring);
    }
    return keyring;
  }

  /** The keyring without the keys whose deletion has fallen due, and without their aliases. */
  private live(location: KeyLocation): Keyring {
    const keyring = this.keyring(location);
    const now = this.context.clock.now();
    for (const key of keyring.keys.values()) {
      if (key.deletionDate === undefined || key.deletionDate > now) continue;
      keyring.keys.delete(key.keyId);
      for (const alias of keyring.aliases.values()) {
        if (alias.targetKeyId === key.keyId) keyring.aliases.delete(alias.aliasName);
      }
    }
    return keyring;
  }

  private place(name: string, caller: KeyLocation): KeyLocation & { kind: "key" | "alias"; id: string } {
    const arn = arnPattern.exec(name);
    if (arn !== null) {
      const [, region = "", accountId = "", kind, id = ""] = arn;
      if (region !== caller.region) throw notFound(`Invalid arn ${region}`);
      return { accountId, region, kind: kind === "alias" ? "alias" : "key", id };
    }
    if (name.startsWith("arn:")) throw notFound(`Invalid arn ${name}`);
    if (name.startsWith("alias/")) return { ...caller, kind: "alias", id: name.slice("alias/".length) };
    if (!keyIdPattern.test(name)) throw notFound(`Invalid keyId '${name}'`);
    return { ...caller, kind: "key", id: name };
  }
}

/** The one MAC algorithm of a key spec, for example `HMAC_SHA_256`. */
export function macAlgorithm(keySpec: HmacKeySpec): string {
  return digests[keySpec].algorithm;
}

export function generateMac(key: HmacKey, message: Uint8Array): Buffer {
  return createHmac(digests[key.keySpec].hash, Buffer.from(key.secret, "base64")).update(message).digest();
}

/** Whether `mac` belongs to `message`, in a time that does not depend on where they differ. */
export function verifyMac(key: HmacKey, message: Uint8Array, mac: Uint8Array): boolean {
  const expected = generateMac(key, message);
  return expected.byteLength === mac.byteLength && timingSafeEqual(expected, mac);
}

/** @throws {AwsError} `DisabledException` or `KMSInvalidStateException` where the key cannot be used now. */
export function requireUsable(key: HmacKey): void {
  requireNotPendingDeletion(key);
  if (!key.enabled) throw new AwsError("DisabledException", `${key.keyArn} is disabled.`);
}

/** @throws {AwsError} `KMSInvalidStateException`. */
export function requireNotPendingDeletion(key: HmacKey): void {
  if (key.deletionDate !== undefined) {
    throw new AwsError("KMSInvalidStateException", `${key.keyArn} is pending deletion.`);
  }
}

export function aliasArn({ accountId, region }: KeyLocation, aliasName: string): string {
  return `arn:aws:kms:${region}:${accountId}:${aliasName}`;
}

function keyArn({ accountId, region }: KeyLocation, keyId: string): string {
  return `arn:aws:kms:${region}:${accountId}:key/${keyId}`;
}

function notFound(message: string): AwsError {
  return new AwsError("NotFoundException", message);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
