import { Notice, noticeOf, type NoticeKind, type Severity } from "@safebase/contracts";
import { ownedBy, type Db, type Hearing } from "./scope.ts";

/** Keeps what there is to tell; belongs in the transaction that records what it tells. */
export async function insertNotice(db: Db, notice: Notice): Promise<void> {
  await db.insertInto("notices").values({
    id: notice.id, kind: notice.kind, severity: notice.severity, user_id: notice.user_id, database_id: notice.database?.id ?? null,
    payload: JSON.stringify(notice), created_at: notice.at,
  }).execute();
}

/** A notice as it was kept, by whichever version: what that one did not know of is null. */
export function readNotice(payload: string): Notice {
  const kept = JSON.parse(payload) as Pick<Notice, "kind" | "id" | "at">;
  return Notice.parse({ ...noticeOf(kept.kind, kept.id, kept.at), ...kept });
}

export interface NoticeFilter {
  readonly kind?: NoticeKind | undefined;
  readonly severity?: Severity | undefined;
  readonly database_id?: number | undefined;
  /** Not before this time. */
  readonly since?: string | undefined;
}

/** One part of the list, newest first, and how many there are in all. Those of the installation are nobody's: `all` shows them, `users` does not. */
export async function listNotices(
  db: Db, scope: Hearing, { since, ...filter }: NoticeFilter, part: { limit: number; offset: number },
): Promise<{ notices: Notice[]; total: number }> {
  let query = db.selectFrom("notices").where(ownedBy("notices.user_id", scope));
  for (const column of ["kind", "severity", "database_id"] as const) {
    const value = filter[column];
    if (value !== undefined) query = query.where(column, "=", value);
  }
  if (since !== undefined) query = query.where("created_at", ">=", since);
  const { total } = await query.select((eb) => eb.fn.countAll().as("total")).executeTakeFirstOrThrow();
  const rows = await query.select("payload").orderBy("created_at", "desc").orderBy("id", "desc").limit(part.limit).offset(part.offset).execute();
  return { notices: rows.map(({ payload }) => readNotice(payload)), total: Number(total) };
}

/** The newest few, as those of the list. */
export async function newestNotices(db: Db, scope: Hearing, limit: number): Promise<Notice[]> {
  const rows = await db.selectFrom("notices").select("payload").where(ownedBy("notices.user_id", scope)).orderBy("created_at", "desc").orderBy("id", "desc").limit(limit).execute();
  return rows.map(({ payload }) => readNotice(payload));
}

/** How many that are more than information came after a time; no more than `limit` are counted. */
export async function countUnread(db: Db, scope: Hearing, after: string, limit: number): Promise<number> {
  const newer = db.selectFrom("notices").select("id").where(ownedBy("notices.user_id", scope)).where("created_at", ">", after).where("severity", "!=", "info").limit(limit);
  const { count } = await db.selectFrom(newer.as("newer")).select((eb) => eb.fn.countAll().as("count")).executeTakeFirstOrThrow();
  return Number(count);
}

/** Notices that browsers were not shown yet, oldest first. Each is given to one caller only. */
export async function takeUnshown(db: Db, at: string, limit: number): Promise<Notice[]> {
  const ids = db.selectFrom("notices").select("id").where("shown_at", "is", null).orderBy("created_at").limit(limit);
  const rows = await db.updateTable("notices").set({ shown_at: at }).where("id", "in", ids).where("shown_at", "is", null)
    .returning(["payload", "created_at"]).execute();
  return rows.sort((a, b) => a.created_at.localeCompare(b.created_at)).map(({ payload }) => readNotice(payload));
}

/** Removes some of the notices that are older and that no notification is about any more. Answers how many. */
export async function pruneNotices(db: Db, before: string, limit: number): Promise<number> {
  const old = db.selectFrom("notices").select("id").where("created_at", "<", before)
    .where((eb) => eb.not(eb.exists(eb.selectFrom("notifications").select("id").whereRef("notice_id", "=", "notices.id")))).limit(limit);
  return Number((await db.deleteFrom("notices").where("id", "in", old).executeTakeFirst()).numDeletedRows);
}
