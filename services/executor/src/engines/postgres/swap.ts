import { type Connection, SafebaseError } from "@safebase/contracts";
import { pause } from "@safebase/runtime";
import type { EngineContext } from "../engine.ts";
import type { Session } from "./connect.ts";
import { endSessions, findDatabase } from "./databases.ts";
import { openMaintenance } from "./maintenance.ts";
import { quoteName, type RestoreNames } from "./names.ts";

/** The server itself waits 5 s in each for sessions to end. */
const ATTEMPTS = 2;
const ENDING_PAUSE_MS = 50;

/**
 * Puts the side database in the target's place, in one transaction: whoever looks sees the one or the other.
 *
 * RENAME takes a lock that keeps new sessions out, and only then waits for those within to end; a second session ends
 * them meanwhile. So nobody can come back in between, however eagerly he reconnects, and nothing outlives a crash.
 */
export async function swapIn(connection: Connection, context: EngineContext, names: RestoreNames): Promise<void> {
  await using renamer = await openMaintenance(connection, context, "restore_failed");
  await using ender = await openMaintenance(connection, context, "restore_failed");
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withSessionsEnded(ender, names, () => rename(renamer, names));
    } catch (error) {
      await renamer.query("ROLLBACK");
      if (!isBusy(error)) throw error;
      if (attempt === ATTEMPTS) throw await busyError(ender, names, error);
    }
  }
}

async function rename(session: Session, names: RestoreNames): Promise<void> {
  await session.query("BEGIN");
  if (await findDatabase(session, names.target) !== undefined) {
    await session.query(`ALTER DATABASE ${quoteName(names.target)} RENAME TO ${quoteName(names.old)}`);
  }
  await session.query(`ALTER DATABASE ${quoteName(names.side)} RENAME TO ${quoteName(names.target)}`);
  await session.query("COMMIT");
}

/** Goes on ending the sessions of both databases while `work` waits for that. */
async function withSessionsEnded(ender: Session, names: RestoreNames, work: () => Promise<void>): Promise<void> {
  const databases = [await findDatabase(ender, names.target), await findDatabase(ender, names.side)];
  const done = new AbortController();
  const endThem = async (): Promise<void> => {
    while (!done.signal.aborted) {
      for (const database of databases) if (database !== undefined) await endSessions(ender, database.oid);
      await pause(ENDING_PAUSE_MS, done.signal);
    }
  };
  // When only the ending failed, the work tells: it has succeeded all the same, or found the sessions still there.
  const [worked] = await Promise.allSettled([work().finally(() => { done.abort(); }), endThem()]);
  if (worked.status === "rejected") throw worked.reason;
}

const isBusy = (error: unknown): error is SafebaseError => error instanceof SafebaseError && error.code === "target_busy";

async function busyError(session: Session, names: RestoreNames, cause: unknown): Promise<SafebaseError> {
  const rows = await session.query<{ who: string }>(
    `SELECT DISTINCT coalesce(usename, backend_type) AS who FROM pg_stat_activity WHERE datname IN ($1, $2)
     UNION SELECT 'a prepared transaction' FROM pg_prepared_xacts WHERE database IN ($1, $2)`, [names.target, names.side]);
  const who = rows.length === 0 ? "" : ` (${rows.map((row) => row.who).join(", ")})`;
  return new SafebaseError("target_busy", `the database "${names.target}" is in use by sessions that cannot be ended${who}: it was left as it was`, {
    hint: "end them, or restore as a superuser or a member of pg_signal_backend", cause,
  });
}
