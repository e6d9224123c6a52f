import { type Connection, SafebaseError, type Warning } from "@safebase/contracts";
import type { RestoreOptions } from "../engine.ts";
import type { Session } from "./connect.ts";
import type { DatabaseFacts } from "./databases.ts";
import { enumerate } from "./inspect.ts";

/** May this user make the target, or replace it, and does anything hold on to it? */
export async function checkTarget(session: Session, connection: Connection, options: RestoreOptions, target: DatabaseFacts | undefined): Promise<Warning[]> {
  if (options.must_be_new && target !== undefined) {
    throw new SafebaseError("conflict", `a database "${connection.db_name}" already exists at ${connection.host}:${connection.port}`);
  }
  await requireCreatedb(session, connection);
  if (target === undefined) return [];
  if (!target.is_ours) {
    throw new SafebaseError("insufficient_privileges", `the database "${target.name}" belongs to "${target.owner}": user "${connection.username}" cannot replace it`, {
      hint: "restore as its owner or a superuser, or under a new name",
    });
  }
  await refuseHeld(session, target);
  return warnOfSlots(session, target);
}

async function requireCreatedb(session: Session, connection: Connection): Promise<void> {
  const [me] = await session.query<{ may_create: boolean }>("SELECT rolsuper OR rolcreatedb AS may_create FROM pg_roles WHERE rolname = current_user");
  if (me?.may_create === true) return;
  throw new SafebaseError("insufficient_privileges", `user "${connection.username}" may not create databases, and a restore is loaded into a database of its own before it takes the target's place`, {
    hint: `as a superuser: ALTER ROLE "${connection.username.replaceAll('"', '""')}" CREATEDB`,
  });
}

/** These keep a database from being renamed or dropped, and only their owner can tell whether they may go. */
async function refuseHeld(session: Session, target: DatabaseFacts): Promise<void> {
  const rows = await session.query<{ what: string }>(
    `SELECT 'the prepared transaction ' || gid AS what FROM pg_prepared_xacts WHERE database = $1
     UNION ALL SELECT 'the subscription ' || subname FROM pg_subscription WHERE subdbid = $2`, [target.name, target.oid]);
  if (rows.length === 0) return;
  throw new SafebaseError("target_busy", `the database "${target.name}" cannot be replaced: it holds ${enumerate(rows.map((row) => row.what))}`, {
    hint: "finish or drop them first",
  });
}

async function warnOfSlots(session: Session, target: DatabaseFacts): Promise<Warning[]> {
  const rows = await session.query<{ name: string }>("SELECT slot_name::text AS name FROM pg_replication_slots WHERE database = $1", [target.name]);
  if (rows.length === 0) return [];
  return [{ code: "replication_slots", message: `logical replication from the replaced database ends, its slots go with it: ${enumerate(rows.map((row) => row.name))}` }];
}
