import { randomUUID } from "node:crypto";
import { noticeOf, type Notice } from "@safebase/contracts";
import { discardBackup } from "../backups/discard.ts";
import { insertAudit } from "../catalog/audit.ts";
import { lockBackup } from "../catalog/backups.ts";
import { anyDatabase, lockDatabase } from "../catalog/databases.ts";
import type { Backup, Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { findUser } from "../catalog/users.ts";
import { announceBackup } from "../jobs/announce.ts";
import type { Core } from "../jobs/deps.ts";
import { tell } from "../notifications/tell.ts";
import { planHistory, type Governed } from "./history.ts";
import type { Removed } from "./plan.ts";

/** Removed of one database at a time: executors have backups to make, too. The next pass goes on. */
const MOST_IN_A_PASS = 200;

interface Expired { readonly database: Database; readonly backups: readonly Backup[] }

/** Removes what a database's retention does not keep, oldest first. Returns how many backups went. */
export async function expireBackups(core: Core, databaseId: number): Promise<number> {
  const now = core.now();
  const { remove } = await planHistory(core.db, await anyDatabase(core.db, databaseId), now);
  const candidates = remove.slice(-MOST_IN_A_PASS).map(({ backup }) => backup.id);
  if (candidates.length === 0) return 0;
  const expired = await core.db.transaction().execute((tx) => expireLocked(tx, databaseId, candidates, now));
  if (expired === undefined) return 0;
  const { database, backups } = expired;
  core.log.info({ database_id: database.id, backups: backups.length }, "retention removed backups");
  core.outcomes.countExpired(database.type, backups.length);
  for (const { user_id, id } of backups) await announceBackup(core, user_id, id);
  return backups.length;
}

/**
 * Whoever wants to use a backup locks it first, so the plan is made again once all candidates are locked: what was
 * pinned, or is needed by a restore or a verification, since it was listed, stays. Backups before their database, and
 * in the order of their ids, as everybody does: else two would wait for each other.
 */
async function expireLocked(tx: Db, databaseId: number, candidates: readonly number[], now: Date): Promise<Expired | undefined> {
  const locked = new Map<number, Backup>();
  for (const id of candidates.toSorted((a, b) => a - b)) {
    const row = await lockBackup(tx, id, "all");
    if (row !== undefined) locked.set(id, row);
  }
  const database = await lockDatabase(tx, databaseId, "all");
  if (database === undefined) return undefined; // unregistered meanwhile: its backups stay
  const backups: Backup[] = [];
  for (const removed of (await planHistory(tx, database, now)).remove) {
    const backup = locked.get(removed.backup.id);
    if (backup === undefined) continue;
    await discardBackup(tx, backup, now.toISOString());
    await audit(tx, backup, removed, now);
    backups.push(backup);
  }
  if (backups.length === 0) return undefined;
  await tell(tx, await noticeOfExpired(tx, database, backups, now));
  return { database, backups };
}

async function audit(tx: Db, backup: Backup, { reason, backup: { policy } }: Removed<Governed>, now: Date): Promise<void> {
  const { id, user_id, database_id, schedule_id, filename } = backup;
  await insertAudit(tx, {
    at: now.toISOString(), user_id, actor: "retention", action: "backup.expire", object_type: "backup", object_id: id, ip: null, outcome: "ok",
    detail: JSON.stringify({ database_id, schedule_id, filename, reason, policy }),
  });
}

async function noticeOfExpired(tx: Db, database: Database, backups: readonly Backup[], now: Date): Promise<Notice> {
  const user = await findUser(tx, database.user_id);
  return noticeOf("backup_expired", randomUUID(), now.toISOString(), {
    user_id: database.user_id, user_email: user?.email ?? null, database: { id: database.id, name: database.name, type: database.type },
    backup_id: backups.length === 1 ? backups[0]?.id ?? null : null, count: backups.length,
    size_bytes: backups.reduce((sum, { size_bytes }) => sum + (size_bytes ?? 0), 0),
  });
}
