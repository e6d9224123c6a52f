import { sql, type SqlBool } from "kysely";
import { patternOf } from "./backup-list.ts";
import type { Db } from "./scope.ts";
import type { AuditEntry, NewAuditEntry } from "./schema.ts";

export interface AuditFilter {
  readonly user_id?: number | undefined;
  readonly action?: string | undefined;
  readonly object_type?: string | undefined;
  readonly object_id?: number | undefined;
  readonly outcome?: AuditEntry["outcome"] | undefined;
  /** What actions begin with: "backup" for backup.create and the others. */
  readonly subject?: string | undefined;
  /** Part of who did it, whatever its case. */
  readonly actor?: string | undefined;
  readonly since?: string | undefined;
  /** Before this time. */
  readonly until?: string | undefined;
}

export async function insertAudit(db: Db, entry: NewAuditEntry): Promise<void> {
  await db.insertInto("audit").values(entry).execute();
}

/** One page of entries, the newest first, and how many there are in all. */
export async function pageOfAudit(db: Db, filter: AuditFilter, page: { limit: number; offset: number }): Promise<{ rows: AuditEntry[]; total: number }> {
  let query = db.selectFrom("audit");
  for (const column of ["user_id", "action", "object_type", "object_id", "outcome"] as const) {
    const value = filter[column];
    if (value !== undefined) query = query.where(column, "=", value);
  }
  const { subject, actor, since, until } = filter;
  if (subject !== undefined) query = query.where("action", "like", `${subject}.%`);
  if (actor !== undefined) query = query.where(sql<SqlBool>`lower(actor) like ${patternOf(actor)} escape '\\'`);
  if (since !== undefined) query = query.where("at", ">=", since);
  if (until !== undefined) query = query.where("at", "<", until);
  const rows = await query.selectAll().orderBy("id", "desc").limit(page.limit).offset(page.offset).execute();
  const count = await query.select((eb) => eb.fn.countAll().as("count")).executeTakeFirstOrThrow();
  return { rows, total: Number(count.count) };
}

const READ = 500;

/** The newest entries of these actions about these things. */
export async function auditAbout(db: Db, actions: readonly string[], things: readonly { readonly type: string; readonly ids: readonly number[] }[]): Promise<AuditEntry[]> {
  const asked = things.filter(({ ids }) => ids.length > 0);
  if (asked.length === 0) return [];
  return db.selectFrom("audit").selectAll().where("action", "in", actions)
    .where((eb) => eb.or(asked.map(({ type, ids }) => eb.and([eb("object_type", "=", type), eb("object_id", "in", ids)]))))
    .orderBy("id", "desc").limit(READ).execute();
}
