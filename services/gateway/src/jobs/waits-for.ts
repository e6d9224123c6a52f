import { anyBackup } from "../catalog/backups.ts";
import { anyDatabase } from "../catalog/databases.ts";
import { findJob, restoreAtWork } from "../catalog/jobs.ts";
import { dumpsOut } from "../catalog/turns.ts";
import type { Core } from "./deps.ts";

/**
 * Why a backup has not begun. time: it was ordered for later. restore: one into the same database is at work. server: as
 * many dumps of its server are as may be at once. turn: others go first. executor: it is next for one that is free.
 */
export const WAITS = ["time", "restore", "server", "turn", "executor"] as const;
export type Wait = (typeof WAITS)[number];

/** What a backup waits for at the moment; null when it waits no more. */
export async function waitsFor({ db, config, now }: Pick<Core, "db" | "config" | "now">, jobId: number): Promise<Wait | null> {
  const job = await findJob(db, jobId, "all");
  if (job?.status !== "pending" || job.backup_id === null) return null;
  if (job.published_at !== null) return "executor";
  const at = now().toISOString();
  if (job.not_before > at) return "time";
  const database = await anyDatabase(db, (await anyBackup(db, job.backup_id)).database_id);
  if (await restoreAtWork(db, database, at)) return "restore";
  return await dumpsOut(db, { ...database, executor_group: job.executor_group }) < config.dumps_per_server ? "turn" : "server";
}
