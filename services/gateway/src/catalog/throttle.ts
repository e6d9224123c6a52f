import type { Db } from "./scope.ts";

/**
 * Counts one more attempt under the key, in one statement, so that attempts made at once are all counted. A window
 * that began before `window_from` is over: a new one begins.
 */
export async function countAttempt(db: Db, key: string, now: string, window_from: string): Promise<{ failures: number; window_started_at: string }> {
  await db.deleteFrom("login_throttle").where("window_started_at", "<=", window_from).execute();
  return db.insertInto("login_throttle").values({ key, failures: 1, window_started_at: now, locked_until: null })
    .onConflict((conflict) => conflict.column("key").doUpdateSet((eb) => ({ failures: eb("login_throttle.failures", "+", 1) })))
    .returning(["failures", "window_started_at"]).executeTakeFirstOrThrow();
}

/** The attempt was none: it takes back what `countAttempt` counted. */
export async function takeBackAttempt(db: Db, key: string): Promise<void> {
  await db.updateTable("login_throttle").set((eb) => ({ failures: eb("failures", "-", 1) })).where("key", "=", key).where("failures", ">", 0).execute();
}

export async function forgetAttempts(db: Db, key: string): Promise<void> {
  await db.deleteFrom("login_throttle").where("key", "=", key).execute();
}

/** Counts a use under the key since `window_from`, or since the first after that. Windows of other keys are let be, whatever their length. */
export async function countUse(db: Db, key: string, now: string, window_from: string): Promise<{ uses: number; window_started_at: string }> {
  const { failures, window_started_at } = await db.insertInto("login_throttle").values({ key, failures: 1, window_started_at: now, locked_until: null })
    .onConflict((conflict) => conflict.column("key").doUpdateSet((eb) => {
      const over = eb("login_throttle.window_started_at", "<=", window_from);
      return {
        failures: eb.case().when(over).then(1).else(eb("login_throttle.failures", "+", 1)).end(),
        window_started_at: eb.case().when(over).then(now).else(eb.ref("login_throttle.window_started_at")).end(),
      };
    })).returning(["failures", "window_started_at"]).executeTakeFirstOrThrow();
  return { uses: failures, window_started_at };
}
