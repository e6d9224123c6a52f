import { CreateMultipartUploadCommand, ListMultipartUploadsCommand, ListObjectsV2Command, UploadPartCommand } from "@aws-sdk/client-s3";
import type { S3Server } from "@safebase/testing";
import { randomBytes } from "node:crypto";
import type { StorageUnderTest } from "../contract-suite.ts";
import { openStorage } from "../index.ts";
import type { StorageConfig } from "../index.ts";

export const PREFIX = "backups/test";

type S3Input = Extract<StorageConfig, { type: "s3" }>;

/** A config for a bucket of a test server. */
export function configOf(server: S3Server, bucket: string, changes: Partial<S3Input> = {}): S3Input {
  const { endpoint, access_key_id, secret_access_key } = server;
  return { type: "s3", id: "test", endpoint, bucket, prefix: PREFIX, access_key_id, secret_access_key, ...changes };
}

/** A storage in a bucket of its own, and a look behind it. */
export async function openBucket(server: S3Server, changes: Partial<S3Input> = {}): Promise<StorageUnderTest & { bucket: string }> {
  const bucket = `test-${randomBytes(6).toString("hex")}`;
  await server.makeBucket(bucket, { lock: changes.lock_mode !== undefined });
  return {
    bucket,
    storage: await openStorage(configOf(server, bucket, changes)),
    names: () => everything(server, bucket),
    async leaveTemp(key) {
      const upload = await server.client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: `${PREFIX}/${key}` }));
      await server.client.send(new UploadPartCommand({ Bucket: bucket, Key: `${PREFIX}/${key}`, UploadId: upload.UploadId, PartNumber: 1, Body: "half" }));
    },
    close: async () => {}, // the bucket goes with its server
  };
}

/** The keys of all objects and of all unfinished uploads. */
async function everything(server: S3Server, bucket: string): Promise<string[]> {
  const objects = await server.client.send(new ListObjectsV2Command({ Bucket: bucket }));
  const uploads = await server.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  const keys = [...(objects.Contents ?? []), ...(uploads.Uploads ?? [])].map(({ Key }) => Key ?? "");
  return keys.map((key) => key.replace(`${PREFIX}/`, "")).sort();
}
