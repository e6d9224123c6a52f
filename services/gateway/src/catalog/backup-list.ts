import type { Trigger } from "@safebase/contracts";
import { sql } from "kysely";
import { backupRows, type BackupRow } from "./backups.ts";
import type { Backup, Status } from "./schema.ts";
import { ownedBy, type Db, type Scope } from "./scope.ts";

export interface BackupFilter {
  readonly status?: Status | undefined;
  readonly type?: Backup["type"] | undefined;
  readonly database_id?: number | undefined;
  readonly trigger?: Trigger | undefined;
  /** Ordered then or later. */
  readonly since?: string | undefined;
  /** Ordered before. */
  readonly until?: string | undefined;
  readonly pinned?: boolean | undefined;
  readonly verified?: boolean | undefined;
  /** Its name: backups that have a copy there, in whatever state. */
  readonly storage?: string | undefined;
  /** Somewhere in the database's name or the file's, in large letters or small. */
  readonly search?: string | undefined;
}

/** More than any catalog has. */
const MOST = 2 ** 31 - 1;

/**
 * One part of the list, newest first, and how many there are in all. Both are found in the indexes backups_listed and
 * backups_listed_all, from whichever end is nearer; rows, which are wide, are read for the part alone.
 */
export async function listBackups(
  db: Db, scope: Scope, filter: BackupFilter, part: { readonly limit: number; readonly offset: number },
): Promise<{ rows: BackupRow[]; total: number }> {
  const query = filtered(db, scope, filter);
  // Counted in their order, though that changes nothing: for that alone, SQLite takes the index that holds all it needs.
  const { total } = await db.selectFrom(query.select("backups.id").orderBy("backups.id", "desc").limit(MOST).as("found"))
    .select((eb) => eb.fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  const limit = Math.min(part.limit, total - part.offset);
  if (limit <= 0) return { rows: [], total };
  const after = total - part.offset - limit;
  const fromEnd = after < part.offset;
  const ids = await query.select("backups.id").orderBy("backups.id", fromEnd ? "asc" : "desc").limit(limit).offset(fromEnd ? after : part.offset).execute();
  const rows = await backupRows(db).where("backups.id", "in", ids.map(({ id }) => id)).orderBy("backups.id", "desc").execute();
  return { rows, total };
}

function filtered(db: Db, scope: Scope, filter: BackupFilter) {
  let query = db.selectFrom("backups").where("backups.deleted_at", "is", null).where(ownedBy("backups.user_id", scope));
  for (const column of ["status", "type", "database_id", "trigger"] as const) {
    const value = filter[column];
    if (value !== undefined) query = query.where(`backups.${column}`, "=", value);
  }
  if (filter.since !== undefined) query = query.where("backups.created_at", ">=", filter.since);
  if (filter.until !== undefined) query = query.where("backups.created_at", "<", filter.until);
  if (filter.pinned !== undefined) query = query.where("backups.pinned", "=", Number(filter.pinned));
  if (filter.verified !== undefined) query = query.where("backups.verified_at", filter.verified ? "is not" : "is", null);
  const { storage, search } = filter;
  if (storage !== undefined) {
    query = query.where((eb) => eb.exists(eb.selectFrom("copies").select("copies.id").whereRef("copies.backup_id", "=", "backups.id")
      .where("copies.storage", "=", storage).where("copies.deleted_at", "is", null)));
  }
  return search === undefined ? query : query.where((eb) => {
    const like = (column: "databases.name" | "backups.filename") => sql<boolean>`lower(${sql.ref(column)}) like ${patternOf(search)} escape '\\'`;
    return eb.or([eb("backups.database_id", "in", eb.selectFrom("databases").select("databases.id").where(like("databases.name"))), like("backups.filename")]);
  });
}

/** LIKE's own signs are looked for as they are. */
export function patternOf(text: string): string {
  return `%${text.toLowerCase().replaceAll(/[\\%_]/g, "\\$&")}%`;
}
