import type { CopyState, StorageRef } from "@safebase/contracts";
import { sql } from "kysely";
import type { Db } from "./scope.ts";
import type { Copy } from "./storages-schema.ts";

/** Where a new backup is to be, the most wanted storage first. */
export async function insertCopies(db: Db, backupId: number, storages: readonly string[], at: string): Promise<void> {
  const common = { backup_id: backupId, state: "pending", detail: null, checked_at: null, created_at: at, updated_at: at } as const;
  await db.insertInto("copies").values(storages.map((storage) => ({ ...common, storage }))).execute();
}

/** The copies of these backups, in the order in which their storages were named. */
export async function copiesOf(db: Db, backupIds: readonly number[]): Promise<Copy[]> {
  if (backupIds.length === 0) return [];
  return db.selectFrom("copies").selectAll().where("backup_id", "in", backupIds).orderBy("id").execute();
}

/** The storages of a backup's copies, the likeliest to be good first. */
export async function refsOfCopies(db: Db, backupId: number, states?: readonly Copy["state"][]): Promise<StorageRef[]> {
  let query = db.selectFrom("copies").innerJoin("storages", "storages.name", "copies.storage").select(["storages.name", "storages.config_sealed"])
    .where("copies.backup_id", "=", backupId);
  if (states !== undefined) query = query.where("copies.state", "in", states);
  const rank = sql`case copies.state when 'good' then 0 when 'pending' then 1 when 'damaged' then 2 else 3 end`;
  return query.orderBy(rank).orderBy("copies.id").execute();
}

/** Notes what became of a copy. `checked_at` is given when its bytes were read. */
export async function setCopy(
  db: Db, backupId: number, storage: string, { at, ...found }: { state: CopyState; detail: string | null; at: string; checked_at?: string },
): Promise<void> {
  await db.updateTable("copies").set({ ...found, updated_at: at }).where("backup_id", "=", backupId).where("storage", "=", storage).execute();
}

/** Forgets the copies of a backup that has gone from all of its storages. */
export async function deleteCopies(db: Db, backupId: number): Promise<void> {
  await db.deleteFrom("copies").where("backup_id", "=", backupId).execute();
}
