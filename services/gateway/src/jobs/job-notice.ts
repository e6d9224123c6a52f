import { randomUUID } from "node:crypto";
import { noticeOf, type Failure, type Notice, type Trigger } from "@safebase/contracts";
import { anyDatabase } from "../catalog/databases.ts";
import type { Backup, Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { findUser } from "../catalog/users.ts";

/** What is known of a job's end. */
export interface Told {
  readonly kind: Notice["kind"];
  readonly database_id: number;
  readonly backup: Backup;
  readonly restore_id?: number;
  readonly verification_id?: number;
  readonly trigger: Trigger | null;
  readonly copies?: readonly string[];
  readonly error: Failure | null;
  readonly at: string;
}

/** The notice of a job's end. */
export async function jobNotice(tx: Db, job: Job, told: Told): Promise<Notice> {
  const database = await anyDatabase(tx, told.database_id);
  const user = await findUser(tx, job.user_id);
  return noticeOf(told.kind, randomUUID(), told.at, {
    user_id: database.user_id, user_email: user?.email ?? null, database: { id: database.id, name: database.name, type: database.type },
    backup_id: told.backup.id, restore_id: told.restore_id ?? null, verification_id: told.verification_id ?? null, trigger: told.trigger,
    copies: told.copies === undefined ? null : [...told.copies], size_bytes: told.backup.size_bytes, error: told.error,
    duration_ms: job.started_at === null ? null : Date.parse(told.at) - Date.parse(job.started_at),
  });
}
