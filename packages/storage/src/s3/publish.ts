import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import { SafebaseError } from "@safebase/contracts";
import { alreadyThere } from "../common.ts";
import { isTransient, PATIENT, repeat } from "../repeat.ts";
import type { S3Config } from "./config.ts";
import { faultOf } from "./errors.ts";
import { look } from "./look.ts";
import type { Requests } from "./requests.ts";

/** Where an object goes, and how its errors begin. */
export type Target = { requests: Requests; config: S3Config; key: string; path: string; what: string; server: ServerKnowledge };

/** What has been learnt about the server: whether it writes on the condition that nothing is there, and that the bucket exists. */
export type ServerKnowledge = { conditional: boolean; bucket_seen: boolean };

type Condition = { IfNoneMatch?: "*" };
type Whole = { mark: string; size_bytes: number };

/** The name under which an object carries the id of the `put` that wrote it. */
export const OWN_MARK = "safebase-put";

/** Throws `exists` when something lies under the key. */
export async function refuseTaken(target: Target, signal: AbortSignal | undefined): Promise<void> {
  if (await look(target, signal)) throw alreadyThere(target.key);
}

/**
 * Sends the request that makes an object visible, unless the key is taken. Whoever loses the answer looks whether it
 * is his own object that is there by now: a success must not be told as a failure, and nobody else's as ours.
 */
export async function publish(target: Target, whole: Whole, signal: AbortSignal | undefined, send: (condition: Condition) => Promise<void>): Promise<void> {
  await repeat(PATIENT, async () => {
    const there = await look(target, signal);
    if (there && isOurs(there, whole)) return;
    if (there) throw alreadyThere(target.key);
    try {
      await conditionally(target, send);
    } catch (error) {
      await settle(target, whole, error, signal);
    }
  }, { signal });
}

/** Throws unless what lies there now is what was sent. */
export async function confirm(target: Target, whole: Whole, signal: AbortSignal | undefined): Promise<void> {
  const there = await look(target, signal);
  const mark = there?.Metadata?.[OWN_MARK];
  if (mark !== undefined && mark !== whole.mark) throw alreadyThere(target.key);
  if (there?.ContentLength === whole.size_bytes) return;
  throw new SafebaseError("storage_failed", `${target.what}: the storage holds ${there?.ContentLength ?? "nothing"} of ${whole.size_bytes} bytes`);
}

async function conditionally(target: Target, send: (condition: Condition) => Promise<void>): Promise<void> {
  if (!target.server.conditional) return send({});
  try {
    await send({ IfNoneMatch: "*" });
  } catch (error) {
    if (faultOf(error)?.status !== 501) throw error;
    target.server.conditional = false;
    await send({});
  }
}

/** Returns when the failed request had worked after all. */
async function settle(target: Target, whole: Whole, error: unknown, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) {
    await withdraw(target, whole);
    throw error;
  }
  const status = faultOf(error)?.status;
  if (!isTransient(error) && status !== 412) throw error;
  const there = await look(target).catch(() => undefined); // the first failure says more
  if (there && isOurs(there, whole)) return;
  throw there || status === 412 ? alreadyThere(target.key, error) : error;
}

/** What was aborted must not be there, though its request may have arrived. */
async function withdraw(target: Target, whole: Whole): Promise<void> {
  const { requests, config, path, what } = target;
  try {
    const there = await look(target);
    if (there && isOurs(there, whole)) await requests.send(what, new DeleteObjectCommand({ Bucket: config.bucket, Key: path }));
  } catch {
    // The abort is what is reported; without a manifest, the object is no backup and the sweep finds it.
  }
}

function isOurs(there: HeadObjectCommandOutput, { mark, size_bytes }: Whole): boolean {
  return there.Metadata?.[OWN_MARK] === mark && there.ContentLength === size_bytes;
}
