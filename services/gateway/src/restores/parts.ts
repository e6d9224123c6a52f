import { SafebaseError } from "@safebase/contracts";
import { mayOthers } from "../auth/rights.ts";
import { destinationOf } from "../backups/destination.ts";
import { checkDbName } from "../databases/db-name.ts";
import { lockBackup } from "../catalog/backups.ts";
import { newestIntact } from "../catalog/checks.ts";
import { lockDatabase } from "../catalog/databases.ts";
import { openRestoreTo } from "../catalog/restores.ts";
import type { Backup, Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { isLost } from "../checks/end.ts";
import type { Actor } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { lockedBackup, type Locked } from "../keys/identities.ts";

/** What is to be restored, and where to. */
export interface RestoreInput {
  readonly backup_id: number;
  readonly target?: { readonly database_id?: number | undefined; readonly db_name?: string | undefined } | undefined;
  /**
   * In place, a backup of what is replaced first. Default: for MySQL and MariaDB, which cannot go back without; false for a
   * target that cannot be dumped any more. PostgreSQL goes back by itself when a restore fails: true keeps what was there.
   */
  readonly safety_backup?: boolean | undefined;
  /** age's, one or several, for what is encrypted and not kept here. */
  readonly identity?: string | undefined;
}

/** Is the target saved first? `waived`: it would have to be, and the user does not want it. */
export type Safety = "needed" | "wanted" | "waived" | "not_needed";

export interface RestoreParts { readonly backup: Backup; readonly database: Database; readonly db_name: string; readonly in_place: boolean; readonly safety: Safety }

/** The backup and the target, locked, if they go together. */
export async function findParts(tx: Db, actor: Pick<Actor, "scope" | "role" | "user_id">, input: RestoreInput): Promise<RestoreParts> {
  const backup = await lockBackup(tx, input.backup_id, actor.scope);
  if (backup === undefined) throw missing("backup", input.backup_id);
  if (backup.status !== "completed") {
    throw new SafebaseError("conflict", `backup ${backup.id} is ${backup.status}; only a completed backup can be restored`);
  }
  if (isLost(backup.integrity)) throw await refusal(tx, backup);
  const database = await findTarget(tx, actor, backup, input.target?.database_id);
  if (database.type !== backup.type) {
    throw new SafebaseError("bad_request", `target: a backup of ${backup.type} cannot be restored to a ${database.type} database`);
  }
  const db_name = input.target?.db_name ?? database.db_name;
  checkDbName("target.db_name", database.type, db_name);
  const in_place = db_name === database.db_name;
  const parts: RestoreParts = { backup, database, db_name, in_place, safety: safetyOf(database, in_place, input) };
  refuseElsewhere(actor, parts);
  return parts;
}

/** Who may operate what belongs to others, but not have it, brings it back where it came from, and with a way back. */
function refuseElsewhere({ user_id, role }: Pick<Actor, "role" | "user_id">, { backup, database, in_place, safety }: RestoreParts): void {
  const own = backup.user_id === user_id && database.user_id === user_id;
  if (own || mayOthers(role, "manage") || (in_place && database.id === backup.database_id && safety !== "waived")) return;
  throw new SafebaseError("forbidden", "with your role, what belongs to others is restored in place only, and with its safety backup", { hint: "ask its owner or an admin" });
}

/** A restore reads everything before it changes anything, so this only spares the way to a certain failure. */
async function refusal(tx: Db, backup: Backup): Promise<SafebaseError> {
  const { id, integrity, checked_at, database_id } = backup;
  const other = await newestIntact(tx, database_id);
  const found = integrity === "missing" ? "missing from its storage" : "damaged";
  const again = `if it was put right, have it checked again: POST /api/backups/${id}/check`;
  return new SafebaseError("conflict", `backup ${id} was found ${found} by the check of ${checked_at}`, {
    hint: other === undefined ? again : `restore backup ${other}, the newest that is not; or, ${again}`,
  });
}

/** PostgreSQL loads beside the target and swaps: it has its way back without, until it has swapped. */
function safetyOf({ type }: Database, in_place: boolean, { safety_backup }: RestoreInput): Safety {
  if (!in_place) return "not_needed";
  if (type === "postgresql") return safety_backup === true ? "wanted" : "not_needed";
  return safety_backup === false ? "waived" : "needed";
}

async function findTarget(tx: Db, actor: Pick<Actor, "scope">, backup: Backup, asked: number | undefined): Promise<Database> {
  const database = await lockDatabase(tx, asked ?? backup.database_id, actor.scope);
  if (database !== undefined) return database;
  if (asked !== undefined) throw missing("database", asked);
  throw new SafebaseError("conflict", `the database of backup ${backup.id} is not registered any more`, { hint: "name another in target.database_id" });
}

/** A backup at work on the target is no obstacle: the dispatcher lets the one that came second wait. */
export async function refuseIfBusy(tx: Db, { database, db_name }: RestoreParts): Promise<void> {
  const other = await openRestoreTo(tx, { host: database.host, port: database.port, db_name });
  if (other === undefined) return;
  throw new SafebaseError("target_busy", `restore ${other.id} to ${db_name} is ${other.status}`, { hint: "wait until it is over, or cancel it" });
}

/** What the restore may have to open: the backup, and the safety backup where it is put back after a failure. */
export async function toOpen(tx: Db, { backup, database, safety }: RestoreParts): Promise<Locked[]> {
  const source = lockedBackup(backup);
  if (safety !== "needed") return [source];
  const { keys } = await destinationOf(tx, database);
  return [source, { what: `the safety backup of ${database.name}`, recipients: [...new Set(keys.map(({ recipient }) => recipient))], by: keys }];
}
