import { SafebaseError } from "@safebase/contracts";
import type { Db } from "../catalog/scope.ts";
import { countAttempt, countUse, forgetAttempts, takeBackAttempt } from "../catalog/throttle.ts";

const WINDOW_MS = 15 * 60_000;
const FAILURES_PER_ACCOUNT = 5;
const FAILURES_PER_IP = 50;

/** `too_many_requests` with the time after which to try again. */
export class ThrottledError extends SafebaseError {
  readonly retry_after_s: number;

  constructor(retry_after_s: number, sentence: string) {
    super("too_many_requests", sentence, { hint: `try again in ${Math.ceil(retry_after_s / 60)} min` });
    this.retry_after_s = retry_after_s;
  }
}

/** Failed logins in the last quarter of an hour, kept in the catalog: a restart or another replica forgets none. */
export interface Attempt {
  /** It was the right password: this account's failures are forgotten, and the address has one attempt less. */
  succeeded(): Promise<void>;
}

/**
 * Counts a login as failed before its password is looked at, so that guesses sent all at once are counted too.
 * Throws ThrottledError when there were too many of this email from this address, or of this address.
 */
export async function beginAttempt(db: Db, email: string, ip: string | null): Promise<Attempt> {
  const account = `account:${email}|${ip ?? "-"}`;
  const address = `ip:${ip ?? "-"}`;
  await count(db, account, FAILURES_PER_ACCOUNT);
  await count(db, address, FAILURES_PER_IP);
  return {
    succeeded: async () => {
      await forgetAttempts(db, account);
      await takeBackAttempt(db, address);
    },
  };
}

async function count(db: Db, key: string, limit: number): Promise<void> {
  const now_ms = Date.now();
  const { failures, window_started_at } = await countAttempt(db, key, new Date(now_ms).toISOString(), new Date(now_ms - WINDOW_MS).toISOString());
  if (failures > limit) throw new ThrottledError(leftOf(window_started_at, WINDOW_MS, now_ms), "too many failed logins, try again later");
}

/** Counts a use of something that costs others. Throws ThrottledError with this sentence when it was used too often. */
export async function limitUse(db: Db, key: string, { most, window_ms }: { readonly most: number; readonly window_ms: number }, sentence: string): Promise<void> {
  const now_ms = Date.now();
  const { uses, window_started_at } = await countUse(db, key, new Date(now_ms).toISOString(), new Date(now_ms - window_ms).toISOString());
  if (uses > most) throw new ThrottledError(leftOf(window_started_at, window_ms, now_ms), sentence);
}

function leftOf(windowStartedAt: string, window_ms: number, now_ms: number): number {
  return Math.max(1, Math.ceil((Date.parse(windowStartedAt) + window_ms - now_ms) / 1000));
}
