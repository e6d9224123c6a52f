import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { S3Config } from "./config.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What the server shall do with an object, as the configuration says. */
export function uploadOptions({ storage_class, encryption, kms_key_id, lock_mode, lock_days }: S3Config): Partial<PutObjectCommandInput> {
  return {
    ...(storage_class === undefined ? {} : { StorageClass: storage_class as PutObjectCommandInput["StorageClass"] }),
    ...(encryption === undefined ? {} : { ServerSideEncryption: encryption }),
    ...(kms_key_id === undefined ? {} : { SSEKMSKeyId: kms_key_id }),
    ...(lock_mode === undefined || lock_days === undefined ? {} : {
      ObjectLockMode: lock_mode === "governance" ? "GOVERNANCE" : "COMPLIANCE", ObjectLockRetainUntilDate: new Date(Date.now() + lock_days * DAY_MS),
    }),
  };
}
