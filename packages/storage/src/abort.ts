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
