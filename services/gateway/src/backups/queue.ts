import { artifactStem } from "@safebase/artifact";
import type { Compression, Format, Trigger } from "@safebase/contracts";
import { insertBackup, setStem } from "../catalog/backups.ts";
import { insertCopies } from "../catalog/copies.ts";
import { insertBackupKeys } from "../catalog/encryption-keys.ts";
import { insertJob } from "../catalog/jobs.ts";
import type { Backup, Database, Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import type { Core } from "../jobs/deps.ts";
import { recipientsColumn } from "../keys/identities.ts";
import { destinationOf } from "./destination.ts";
import { withDefaults } from "./format.ts";
import { partsColumns, type PartsAsked } from "./parts.ts";

export interface BackupOrder extends PartsAsked {
  readonly trigger: Trigger;
  readonly format?: Format | null | undefined;
  readonly compression?: Compression | null | undefined;
  /** Names; those of the database when left out. */
  readonly storages?: readonly string[] | undefined;
  readonly schedule_id?: number;
  readonly planned_at?: string;
  readonly not_before?: string;
  readonly time_limit_s?: number | undefined;
  readonly stall_limit_s?: number | undefined;
}

/** Writes a backup and its job. Undefined when this schedule's planned time has had its backup. */
export async function queueBackup(tx: Db, core: Core, database: Database, order: BackupOrder): Promise<{ backup: Backup; job: Job } | undefined> {
  const now = core.now();
  const { storages, keys } = await destinationOf(tx, database, order.storages);
  const backup = await insertBackup(tx, {
    user_id: database.user_id, database_id: database.id, schedule_id: order.schedule_id ?? null, planned_at: order.planned_at ?? null,
    trigger: order.trigger, type: database.type, ...withDefaults(database.type, order), ...partsColumns(order), created_at: now.toISOString(),
    encryption_key_id: keys[0]?.id ?? null, recipients: recipientsColumn([...new Set(keys.map(({ recipient }) => recipient))]),
  });
  if (backup === undefined) return undefined;
  await setStem(tx, backup.id, artifactStem({ type: database.type, name: database.name, created_at: now, backup_id: backup.id }));
  await insertCopies(tx, backup.id, storages, now.toISOString());
  await insertBackupKeys(tx, backup.id, keys);
  const job = await insertJob(tx, {
    kind: "backup", user_id: database.user_id, backup_id: backup.id, executor_group: database.executor_group,
    ...limitsOf(core, order), not_before: order.not_before ?? now.toISOString(), created_at: now.toISOString(), urgent: order.trigger === "safety" ? 1 : 0,
  });
  return { backup, job };
}

/** A job's limits: what was asked for, else what the configuration says. */
export function limitsOf(core: Pick<Core, "config">, asked: { time_limit_s?: number | undefined; stall_limit_s?: number | undefined }): { time_limit_s: number; stall_limit_s: number } {
  return { time_limit_s: asked.time_limit_s ?? core.config.job_time_limit_s, stall_limit_s: asked.stall_limit_s ?? core.config.job_stall_limit_s };
}
