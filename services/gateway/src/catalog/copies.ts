import type { CopyState, StorageRef } from "@safebase/contracts";
import { sql } from "kysely";
import type { Status } from "./schema.ts";
import type { Db } from "./scope.ts";
import type { Copy } from "./storages-schema.ts";

/** Where a new backup is to be, the most wanted storage first. */
export async function insertCopies(db: Db, backupId: number, storages: readonly string[], at: string): Promise<void> {
  const common = { backup_id: backupId, state: "pending", detail: null, checked_at: null, created_at: at, updated_at: at } as const;
  await db.insertInto("copies").values(storages.map((storage) => ({ ...common, storage }))).execute();
}

/** A copy, and the job that is to make it good, if one is open. */
export interface CopyRow extends Copy {
  job_id: number | null;
  job_status: Status | null;
  job_not_before: string | null;
}

/** The copies of these backups that nobody has deleted, in the order in which their storages were named. */
export async function copiesOf(db: Db, backupIds: readonly number[]): Promise<CopyRow[]> {
  if (backupIds.length === 0) return [];
  return db.selectFrom("copies").leftJoin("jobs", (join) => join.onRef("jobs.copy_id", "=", "copies.id").on("jobs.kind", "=", "copy").on("jobs.status", "in", ["pending", "running"]))
    .selectAll("copies").select(["jobs.id as job_id", "jobs.status as job_status", "jobs.not_before as job_not_before"])
    .where("copies.backup_id", "in", backupIds).where("copies.deleted_at", "is", null).orderBy("copies.id").execute();
}

/** The copy of a backup in a storage, also one that is on its way out. */
export async function findCopy(db: Db, backupId: number, storage: string): Promise<Copy | undefined> {
  return db.selectFrom("copies").selectAll().where("backup_id", "=", backupId).where("storage", "=", storage).executeTakeFirst();
}

/** Undefined when it was forgotten. */
export async function copyById(db: Db, id: number): Promise<Copy | undefined> {
  return db.selectFrom("copies").selectAll().where("id", "=", id).executeTakeFirst();
}

function refs(db: Db, backupId: number) {
  const rank = sql`case copies.state when 'good' then 0 when 'pending' then 1 when 'damaged' then 2 else 3 end`;
  return db.selectFrom("copies").innerJoin("storages", "storages.name", "copies.storage").select(["storages.name", "storages.config_sealed"])
    .where("copies.backup_id", "=", backupId).orderBy(rank).orderBy("copies.id");
}

/** The storages of a backup's copies, the likeliest to be good first. */
export async function refsOfCopies(db: Db, backupId: number, states?: readonly Copy["state"][]): Promise<StorageRef[]> {
  const query = refs(db, backupId).where("copies.deleted_at", "is", null);
  return (states === undefined ? query : query.where("copies.state", "in", states)).execute();
}

/** The storages from which a backup is to go: all that it has a copy in, or only that of one copy. */
export async function refsToDelete(db: Db, backupId: number, copyId: number | null): Promise<StorageRef[]> {
  return (copyId === null ? refs(db, backupId) : refs(db, backupId).where("copies.id", "=", copyId)).execute();
}

/** Notes what became of a copy. `checked_at` is given when its bytes were read. */
export async function setCopy(
  db: Db, backupId: number, storage: string, { at, ...found }: { state: CopyState; detail: string | null; at: string; checked_at?: string | null },
): Promise<void> {
  await db.updateTable("copies").set({ ...found, updated_at: at }).where("backup_id", "=", backupId).where("storage", "=", storage).execute();
}

/** Notes why a copy could not be made. */
export async function setCopyDetail(db: Db, id: number, detail: string, at: string): Promise<void> {
  await db.updateTable("copies").set({ detail, updated_at: at }).where("id", "=", id).where("state", "!=", "good").execute();
}

export async function markCopyDeleted(db: Db, id: number, at: string): Promise<void> {
  await db.updateTable("copies").set({ deleted_at: at, updated_at: at }).where("id", "=", id).execute();
}

/** Forgets a copy that has gone from its storage. */
export async function deleteCopy(db: Db, id: number): Promise<void> {
  await db.deleteFrom("copies").where("id", "=", id).execute();
}

/** Forgets the copies of a backup that has gone from all of its storages. */
export async function deleteCopies(db: Db, backupId: number): Promise<void> {
  await db.deleteFrom("copies").where("backup_id", "=", backupId).execute();
}
