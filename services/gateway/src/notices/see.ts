import { setNoticesSeen } from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";

/** Remembers that the reader has seen what was told up to a time, by which other windows of his know it, too. Never goes back. */
export async function seeNotices({ db, now }: Pick<Core, "db" | "now">, actor: Actor, { until }: { readonly until: string }): Promise<void> {
  const latest = now().toISOString();
  await setNoticesSeen(db, actor.user_id, until < latest ? until : latest);
}
