import { Contents, SafebaseError, type ArtifactRef, type Command, type SealedConnection } from "@safebase/contracts";
import { partsOf } from "../backups/parts.ts";
import { anyBackup } from "../catalog/backups.ts";
import { anyCheck } from "../catalog/checks.ts";
import { copyById, refsOfCopies, refsToDelete } from "../catalog/copies.ts";
import { anyDatabase } from "../catalog/databases.ts";
import { anyRestore } from "../catalog/restores.ts";
import type { Backup, Database, Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { anyVerification } from "../catalog/verifications.ts";
import { keptIdentity, recipientsOf } from "../keys/identities.ts";

/**
 * The message that carries a job, made of what the catalog says now. The password stays sealed. Throws a sentence
 * for the user when the job cannot be done any more.
 */
export async function buildCommand(db: Db, job: Job, cleanupOnly = false): Promise<Command> {
  const common = {
    job_id: job.id, group: job.executor_group, cleanup_only: cleanupOnly, created_at: job.created_at,
    limits: { time_s: job.time_limit_s, stall_s: job.stall_limit_s },
  };
  if (job.kind === "restore") return { ...common, ...await restoreBody(db, job) };
  if (job.kind === "verify") return { ...common, ...await verifyBody(db, job) };
  if (job.kind === "check") return { ...common, ...await checkBody(db, required(job.check_id)) };
  const backup = await anyBackup(db, required(job.backup_id));
  if (job.kind === "copy") return { ...common, ...await copyBody(db, backup, required(job.copy_id)) };
  if (job.kind === "delete") return { ...common, ...await deleteBody(db, backup, job.copy_id) };
  return { ...common, ...await backupBody(db, backup) };
}

type Body<K extends Command["kind"]> = Omit<Extract<Command, { kind: K }>, "job_id" | "group" | "cleanup_only" | "created_at" | "limits">;

async function copyBody(db: Db, backup: Backup, copyId: number): Promise<Body<"copy">> {
  const copy = await copyById(db, copyId);
  const source = await artifactOf(db, backup);
  if (copy === undefined || copy.deleted_at !== null || source === undefined) throw new SafebaseError("conflict", `the copy of backup ${backup.id} is not wanted any more`);
  const [target] = await refsToDelete(db, backup.id, copyId);
  const copies = (await refsOfCopies(db, backup.id, ["good"])).filter(({ name }) => name !== copy.storage);
  if (target === undefined || copies.length === 0) throw new SafebaseError("conflict", `backup ${backup.id} has no good copy besides that in ${copy.storage}`);
  return { kind: "copy", copy_id: copyId, backup_id: backup.id, source: { ...source, copies }, target, replace: copy.state !== "pending" };
}

async function deleteBody(db: Db, backup: Backup, copyId: number | null): Promise<Body<"delete">> {
  const storages = await refsToDelete(db, backup.id, copyId);
  if (storages.length === 0) throw new SafebaseError("conflict", `backup ${backup.id} lies in no storage any more`);
  return { kind: "delete", backup_id: backup.id, storages, stem: backup.stem };
}

async function backupBody(db: Db, backup: Backup): Promise<Body<"backup">> {
  const database = await registered(db, backup.database_id, backup.type);
  return {
    kind: "backup", backup_id: backup.id, user_id: backup.user_id, database: { id: database.id, name: database.name },
    connection: connectionOf(database), format: backup.format, compression: backup.compression, recipients: recipientsOf(backup.recipients), trigger: backup.trigger,
    ...partsOf(backup), storages: await refsOfCopies(db, backup.id), stem: backup.stem,
  };
}

async function restoreBody(db: Db, { restore_id, identities_sealed }: Job): Promise<Body<"restore">> {
  const restore = await anyRestore(db, required(restore_id));
  const backup = await anyBackup(db, restore.backup_id);
  const source = await artifactOf(db, backup);
  if (source === undefined) throw new SafebaseError("conflict", `backup ${backup.id} is not there any more`);
  const database = await registered(db, restore.target_database_id, backup.type);
  const safety = restore.safety_backup_id === null ? undefined : await artifactOf(db, await anyBackup(db, restore.safety_backup_id));
  return {
    kind: "restore", restore_id: restore.id, source, safety: safety ?? null, identities_sealed,
    target: { connection: { ...connectionOf(database), db_name: restore.target_db_name }, must_be_new: restore.must_be_new === 1 },
  };
}

async function verifyBody(db: Db, { verification_id, identities_sealed }: Job): Promise<Body<"verify">> {
  const verification = await anyVerification(db, required(verification_id));
  const backup = await anyBackup(db, verification.backup_id);
  const source = await artifactOf(db, backup);
  if (source === undefined || backup.contents === null) throw new SafebaseError("conflict", `backup ${backup.id} is not there any more`);
  const database = await registered(db, verification.target_database_id, backup.type);
  return {
    kind: "verify", verification_id: verification.id, source, identities_sealed, expected: Contents.parse(JSON.parse(backup.contents)),
    target: { connection: { ...connectionOf(database), db_name: verification.scratch_db_name } },
  };
}

async function checkBody(db: Db, checkId: number): Promise<Body<"check">> {
  const { id, backup_id } = await anyCheck(db, checkId);
  const backup = await anyBackup(db, backup_id);
  const found = await artifactOf(db, backup);
  if (found === undefined) throw new SafebaseError("conflict", `backup ${backup_id} is not there any more`);
  return { kind: "check", check_id: id, source: { ...found, copies: await refsOfCopies(db, backup.id, ["good", "damaged", "missing"]) }, identities_sealed: await keptIdentity(db, backup) };
}

async function registered(db: Db, id: number, type: Backup["type"]): Promise<Database> {
  const database = await anyDatabase(db, id);
  if (database.deleted_at !== null) throw new SafebaseError("conflict", `database ${database.name} was unregistered before the job began`);
  if (database.type === type) return database;
  throw new SafebaseError("conflict", `database ${database.name} was changed from ${type} to ${database.type} before the job began`);
}

function connectionOf(database: Database): SealedConnection {
  const { type, host, port, username, password_sealed, db_name, ssl_mode, ssl_ca } = database;
  return { type, host, port, username, password_sealed, db_name, ssl_mode, ssl_ca };
}

/** What a restore needs to know of a completed backup; undefined when there is none to restore. */
async function artifactOf(db: Db, backup: Backup): Promise<ArtifactRef | undefined> {
  if (backup.status !== "completed" || backup.deleted_at !== null || backup.sha256 === null || backup.size_bytes === null) return undefined;
  const { id: backup_id, type, stem, sha256, size_bytes } = backup;
  const good = await refsOfCopies(db, backup_id, ["good"]);
  const copies = good.length > 0 ? good : await refsOfCopies(db, backup_id);
  if (copies.length === 0) throw new SafebaseError("artifact_missing", `backup ${backup_id} lies in no storage any more`, { hint: "add its storage again and scan it" });
  return { backup_id, type, stem, sha256, size_bytes, copies };
}

function required(id: number | null): number {
  if (id === null) throw new SafebaseError("internal", "a job without its subject");
  return id;
}
