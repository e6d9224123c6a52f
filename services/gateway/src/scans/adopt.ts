import { artifactDigest, artifactKey, baseName, knownParts, type Manifest } from "@safebase/artifact";
import { SafebaseError } from "@safebase/contracts";
import { insertBackup, setStem } from "../catalog/backups.ts";
import { copiesOf, insertCopies, setCopy } from "../catalog/copies.ts";
import { setIntegrity } from "../catalog/checks.ts";
import { insertDatabase } from "../catalog/databases.ts";
import { insertBackupKeys, keysOpening } from "../catalog/encryption-keys.ts";
import { logJob } from "../catalog/job-log.ts";
import { insertJob } from "../catalog/jobs.ts";
import { backupOfStem, databaseLike } from "../catalog/scans.ts";
import type { Backup, Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { isLost } from "../checks/end.ts";
import { limitsOf } from "../backups/queue.ts";
import type { Core } from "../jobs/deps.ts";
import { recipientsColumn } from "../keys/identities.ts";

/** Who gets what nobody has, and whose executors reach it. */
export interface Adopter { readonly user_id: number; readonly executor_group: string; readonly scope: "own" | "all" }

/** What became of an artifact: a known copy, another copy of a known backup, or a backup that the catalog did not know. */
export interface Adopted { readonly as: "known" | "copies" | "backups"; readonly with_database: boolean }

interface Artifact { readonly stem: string; readonly manifest: Manifest; readonly storage: string }

/** A host that cannot be: what a manifest does not say, the user has to. */
const UNKNOWN = { host: "unknown.invalid", username: "unknown" };
const PORTS = { postgresql: 5432, mysql: 3306, mariadb: 3306 } as const;

/** Puts one artifact into the catalog, unless it is there. Throws `conflict`, with a sentence, for one that must not. */
export async function adopt(tx: Db, core: Pick<Core, "now" | "config">, artifact: Artifact, adopter: Adopter): Promise<Adopted> {
  const known = await backupOfStem(tx, artifact.stem);
  if (known !== undefined) return { as: await adoptCopy(tx, core, artifact, known, adopter), with_database: false };
  const { database, made } = await databaseOf(tx, core, artifact.manifest, adopter);
  await adoptBackup(tx, core, artifact, database, adopter);
  return { as: "backups", with_database: made };
}

async function adoptCopy(tx: Db, core: Pick<Core, "now">, { manifest, storage }: Artifact, backup: Backup, adopter: Adopter): Promise<"known" | "copies"> {
  if (adopter.scope === "own" && backup.user_id !== adopter.user_id) throw conflict("another user's backup has this name");
  if (backup.deleted_at !== null) throw conflict(`backup ${backup.id} was deleted: its artifact is not taken up again`);
  if (backup.status !== "completed") throw conflict(`backup ${backup.id} is ${backup.status}`);
  if (artifactDigest(manifest).sha256 !== backup.sha256) throw conflict(`backup ${backup.id} has this name, and holds other data`);
  const at = core.now().toISOString();
  const copy = (await copiesOf(tx, [backup.id])).find((each) => each.storage === storage);
  if (copy !== undefined && copy.state !== "missing") return "known"; // of damage, checks know more
  if (copy === undefined) await insertCopies(tx, backup.id, [storage], at);
  await setCopy(tx, backup.id, storage, { state: "good", detail: null, at });
  if (isLost(backup.integrity)) await setIntegrity(tx, backup.id, "unchecked", at);
  return "copies";
}

/** The registered database that a manifest speaks of; made, without a password, when there is none. */
async function databaseOf(tx: Db, core: Pick<Core, "now">, { database: said }: Manifest, adopter: Adopter): Promise<{ database: Database; made: boolean }> {
  const { host = UNKNOWN.host, port = PORTS[said.type], username = UNKNOWN.username, ssl_mode = "prefer" } = said;
  const like = { user_id: adopter.user_id, type: said.type, name: said.label, db_name: said.name, host, port };
  const known = await databaseLike(tx, like);
  if (known !== undefined) return { database: known, made: false };
  const at = core.now().toISOString();
  const database = await insertDatabase(tx, {
    ...like, username, password_sealed: null, ssl_mode, ssl_ca: null, executor_group: adopter.executor_group, created_at: at, updated_at: at, deleted_at: null,
  });
  return { database, made: true };
}

async function adoptBackup(tx: Db, core: Pick<Core, "now" | "config">, { stem, manifest, storage }: Artifact, database: Database, adopter: Adopter): Promise<void> {
  const recipients = manifest.encryption?.recipients ?? [];
  const { type, id: database_id, user_id } = database;
  const { trigger, format, compression, started_at, finished_at } = manifest;
  const created_at = new Date(manifest.created_at).toISOString();
  const backup = await insertBackup(tx, {
    user_id, database_id, schedule_id: null, planned_at: null, trigger, type, format, compression, created_at,
    recipients: recipientsColumn(recipients),
  });
  if (backup === undefined) throw new SafebaseError("internal", "a backup without a schedule was made before");
  await setStem(tx, backup.id, stem);
  const keys = await keysOpening(tx, backup, recipients); // its owner's: no others have been ordered
  await insertBackupKeys(tx, backup.id, keys);
  const key = artifactKey(manifest);
  await tx.updateTable("backups").set({
    encryption_key_id: keys[0]?.id ?? null, status: "completed", filename: baseName(key), filepath: key, ...artifactDigest(manifest), server: manifest.server, tool: `${manifest.tool.name} ${manifest.tool.version}`,
    contents: JSON.stringify(manifest.contents), warnings: JSON.stringify(manifest.warnings), parts: partsJson(manifest),
    started_at: new Date(started_at).toISOString(), finished_at: new Date(finished_at).toISOString(), updated_at: core.now().toISOString(),
  }).where("id", "=", backup.id).execute();
  await insertCopies(tx, backup.id, [storage], created_at);
  await setCopy(tx, backup.id, storage, { state: "good", detail: null, at: core.now().toISOString() });
  await insertMade(tx, core, backup, adopter, storage);
}

function partsJson(manifest: Manifest): string | null {
  const parts = knownParts(manifest);
  return parts === null ? null : JSON.stringify(parts);
}

/** The job that made it, as if it had been ours: its group's executors delete and check it. */
async function insertMade(tx: Db, core: Pick<Core, "config" | "now">, { id, user_id, created_at }: Backup, { executor_group }: Adopter, storage: string): Promise<void> {
  const job = await insertJob(tx, {
    kind: "backup", user_id, backup_id: id, executor_group, ...limitsOf(core, {}), not_before: created_at, created_at,
  });
  await tx.updateTable("jobs").set({ status: "completed", attempts: 1, published_at: created_at, started_at: created_at, finished_at: created_at }).where("id", "=", job.id).execute();
  await logJob(tx, job, [{ event: "adopted", at: core.now().toISOString(), detail: { storage } }]);
}

function conflict(sentence: string): SafebaseError {
  return new SafebaseError("conflict", sentence);
}
