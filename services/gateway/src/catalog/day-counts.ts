import { sql, type RawBuilder, type SqlBool } from "kysely";
import { STATUSES, type Status } from "./schema.ts";
import { alsoOwnedBy, type Db, type Scope } from "./scope.ts";

/** A day as its user's clocks have it: from its first instant to the next day's. */
export interface Span { readonly since: string; readonly until: string }

/** How the backups of a day ended, also of those that have gone since. */
export interface DayCount { readonly completed: number; readonly failed: number }

/** The indexes of times answer alone. */
const of = (scope: Scope): RawBuilder<SqlBool> => alsoOwnedBy("backups.user_id", scope);

/** `with days (n, since, until) as (…)`: the spans as rows, counted from 0. */
function rowsOf(spans: readonly Span[]): RawBuilder<unknown> {
  const rows = spans.map(({ since, until }, index) => sql`(${sql.lit(index)}, ${since}, ${until})`);
  return sql`with days (n, since, until) as (values ${sql.join(rows)})`;
}

/** One for each day, in the same order. */
export async function countByDay(db: Db, scope: Scope, days: readonly Span[]): Promise<DayCount[]> {
  const count = (status: "completed" | "failed"): RawBuilder<number> => sql<number>`(select count(*) from backups
    where backups.finished_at >= days.since and backups.finished_at < days.until and backups.status = ${sql.lit(status)} and ${of(scope)})`;
  const { rows } = await sql<{ completed: number | string; failed: number | string }>`${rowsOf(days)}
    select ${count("completed")} as completed, ${count("failed")} as failed from days order by n`.execute(db);
  return rows.map(({ completed, failed }) => ({ completed: Number(completed), failed: Number(failed) }));
}

/** How many bytes came on each day, and how many went from their storages. A backup counts once, however many its copies are. */
export async function movedByDay(db: Db, scope: Scope, days: readonly Span[]): Promise<{ came: number; went: number }[]> {
  const sum = (column: "finished_at" | "purged_at"): RawBuilder<number> => sql<number>`(select coalesce(sum(backups.size_bytes), 0) from backups
    where ${sql.ref(`backups.${column}`)} >= days.since and ${sql.ref(`backups.${column}`)} < days.until and backups.status = 'completed' and ${of(scope)})`;
  const { rows } = await sql<{ came: number | string; went: number | string }>`${rowsOf(days)}
    select ${sum("finished_at")} as came, ${sum("purged_at")} as went from days order by n`.execute(db);
  return rows.map(({ came, went }) => ({ came: Number(came), went: Number(went) }));
}

export interface Standing { readonly by_status: Record<Status, number>; readonly stored_bytes: number }

/** The backups that are listed, by status, and what is stored: also of those that are deleted and still on their way out. */
export async function countStanding(db: Db, scope: Scope): Promise<Standing> {
  const { rows } = await sql<{ status: Status; listed: number | string; bytes: number | string }>`
    select status, sum(case when deleted_at is null then 1 else 0 end) as listed, coalesce(sum(size_bytes), 0) as bytes from backups
    where purged_at is null and status in (${sql.join(STATUSES.map((status) => sql.lit(status)))}) and ${of(scope)} group by status`.execute(db);
  const found = new Map(rows.map((row) => [row.status, row]));
  return {
    by_status: Object.fromEntries(STATUSES.map((status) => [status, Number(found.get(status)?.listed ?? 0)])) as Record<Status, number>,
    stored_bytes: Number(found.get("completed")?.bytes ?? 0),
  };
}
