import { HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { SafebaseError } from "@safebase/contracts";
import { faultOf, notS3 } from "./errors.ts";
import type { Target } from "./publish.ts";

/**
 * What lies under the key, if anything does. The answer to HEAD has no body: where it may mean several things, a
 * listing is asked for, whose answer tells a missing bucket from a missing object and a wrong key from a forbidden act.
 */
export async function look(target: Omit<Target, "key">, signal?: AbortSignal): Promise<HeadObjectCommandOutput | undefined> {
  const { requests, config, path, what, server } = target;
  try {
    const found = await requests.send(what, new HeadObjectCommand({ Bucket: config.bucket, Key: path }), signal);
    if (found.ETag === undefined) throw notAnObject(target);
    return found;
  } catch (error) {
    const status = faultOf(error)?.status ?? 0;
    if (status === 404 && server.bucket_seen) return undefined;
    if (status < 300 || status >= 500) throw error;
    await ask(target, signal);
    if (status !== 404) throw error;
    return undefined;
  }
}

/** Throws what is wrong with the way to the bucket; a key that may not list is taken as one that may do the rest. */
async function ask({ requests, config, path, what, server }: Omit<Target, "key">, signal: AbortSignal | undefined): Promise<void> {
  try {
    await requests.send(what, new ListObjectsV2Command({ Bucket: config.bucket, Prefix: path, MaxKeys: 1 }), signal);
    server.bucket_seen = true;
  } catch (error) {
    if (faultOf(error)?.code !== "AccessDenied") throw error;
  }
}

/** The answer came from something that is no S3 server. */
export function notAnObject({ config, what }: Pick<Target, "config" | "what">): SafebaseError {
  const { problem, hint } = notS3(config);
  return new SafebaseError("storage_refused", `${what}: ${problem}`, { hint });
}
