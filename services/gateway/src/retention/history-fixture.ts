import type { Insertable } from "kysely";
import { insertCopies, setCopy } from "../catalog/copies.ts";
import { insertJob } from "../catalog/jobs.ts";
import type { Catalog, Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";

/** A completed backup that was made at this time, in a minute, and takes a megabyte. */
export type Past = { readonly at: string } & Partial<Insertable<Catalog["backups"]>>;

/** Puts backups into a database's history as if they had been made, each with its job. Answers their ids. */
export async function addPast(db: Db, database: Pick<Database, "id" | "user_id" | "type">, past: readonly Past[]): Promise<number[]> {
  return db.transaction().execute(async (tx) => {
    const ids: number[] = [];
    for (const { at, ...more } of past) {
      const finished_at = new Date(Date.parse(at) + 60_000).toISOString();
      const { id } = await tx.insertInto("backups").values({
        user_id: database.user_id, database_id: database.id, schedule_id: null, planned_at: null, trigger: "manual", type: database.type, format: "sql",
        compression: "zstd", stem: `${database.type}/shop_${ids.length}`, filename: "shop.sql.zst", filepath: `${database.type}/shop.sql.zst`,
        status: "completed", size_bytes: 1_000_000, raw_size_bytes: 9, sha256: "ab".repeat(32), server: "s", tool: "t", contents: null, warnings: null,
        error_code: null, error_msg: null, error_hint: null, created_at: at, started_at: at, finished_at, updated_at: finished_at, deleted_at: null, purged_at: null, ...more,
      }).returning("id").executeTakeFirstOrThrow();
      await insertCopies(tx, id, ["local"], at);
      await setCopy(tx, id, "local", { state: "good", detail: null, at: finished_at });
      const job = await insertJob(tx, {
        kind: "backup", user_id: database.user_id, backup_id: id, executor_group: "default", time_limit_s: 60, stall_limit_s: 60, not_before: at, created_at: at,
      });
      await tx.updateTable("jobs").set({ status: "completed", attempts: 1, run_id: "r", started_at: at, finished_at, published_at: at }).where("id", "=", job.id).execute();
      ids.push(id);
    }
    return ids;
  });
}

/** One backup a day, the last one today, oldest first. */
export function nightly(days: number, now: Date, more: Partial<Past> = {}): Past[] {
  const time = (ago: number): string => new Date(now.getTime() - ago * 86_400_000 - 3_600_000).toISOString();
  return Array.from({ length: days }, (_, n) => ({ at: time(days - 1 - n), ...more }));
}
