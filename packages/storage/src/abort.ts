import { SafebaseError } from "@safebase/contracts";

/** What an aborted operation rejects with: the reason when it is ours, else `canceled`. */
export function abortError(signal: AbortSignal): SafebaseError {
  if (signal.reason instanceof SafebaseError) return signal.reason;
  return new SafebaseError("canceled", "the operation was canceled", { cause: signal.reason });
}

/** Throws what an aborted operation rejects with, if it is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}

/** The promise, unless the signal is aborted first: not every operation can be ended. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(abortError(signal));
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
