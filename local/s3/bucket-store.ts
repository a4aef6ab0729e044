import { createHash } from "node:crypto";
import type { LocalContext } from "../context.ts";
import { type DurableMap, durableMap } from "../journal/durable-map.ts";
import {
  type Bucket,
  type ObjectVersion,
  type StoredObject,
  type StoredVersion,
  isBucketName,
} from "./bucket.ts";
import { type Checksum, checksumOf } from "./checksum.ts";
import { S3Error, noSuchBucket } from "./s3-error.ts";

export type NewBucket = Pick<Bucket, "name" | "accountId" | "region"> & { isVersioned?: boolean };

/** The buckets of all accounts and Regions, with their objects. */
export class BucketStore {
  private readonly context: Pick<LocalContext, "clock" | "newId" | "journal">;
  private readonly buckets: DurableMap<Bucket>;
  private readonly objects = new Map<string, DurableMap<StoredObject>>();

  constructor(context: Pick<LocalContext, "clock" | "newId" | "journal">) {
    this.context = context;
    this.buckets = durableMap(context, "s3/buckets");
  }

  find(name: string): Bucket | undefined {
    return this.buckets.get(name);
  }

  /** @throws {S3Error} `NoSuchBucket` */
  require(name: string): Bucket {
    const bucket = this.find(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }

  /** An account's buckets in the order of their names. */
  ownedBy(accountId: string): Bucket[] {
    return [...this.buckets.values()]
      .filter((bucket) => bucket.accountId === accountId)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** @throws {S3Error} `InvalidBucketName`, `BucketAlreadyExists`, `BucketAlreadyOwnedByYou`. */
  create({ isVersioned = false, ...bucket }: NewBucket): void {
    if (!isBucketName(bucket.name)) {
      throw new S3Error("InvalidBucketName", "The specified bucket is not valid.", 400, {
        members: { BucketName: bucket.name },
      });
    }
    const existing = this.find(bucket.name);
    if (existing === undefined) {
      this.buckets.set(bucket.name, { ...bucket, isVersioned, creationTime: this.context.clock.now() });
    } else if (existing.accountId !== bucket.accountId) {
      throw new S3Error(
        "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
        409,
        { members: { BucketName: bucket.name } },
      );
    } else if (existing.region !== "us-east-1" || bucket.region !== "us-east-1") {
      // In us-east-1 S3 has always answered that all is well.
      throw new S3Error(
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
        409,
        { members: { BucketName: bucket.name } },
      );
    }
  }

  /** Creates a bucket, or sets what can change of the one that there is. */
  put(bucket: NewBucket): void {
    const existing = this.find(bucket.name);
    if (existing === undefined) this.create(bucket);
    else this.buckets.set(bucket.name, { ...existing, isVersioned: bucket.isVersioned ?? false });
  }

  /** What a key holds now; `undefined` where nothing was ever there. */
  current(bucket: Bucket, key: string): StoredVersion | undefined {
    return this.objectsOf(bucket).get(key)?.versions.at(-1);
  }

  version(bucket: Bucket, key: string, versionId: string): StoredVersion | undefined {
    return this.objectsOf(bucket)
      .get(key)
      ?.versions.find((version) => version.versionId === versionId);
  }

  /** The objects of a bucket in the order of their keys' UTF-8. */
  list(bucket: Bucket): { key: string; object: ObjectVersion }[] {
    return [...this.objectsOf(bucket)]
      .flatMap(([key, { versions }]) => {
        const object = versions.at(-1);
        return object?.kind === "object" ? [{ key, object }] : [];
      })
      .sort((one, other) => compareKeys(one.key, other.key));
  }

  write(bucket: Bucket, key: string, { content, checksum, headers }: WrittenObject): ObjectVersion {
    const bytes = Buffer.from(content);
    const version: ObjectVersion = {
      kind: "object",
      ...this.newVersion(bucket),
      content: bytes.toString("base64"),
      sizeBytes: bytes.byteLength,
      etag: `"${createHash("md5").update(bytes).digest("hex")}"`,
      // What S3 itself adds where a client sends none.
      checksum: checksum ?? checksumOf("crc64nvme", bytes),
      headers,
    };
    this.add(bucket, key, version);
    return version;
  }

  /**
   * Deletes an object; in a bucket that keeps versions it is only marked as deleted.
   *
   * @returns the mark.
   */
  delete(bucket: Bucket, key: string): StoredVersion | undefined {
    if (!bucket.isVersioned) {
      this.objectsOf(bucket).delete(key);
      return undefined;
    }
    const marker: StoredVersion = { kind: "delete-marker", ...this.newVersion(bucket) };
    this.add(bucket, key, marker);
    return marker;
  }

  /** Deletes one version for good; `undefined` where it is not there. */
  deleteVersion(bucket: Bucket, key: string, versionId: string): StoredVersion | undefined {
    const objects = this.objectsOf(bucket);
    const versions = objects.get(key)?.versions ?? [];
    const version = versions.find((one) => one.versionId === versionId);
    const rest = versions.filter((one) => one !== version);
    if (rest.length > 0) objects.set(key, { versions: rest });
    else objects.delete(key);
    return version;
  }

  private newVersion({ isVersioned }: Bucket): { versionId: string; lastModified: Date } {
    return {
      versionId: isVersioned ? this.context.newId().replaceAll("-", "") : "null",
      // S3 keeps no milliseconds of an object's time.
      lastModified: new Date(Math.floor(this.context.clock.now().getTime() / 1000) * 1000),
    };
  }

  private add(bucket: Bucket, key: string, version: StoredVersion): void {
    const objects = this.objectsOf(bucket);
    const object = objects.get(key);
    if (object === undefined || !bucket.isVersioned) objects.set(key, { versions: [version] });
    else {
      object.versions.push(version);
      objects.grew(key);
    }
  }

  private objectsOf({ name }: Bucket): DurableMap<StoredObject> {
    const objects =
      this.objects.get(name) ?? durableMap<StoredObject>(this.context, `s3/objects/${name}`, "versions");
    this.objects.set(name, objects);
    return objects;
  }
}

interface WrittenObject {
  content: Uint8Array;
  checksum: Checksum | undefined;
  headers: Record<string, string>;
}

/** Negative where the first key comes first. */
export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
