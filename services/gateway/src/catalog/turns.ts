import type { JobKind } from "@safebase/contracts";
import { PostgresAdapter, sql, type SqlBool } from "kysely";
import type { Database, Job, Status } from "./schema.ts";
import type { Db } from "./scope.ts";

/** Jobs whose command nobody has published yet, in the words of the index jobs_waiting. */
const WAITING = sql<SqlBool>`jobs.status = 'pending' and jobs.published_at is null and jobs.cancel_requested_at is null`;
/** Jobs that an executor has or will be given, in the words of the index jobs_out. */
export const OUT = sql<SqlBool>`jobs.status in ('pending', 'running') and jobs.published_at is not null`;

/** Jobs that were published once, in the words of the index jobs_served. */
const SERVED = sql<SqlBool>`served.published_at > ''`;

/** A server as the executors of one group see it: the same name may lead elsewhere from another network. */
const SERVER = sql<string>`databases.host || ':' || databases.port`;

/** So long verifications, checks, copies and deletions stand back behind the backups of their user, and no longer. */
const STAND_BACK_MS = 10 * 60_000;

/** By which a user's jobs take their turns. */
export function turnOf(kind: JobKind, not_before: string): string {
  return kind === "restore" || kind === "backup" ? not_before : new Date(Date.parse(not_before) + STAND_BACK_MS).toISOString();
}

/** Groups that have jobs whose time has come. */
export async function groupsWaiting(db: Db, now: string): Promise<string[]> {
  const rows = await db.selectFrom("jobs").select("executor_group").distinct().where(WAITING).where("not_before", "<=", now).orderBy("executor_group").execute();
  return rows.map(({ executor_group }) => executor_group);
}

/** A job that is published and not over. */
export interface OutJob {
  readonly user_id: number;
  readonly kind: JobKind;
  readonly status: Status;
  readonly executor_id: string | null;
  /** Of a backup or a verification: where it works. */
  readonly server: string | null;
}

/** What the executors of a group have, or will be given: no more than the window lets out. */
export async function jobsOut(db: Db, group: string): Promise<OutJob[]> {
  return db.selectFrom("jobs")
    .leftJoin("backups", (join) => join.onRef("backups.id", "=", "jobs.backup_id").on("jobs.kind", "=", "backup"))
    .leftJoin("verifications", "verifications.id", "jobs.verification_id")
    .leftJoin("databases", (join) => join.on("databases.id", "=", sql<number>`coalesce(backups.database_id, verifications.target_database_id)`))
    .select(["jobs.user_id", "jobs.kind", "jobs.status", "jobs.executor_id", SERVER.as("server")])
    .where(OUT).where("jobs.executor_group", "=", group).execute();
}

/** A user who has jobs whose time has come, and since when he waits: for the first of them, or since his last one went out. */
export interface WaitingUser { readonly user_id: number; readonly since: string }

export async function usersWaiting(db: Db, of: Pick<Lane, "group" | "urgent" | "now">): Promise<WaitingUser[]> {
  const rows = await db.selectFrom("jobs").select((eb) => [
    "jobs.user_id", eb.fn.min("jobs.turn_at").as("first"),
    eb.selectFrom("jobs as served").select((on) => on.fn.max("served.published_at").as("at")).where("served.executor_group", "=", of.group)
      .whereRef("served.user_id", "=", "jobs.user_id").where(SERVED).as("served_at"),
  ]).where(WAITING).where("jobs.executor_group", "=", of.group).where("jobs.urgent", "=", of.urgent).where("jobs.not_before", "<=", of.now).groupBy("jobs.user_id").execute();
  return rows.map(({ user_id, first, served_at }) => ({ user_id, since: served_at !== null && served_at > first ? served_at : first }));
}

/** What one user has waiting in one group, and what of it has to wait on. */
export interface Lane {
  readonly group: string;
  readonly urgent: number;
  readonly user_id: number;
  readonly now: string;
  /** The last one that was looked at. */
  readonly after: Pick<Job, "turn_at" | "id"> | undefined;
  readonly busy: Busy;
}

/** What is at work already: none more of these kinds, none more of a kind on these servers. */
export interface Busy {
  readonly kinds: readonly JobKind[];
  readonly dumps: readonly string[];
  readonly verifications: readonly string[];
}

/** The user's next job whose time has come and that nothing at work keeps waiting. */
export async function nextInLane(db: Db, { group, urgent, user_id, now, after, busy }: Lane): Promise<Job | undefined> {
  let query = db.selectFrom("jobs").selectAll("jobs")
    .leftJoin("jobs as before", "before.id", "jobs.after_job_id")
    .leftJoin("backups", "backups.id", "jobs.backup_id").leftJoin("verifications", "verifications.id", "jobs.verification_id")
    .leftJoin("databases", (join) => join.on("databases.id", "=", sql<number>`coalesce(verifications.target_database_id, backups.database_id)`))
    .where(WAITING).where("jobs.executor_group", "=", group).where("jobs.urgent", "=", urgent).where("jobs.user_id", "=", user_id).where("jobs.not_before", "<=", now)
    .where((eb) => eb.or([eb("jobs.after_job_id", "is", null), eb("before.status", "=", "completed")]));
  if (after !== undefined) query = query.where(sql<SqlBool>`(jobs.turn_at, jobs.id) > (${after.turn_at}, ${after.id})`);
  if (busy.kinds.length > 0) query = query.where("jobs.kind", "not in", busy.kinds);
  if (busy.dumps.length > 0) query = query.where((eb) => eb.or([eb("jobs.kind", "!=", "backup"), eb(SERVER, "not in", busy.dumps)]));
  if (busy.verifications.length > 0) query = query.where((eb) => eb.or([eb("jobs.kind", "!=", "verify"), eb(SERVER, "not in", busy.verifications)]));
  return query.orderBy("jobs.turn_at").orderBy("jobs.id").limit(1).executeTakeFirst();
}

/** Where a job works: a server, as the executors of a group see it. */
export interface Server { readonly host: string; readonly port: number; readonly executor_group: string }

/**
 * Makes other transactions that lock this server wait for ours. To be taken after all other locks, so that nobody waits in
 * a circle. SQLite needs none: there a transaction has begun only when no other writes.
 */
export async function lockServer(tx: Db, { host, port, executor_group }: Server): Promise<void> {
  await lockWord(tx, `safebase server ${executor_group} ${host}:${port}`);
}

/** The same for one database of a server, under however many registrations. Before the server. */
export async function lockPlace(tx: Db, { host, port, db_name }: Pick<Database, "host" | "port" | "db_name">): Promise<void> {
  await lockWord(tx, `safebase place ${host}:${port} ${db_name}`);
}

async function lockWord(tx: Db, word: string): Promise<void> {
  if (!(tx.getExecutor().adapter instanceof PostgresAdapter)) return;
  await sql`select pg_advisory_xact_lock(hashtextextended(${word}, 0))`.execute(tx);
}

/** How many dumps of this server executors have, or will be given. */
export async function dumpsOut(db: Db, { host, port, executor_group }: Server): Promise<number> {
  const { count } = await db.selectFrom("jobs").innerJoin("backups", "backups.id", "jobs.backup_id").innerJoin("databases", "databases.id", "backups.database_id")
    .select((eb) => eb.fn.countAll().as("count")).where(OUT).where("jobs.executor_group", "=", executor_group).where("jobs.kind", "=", "backup")
    .where("databases.host", "=", host).where("databases.port", "=", port).executeTakeFirstOrThrow();
  return Number(count);
}
