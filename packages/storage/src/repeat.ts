import { SafebaseError } from "@safebase/contracts";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cancelable } from "./storage.ts";
import { throwIfAborted } from "./abort.ts";

/** How often, and after which pauses, something is tried again that failed for a reason that may pass. */
export type RepeatPolicy = {
  attempts: number;
  /** The first pause; each later one is twice as long, up to the longest. The real pause is a random part of it. */
  first_pause_ms: number;
  longest_pause_ms: number;
};

export const PATIENT: RepeatPolicy = { attempts: 5, first_pause_ms: 200, longest_pause_ms: 10_000 };

/** Whether the same operation may succeed later without anybody's doing: see the contract in storage.ts. */
export function isTransient(error: unknown): boolean {
  return error instanceof SafebaseError && error.code === "storage_failed";
}

/** Does the work, and again after a transient failure, until the attempts are used up; the last failure is thrown. */
export async function repeat<T>(
  policy: RepeatPolicy, work: (attempt: number) => Promise<T>, options: Cancelable & { failed?: (error: unknown, attempt: number) => void } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (!isTransient(error) || attempt >= policy.attempts) throw error;
      options.failed?.(error, attempt);
    }
    await pause(policy, attempt, options.signal);
    throwIfAborted(options.signal);
  }
}

/** The pause after an attempt (from 1): between half and the whole of the pause, so that those who failed together do not come back together. */
export async function pause({ first_pause_ms, longest_pause_ms }: RepeatPolicy, attempt: number, signal?: AbortSignal): Promise<void> {
  const pause_ms = Math.min(longest_pause_ms, first_pause_ms * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
  await sleep(pause_ms, undefined, signal ? { signal } : {}).catch(() => {}); // woken by an abort, which the caller looks at next
}
