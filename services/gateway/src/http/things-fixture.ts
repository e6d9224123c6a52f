import { randomUUID } from "node:crypto";
import { noticeOf } from "@safebase/contracts";
import { insertApiToken } from "../catalog/api-tokens.ts";
import { insertBackup } from "../catalog/backups.ts";
import { insertChannel } from "../catalog/channels.ts";
import { insertCheck } from "../catalog/checks.ts";
import { insertCopies } from "../catalog/copies.ts";
import { insertDatabase } from "../catalog/databases.ts";
import { insertKey } from "../catalog/encryption-keys.ts";
import { insertJoinToken } from "../catalog/join-tokens.ts";
import { insertJob } from "../catalog/jobs.ts";
import { insertNotice } from "../catalog/notices.ts";
import { insertNotification } from "../catalog/notifications.ts";
import { insertObjectives } from "../catalog/objectives.ts";
import { insertRestore } from "../catalog/restores.ts";
import { insertScan } from "../catalog/scans.ts";
import { insertSchedule } from "../catalog/schedules.ts";
import { insertServer } from "../catalog/servers.ts";
import { insertStorage } from "../catalog/storages.ts";
import { insertVerification } from "../catalog/verifications.ts";
import type { Backup, Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";

const AT = "2026-01-02T03:04:05.678Z";
const SERVER = { type: "postgresql", host: "db.example.org", port: 5432, username: "u", password_sealed: null, ssl_mode: "prefer", ssl_ca: null, executor_group: "default" } as const;
const times = { created_at: AT, updated_at: AT };

/** What a path below /api is about, made anew for this owner: its ids, by their names in the path. */
export async function makeThing(db: Db, subject: string, user_id: number): Promise<Record<string, number | string>> {
  const name = `a ${randomUUID()}`;
  if (subject === "databases") return { id: (await database(db, user_id)).id };
  if (subject === "backups/database") return { id: (await database(db, user_id)).id };
  if (subject === "backups") return { id: (await backup(db, await database(db, user_id))).id, storage: "local" };
  if (subject === "keys") return { id: must(await insertKey(db, { user_id, name, recipient: name, identity_sealed: null, created_at: AT })).id };
  if (subject === "channels") return { id: (await channel(db, user_id)).id };
  if (subject === "tokens") return { id: (await insertApiToken(db, { user_id, name, token_hash: name, rights: "read", created_at: AT, expires_at: null })).id };
  if (subject === "executors") return { id: (await insertJoinToken(db, { user_id, token_hash: name, executor_group: "default", created_at: AT, expires_at: AT })).id };
  if (subject === "schedules") return { id: (await schedule(db, await database(db, user_id))).id };
  if (subject === "servers") {
    const settings = { include: "[]", exclude: "[]", retention: null, encryption_key_id: null, storages: null, schedule: null, synced_at: null, succeeded_at: null, problem: null };
    return { id: (await insertServer(db, { ...SERVER, ...settings, ...times, name, user_id })).id };
  }
  if (subject === "storages") {
    const { id } = must(await insertStorage(db, { ...times, name, user_id, type: "s3", target: "-", config_sealed: "sealed" }));
    return { id, scan_id: must(await insertScan(db, { user_id, storage: name, at: AT })).id };
  }
  if (subject === "users") {
    return { id: (await db.insertInto("users").values({ email: `${randomUUID()}@example.org`, password_hash: "-", role: "user", created_at: AT }).returning("id").executeTakeFirstOrThrow()).id };
  }
  return madeOfBackup(db, subject, await database(db, user_id));
}

async function madeOfBackup(db: Db, subject: string, of: Database): Promise<Record<string, number>> {
  const { user_id } = of;
  const { id: backup_id } = await backup(db, of);
  const common = { user_id, backup_id, created_at: AT };
  if (subject === "jobs") return { id: await job(db, user_id, { kind: "backup", backup_id }) };
  if (subject === "verifications") {
    const { id } = await insertVerification(db, { ...common, target_database_id: of.id, trigger: "manual" });
    return { id, job_id: await job(db, user_id, { kind: "verify", verification_id: id }) };
  }
  if (subject === "checks") {
    const { id } = await insertCheck(db, { ...common, trigger: "manual" });
    return { id, job_id: await job(db, user_id, { kind: "check", check_id: id }) };
  }
  if (subject === "restores") {
    const { id } = await insertRestore(db, { ...common, target_database_id: of.id, target_db_name: of.db_name, must_be_new: 0, safety_backup_id: null });
    return { id, job_id: await job(db, user_id, { kind: "restore", restore_id: id }) };
  }
  if (subject === "objectives") {
    await insertObjectives(db, of, AT);
    return { id: (await db.selectFrom("objectives").select("id").where("database_id", "=", of.id).executeTakeFirstOrThrow()).id };
  }
  if (subject === "notifications") {
    const notice = noticeOf("login_new_place", randomUUID(), AT, { user_id, user_email: "a@example.org", login: { ip: null, user_agent: null } });
    await insertNotice(db, notice);
    await insertNotification(db, notice, await channel(db, user_id));
    return { id: (await db.selectFrom("notifications").select("id").where("notice_id", "=", notice.id).executeTakeFirstOrThrow()).id };
  }
  throw new Error(`nothing is made for /api/${subject}: say here how`);
}

function database(db: Db, user_id: number): Promise<Database> {
  return insertDatabase(db, { ...SERVER, ...times, user_id, name: "shop", db_name: "shop", deleted_at: null });
}

async function backup(db: Db, { user_id, id }: Database): Promise<Backup> {
  const made = must(await insertBackup(db, { user_id, database_id: id, schedule_id: null, planned_at: null, trigger: "manual", type: "postgresql", format: "custom", compression: "zstd", created_at: AT }));
  await insertCopies(db, made.id, ["local"], AT);
  await job(db, user_id, { kind: "backup", backup_id: made.id });
  return made;
}

async function job(db: Db, user_id: number, about: Pick<Parameters<typeof insertJob>[1], "kind" | "backup_id" | "restore_id" | "verification_id" | "check_id">): Promise<number> {
  return (await insertJob(db, { ...about, user_id, executor_group: "default", time_limit_s: 60, stall_limit_s: 60, not_before: AT, created_at: AT })).id;
}

function schedule(db: Db, { user_id, id }: Database) {
  return insertSchedule(db, { ...times, user_id, database_id: id, name: "nightly", cron: "0 3 * * *", timezone: "UTC", enabled: 1, format: null, compression: null, effective_from: AT });
}

function channel(db: Db, user_id: number) {
  return insertChannel(db, { ...times, user_id, name: randomUUID(), type: "webhook", config_sealed: "sealed", target: "-", events: "[]", database_ids: null, language: "en", group_s: 0, source: "api" });
}

function must<T>(made: T | undefined): T {
  if (made === undefined) throw new Error("there is one already");
  return made;
}
