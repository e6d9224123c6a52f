import { SafebaseError } from "@safebase/contracts";
import type { Db } from "../catalog/scope.ts";
import { countAttempt, countUse, forgetAttempts, takeBackAttempt } from "../catalog/throttle.ts";

const WINDOW_MS = 15 * 60_000;
const FAILURES_PER_ACCOUNT = 5;
const FAILURES_PER_IP = 50;
const WRONG_LINKS_PER_IP = 50;
const WRONG_JOINS_PER_IP = 50;
const WRONG_TOKENS_PER_IP = 50;
const REGISTRATIONS_PER_IP = 20;

const TOO_MANY_LOGINS = "too many failed logins, try again later";

/** `too_many_requests` with the time after which to try again. */
export class ThrottledError extends SafebaseError {
  readonly retry_after_s: number;

  constructor(retry_after_s: number, sentence: string) {
    super("too_many_requests", sentence, { hint: `try again in ${Math.ceil(retry_after_s / 60)} min` });
    this.retry_after_s = retry_after_s;
  }
}

/** One of the attempts in the last quarter of an hour, kept in the catalog: a restart or another replica forgets none. */
export interface Attempt {
  /** It was right: an account's failures are forgotten, and the address has one attempt less. */
  succeeded(): Promise<void>;
}

/**
 * Counts a login as failed before its password is looked at, so that guesses sent all at once are counted too.
 * Throws ThrottledError when there were too many of this email from this address, or of this address.
 */
export async function beginAttempt(db: Db, email: string, ip: string | null): Promise<Attempt> {
  const account = `account:${email}|${ip ?? "-"}`;
  const address = `ip:${ip ?? "-"}`;
  await count(db, account, FAILURES_PER_ACCOUNT, TOO_MANY_LOGINS);
  await count(db, address, FAILURES_PER_IP, TOO_MANY_LOGINS);
  return {
    succeeded: async () => {
      await forgetAttempts(db, account);
      await takeBackAttempt(db, address);
    },
  };
}

/** The same for a download link, whose token is a guess until it is known: of this address. */
export async function beginLinkAttempt(db: Db, ip: string | null): Promise<Attempt> {
  const address = `link:${ip ?? "-"}`;
  await count(db, address, WRONG_LINKS_PER_IP, "too many wrong download links, try again later");
  return { succeeded: () => takeBackAttempt(db, address) };
}

/** The same for a join token. */
export async function beginJoinAttempt(db: Db, ip: string | null): Promise<Attempt> {
  const address = `join:${ip ?? "-"}`;
  await count(db, address, WRONG_JOINS_PER_IP, "too many wrong join tokens, try again later");
  return { succeeded: () => takeBackAttempt(db, address) };
}

/** Counts an API token that was none. Throws ThrottledError when there were too many from this address. */
export async function countWrongToken(db: Db, ip: string | null): Promise<void> {
  await count(db, `token:${ip ?? "-"}`, WRONG_TOKENS_PER_IP, "too many wrong API tokens, try again later");
}

/** Counts a registration from this address, whatever becomes of it: each costs a hash and may leave an account. */
export async function limitRegistrations(db: Db, ip: string | null): Promise<void> {
  await limitUse(db, `register:${ip ?? "-"}`, { most: REGISTRATIONS_PER_IP, window_ms: WINDOW_MS }, "too many registrations from this address, try again later");
}

async function count(db: Db, key: string, limit: number, sentence: string): Promise<void> {
  const now_ms = Date.now();
  const { failures, window_started_at } = await countAttempt(db, key, new Date(now_ms).toISOString(), new Date(now_ms - WINDOW_MS).toISOString());
  if (failures > limit) throw new ThrottledError(leftOf(window_started_at, WINDOW_MS, now_ms), sentence);
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
