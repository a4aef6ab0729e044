import type { Checksum } from "./checksum.ts";

export interface Bucket {
  /** There is one bucket of a name in all accounts and Regions. */
  name: string;
  accountId: string;
  region: string;
  creationTime: Date;
  /** Whether the bucket keeps every version of an object. */
  isVersioned: boolean;
}

/** An object as one call has written it. */
export interface ObjectVersion {
  kind: "object";
  /** `null`, as a text, where the bucket keeps no versions. */
  versionId: string;
  lastModified: Date;
  /** In base64, as a journal can hold it. */
  content: string;
  sizeBytes: number;
  /** MD5 of the content in hexadecimal, in quotes. */
  etag: string;
  checksum: Checksum;
  /** What the writer says about the content, as it comes back: `content-type`, `x-amz-meta-…`. */
  headers: Record<string, string>;
}

/** What a deletion leaves in a bucket that keeps versions. */
interface DeleteMarker {
  kind: "delete-marker";
  versionId: string;
  lastModified: Date;
}

export type StoredVersion = ObjectVersion | DeleteMarker;

/** All that is kept of a key. */
export interface StoredObject {
  /** The newest is the last one. */
  versions: StoredVersion[];
}

const namePattern = /^(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9]))*[a-z0-9]$/;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function isBucketName(name: string): boolean {
  return name.length >= 3 && name.length <= 63 && namePattern.test(name);
}

export function bucketArn(name: string): string {
  return `arn:aws:s3:::${name}`;
}
