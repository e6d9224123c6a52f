import type { ErrorCode } from "@safebase/contracts";
import { sql, type Generated, type Selectable } from "kysely";
import type { Backup, Database } from "./schema.ts";
import type { Db } from "./scope.ts";

/** A reading of all manifests of a storage, and what came of it so far. */
export interface ScansTable {
  id: Generated<number>;
  user_id: number;
  storage: string;
  status: "running" | "completed" | "failed";
  /** Manifests seen: those of known backups, those that became backups or copies, and those left out. */
  artifacts: Generated<number>;
  known: Generated<number>;
  backups: Generated<number>;
  copies: Generated<number>;
  databases: Generated<number>;
  left_out: Generated<number>;
  problems: string; // JSON ScanProblem[]
  error_code: ErrorCode | null;
  error_msg: string | null;
  error_hint: string | null;
  created_at: string;
  updated_at: string;
  finished_at: string | null;
}

/** Why an artifact was left out. */
export interface ScanProblem { readonly key: string; readonly problem: string }
export type Scan = Selectable<ScansTable>;
export type ScanCounts = Pick<Scan, "artifacts" | "known" | "backups" | "copies" | "databases" | "left_out" | "problems">;

/** Undefined when one of this storage is at work: the index scans_running, in its own words, for a bound value would not match it. */
export async function insertScan(db: Db, scan: { user_id: number; storage: string; at: string }): Promise<Scan | undefined> {
  const { user_id, storage, at } = scan;
  return db.insertInto("scans").values({ user_id, storage, status: "running", problems: "[]", created_at: at, updated_at: at, error_code: null, error_msg: null, error_hint: null, finished_at: null })
    .onConflict((conflict) => conflict.column("storage").where(sql<boolean>`status = 'running'`).doNothing()).returningAll().executeTakeFirst();
}

export async function findScan(db: Db, id: number, storage: string): Promise<Scan | undefined> {
  return db.selectFrom("scans").selectAll().where("id", "=", id).where("storage", "=", storage).executeTakeFirst();
}

/** The last ones, newest first. */
export async function listScans(db: Db, storage: string, limit: number): Promise<Scan[]> {
  return db.selectFrom("scans").selectAll().where("storage", "=", storage).orderBy("id", "desc").limit(limit).execute();
}

export async function touchScan(db: Db, id: number, counts: ScanCounts, at: string): Promise<void> {
  await db.updateTable("scans").set({ ...counts, updated_at: at }).where("id", "=", id).where("status", "=", "running").execute();
}

type End = Pick<Scan, "error_code" | "error_msg" | "error_hint"> & { status: "completed" | "failed"; at: string };

export async function endScan(db: Db, id: number, { at, ...end }: End): Promise<void> {
  await db.updateTable("scans").set({ ...end, updated_at: at, finished_at: at }).where("id", "=", id).where("status", "=", "running").execute();
}

/** Ends the scan of a gateway that died in it: nothing was heard of it since then. */
export async function endSilentScans(db: Db, storage: string, since: string, at: string): Promise<void> {
  await db.updateTable("scans").set({
    status: "failed", error_code: "internal", error_msg: "the gateway was stopped while it ran", error_hint: "scan again: what was found stays", updated_at: at, finished_at: at,
  }).where("storage", "=", storage).where("status", "=", "running").where("updated_at", "<", since).execute();
}

/** Whatever has lain under this stem, deleted backups too. */
export async function backupOfStem(db: Db, stem: string): Promise<Backup | undefined> {
  return db.selectFrom("backups").selectAll().where("stem", "=", stem).executeTakeFirst();
}

/** One's registered database that is called so on its server, and here; of an adopted one the server may be unknown. */
export async function databaseLike(db: Db, like: Pick<Database, "user_id" | "type" | "name" | "db_name" | "host" | "port">): Promise<Database | undefined> {
  const { user_id, type, name, db_name, host, port } = like;
  return db.selectFrom("databases").selectAll().where("user_id", "=", user_id).where("type", "=", type).where("db_name", "=", db_name).where("host", "=", host)
    .where("port", "=", port).where("deleted_at", "is", null).orderBy((eb) => eb.case().when("name", "=", name).then(0).else(1).end()).orderBy("id").executeTakeFirst();
}
