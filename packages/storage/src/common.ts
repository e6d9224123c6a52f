import { SafebaseError } from "@safebase/contracts";
import type { Readable } from "node:stream";
import { abortError } from "./abort.ts";

/** Ends a source that nobody will read on; its late errors belong to a failure that is already reported. */
export function discard(stream: Readable): void {
  stream.on("error", () => {});
  stream.destroy();
}

/** The key is taken: what a `put` rejects with that came second. */
export function alreadyThere(key: string, cause?: unknown): SafebaseError {
  return new SafebaseError("exists", `the storage already holds ${key}; nothing was overwritten`, { cause });
}

/** What reading a missing object rejects with. */
export function missing(key: string, cause?: unknown): SafebaseError {
  return new SafebaseError("artifact_missing", `the storage does not hold ${key}`, { cause });
}

/** Destroys a stream when the signal is aborted, with what an aborted operation rejects with; answers how to stop that. */
export function destroyOnAbort(stream: Readable, signal: AbortSignal | undefined): () => void {
  if (!signal) return () => {};
  const stop = (): void => { stream.on("error", () => {}).destroy(abortError(signal)); }; // whoever reads it is told, even if he begins later
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return () => signal.removeEventListener("abort", stop);
}
