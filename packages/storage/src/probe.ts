import { asSafebaseError, SafebaseError } from "@safebase/contracts";
import { randomBytes, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { unlessAborted } from "./abort.ts";
import type { Cancelable, Storage } from "./storage.ts";

/** In the root, for a folder would stay where folders are more than parts of keys. */
const PROBE_PREFIX = ".safebase-probe-";
const PROBE_BYTES = 4_096;

export type ProbeStep = {
  step: "write" | "read" | "list" | "delete";
  ok: boolean;
  elapsed_ms: number;
  /** What is as it was asked for, but worth knowing. */
  note?: string;
};

/** The steps up to the first that failed, and why it did. */
export type ProbeSteps = { steps: readonly ProbeStep[]; error?: SafebaseError };

export type ProbeOptions = Cancelable & {
  /** Whether objects are locked for a time: then a deletion may be refused, or leave a version. */
  locked?: boolean | undefined;
};

/** What it means that a step failed. */
const SO_FAR: Record<ProbeStep["step"], string> = {
  write: "objects cannot be written", read: "objects can be written but not read back",
  list: "objects can be written and read but not listed", delete: "objects can be written, read and listed but not deleted",
};
const LOCKED_NOTE = "object lock keeps the test object (4 KiB) until its time has passed, as it will keep backups";

/** Writes a small object, reads it back, lists and deletes it. Leaves nothing that the storage lets go; never rejects. */
export async function probeStorage(storage: Storage, { signal, locked = false }: ProbeOptions = {}): Promise<ProbeSteps> {
  const key = PROBE_PREFIX + randomUUID(), bytes = randomBytes(PROBE_BYTES);
  const steps: ProbeStep[] = [];
  const pass = async (step: ProbeStep["step"], work: () => Promise<string | undefined>): Promise<void> => {
    const from_ms = performance.now();
    const done = (ok: boolean, note?: string): void => { steps.push({ step, ok, elapsed_ms: performance.now() - from_ms, ...(note === undefined ? {} : { note }) }); };
    try {
      done(true, await unlessAborted(work(), signal));
    } catch (error) {
      done(false);
      throw error;
    }
  };
  try {
    await pass("write", () => write(storage, key, bytes, signal));
    await pass("read", () => readBack(storage, key, bytes, signal));
    await pass("list", () => find(storage, key));
    await pass("delete", () => remove(storage, key, locked));
    return { steps };
  } catch (error) {
    const failed = (steps.at(-1) as ProbeStep).step;
    if (failed === "read" || failed === "list") await unlessAborted(storage.delete(key), signal).catch(() => {}); // what failed first is told
    return { steps, error: named(failed, error) };
  }
}

async function write(storage: Storage, key: string, bytes: Buffer, signal: AbortSignal | undefined): Promise<undefined> {
  await storage.put(key, Readable.from([bytes]), { signal });
}

async function readBack(storage: Storage, key: string, bytes: Buffer, signal: AbortSignal | undefined): Promise<undefined> {
  const found = Buffer.concat(await Array.fromAsync(await storage.get(key, { signal }) as AsyncIterable<Uint8Array>));
  if (!found.equals(bytes)) throw new SafebaseError("storage_failed", `${key} came back with other bytes than were written`, { hint: "something between here and the storage changes what passes: a proxy, a cache or a broken disk" });
}

async function find(storage: Storage, key: string): Promise<undefined> {
  for await (const entry of storage.list(PROBE_PREFIX)) if (entry.key === key) return;
  throw new SafebaseError("storage_failed", `${key} was written but is not in the list`, { hint: "the storage must list what it holds at once, and to this user" });
}

async function remove(storage: Storage, key: string, locked: boolean): Promise<string | undefined> {
  try {
    await storage.delete(key);
  } catch (error) {
    if (locked && error instanceof SafebaseError && error.code === "storage_refused") return LOCKED_NOTE;
    throw error;
  }
  const stays = await storage.stat(key) !== undefined;
  if (stays && !locked) throw new SafebaseError("storage_failed", `${key} is still there after its deletion`, { hint: "the storage must delete what it is told to, or set an object lock so that we know" });
  return locked ? LOCKED_NOTE : undefined;
}

function named(step: ProbeStep["step"], error: unknown): SafebaseError {
  const { code, message, hint } = asSafebaseError(error);
  return new SafebaseError(code, `${SO_FAR[step]}: ${message}`, { hint, cause: error });
}
