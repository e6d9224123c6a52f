import type { Notice } from "@safebase/contracts";
import type { Db } from "./scope.ts";

/** Puts a notice into the outbox; belongs in the transaction that records what it tells. */
export async function insertNotice(db: Db, notice: Notice): Promise<void> {
  await db.insertInto("notices").values({ id: notice.id, kind: notice.kind, payload: JSON.stringify(notice), created_at: notice.at }).execute();
}

/** The oldest notices that nobody has been told yet. */
export async function pendingNotices(db: Db, limit: number): Promise<{ id: string; kind: string; payload: string }[]> {
  return db.selectFrom("notices").select(["id", "kind", "payload"]).orderBy("created_at").orderBy("id").limit(limit).execute();
}

export async function removeNotice(db: Db, id: string): Promise<void> {
  await db.deleteFrom("notices").where("id", "=", id).execute();
}

/** How many notices nobody has been told yet. */
export async function countNotices(db: Db): Promise<number> {
  const { count } = await db.selectFrom("notices").select((eb) => eb.fn.countAll().as("count")).executeTakeFirstOrThrow();
  return Number(count);
}
