import type { Connection } from "@safebase/contracts";
import type { EngineContext } from "../engine.ts";
import { openSession, type Session } from "./connect.ts";
import { findDatabase } from "./databases.ts";
import { quoteName } from "./names.ts";

/**
 * A database that holds subscriptions cannot be dropped, and dropping one drops its slot at the publisher, which is the
 * original's. A restored one never connected: it forgets the slot before it goes.
 */
export async function letGoOfSubscriptions(session: Session, connection: Connection, context: EngineContext, db_name: string): Promise<void> {
  const found = await findDatabase(session, db_name);
  if (found === undefined) return;
  const rows = await session.query<{ name: string }>("SELECT subname::text AS name FROM pg_subscription WHERE subdbid = $1", [found.oid]);
  if (rows.length === 0) return;
  await using inside = await openSession(connection, context, { failed: "restore_failed", db_name });
  for (const { name } of rows) {
    await inside.query(`ALTER SUBSCRIPTION ${quoteName(name)} DISABLE`);
    await inside.query(`ALTER SUBSCRIPTION ${quoteName(name)} SET (slot_name = NONE)`);
    await inside.query(`DROP SUBSCRIPTION ${quoteName(name)}`);
  }
}
