import type { CopyState } from "@safebase/contracts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

/** What a storage holds of somebody's backups. */
export interface CopyTotal { readonly storage: string; readonly count: number; readonly bytes: number }

export async function copyTotals(db: Db, scope: Scope): Promise<CopyTotal[]> {
  const rows = await db.selectFrom("copies").innerJoin("backups", "backups.id", "copies.backup_id")
    .select((eb) => ["copies.storage", eb.fn.countAll().as("count"), eb.fn.sum("backups.size_bytes").as("bytes")])
    .where("copies.state", "in", ["good", "damaged"]).where("backups.deleted_at", "is", null).where(ownedBy("backups.user_id", scope)).groupBy("copies.storage").execute();
  return rows.map(({ storage, count, bytes }) => ({ storage, count: Number(count), bytes: Number(bytes ?? 0) }));
}

/** How many copies lie in a storage, whoever's, and how many jobs that are open are about to write one there. */
export async function copiesIn(db: Db, storage: string): Promise<{ lying: number; open: number }> {
  const count = async (states: readonly ("pending" | CopyState)[]): Promise<number> => {
    const row = await db.selectFrom("copies").select((eb) => eb.fn.countAll().as("count")).where("storage", "=", storage).where("state", "in", states).executeTakeFirstOrThrow();
    return Number(row.count);
  };
  const copying = await db.selectFrom("jobs").innerJoin("copies", "copies.id", "jobs.copy_id").select((eb) => eb.fn.countAll().as("count"))
    .where("copies.storage", "=", storage).where("copies.state", "!=", "pending").where("jobs.status", "in", ["pending", "running"]).where("jobs.published_at", "is not", null).executeTakeFirstOrThrow();
  return { lying: await count(["good", "damaged"]), open: await count(["pending"]) + Number(copying.count) };
}

/**
 * Forgets all copies in a storage; what lies there stays there. Answers how many completed backups have no other copy,
 * and are missing from now on. Those that are deleted and lie nowhere else are gone.
 */
export async function forgetCopies(tx: Db, storage: string, at: string): Promise<{ forgotten: number; lost: number }> {
  const here = tx.selectFrom("copies").select("backup_id").where("storage", "=", storage);
  const elsewhere = (states: readonly ("pending" | CopyState)[]) =>
    tx.selectFrom("copies").select("backup_id").where("storage", "!=", storage).where("state", "in", states);
  const stored = tx.updateTable("backups").where("id", "in", here).where("status", "=", "completed").where("deleted_at", "is", null);
  const found = { checked_at: at, updated_at: at };
  const lost = await stored.set({ ...found, integrity: "missing" }).where("id", "not in", elsewhere(["good", "pending", "damaged"])).returning("id").execute();
  await stored.set({ ...found, integrity: "damaged" }).where("id", "in", elsewhere(["damaged"])).where("id", "not in", elsewhere(["good", "pending"])).execute();
  await tx.updateTable("backups").set({ purged_at: at, updated_at: at }).where("id", "in", here).where("deleted_at", "is not", null).where("purged_at", "is", null)
    .where("id", "not in", tx.selectFrom("copies").select("backup_id").where("storage", "!=", storage)).execute();
  const forgotten = await tx.deleteFrom("copies").where("storage", "=", storage).returning("state").execute();
  return { forgotten: forgotten.filter(({ state }) => state !== "missing").length, lost: lost.length };
}

/** What is known of the copies in a storage is known no longer: the next checks begin with them. Answers how many there are. */
export async function doubtCopies(tx: Db, storage: string, at: string): Promise<number> {
  const doubted = await tx.updateTable("copies").set({ checked_at: null, updated_at: at }).where("storage", "=", storage).where("state", "in", ["good", "damaged"]).returning("id").execute();
  await tx.updateTable("backups").set({ integrity: "unchecked", checked_at: null, updated_at: at }).where("integrity", "=", "good").where("deleted_at", "is", null)
    .where("id", "in", tx.selectFrom("copies").select("backup_id").where("storage", "=", storage)).execute();
  return doubted.length;
}
