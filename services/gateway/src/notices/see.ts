import { subjects, type UiEvent } from "@safebase/contracts";
import { setNoticesSeen } from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";

/** Remembers that the reader has seen what was told up to a time, by which other windows of his know it, too. Never goes back. */
export async function seeNotices({ db, bus, now }: Pick<Core, "db" | "bus" | "now">, actor: Actor, { until }: { readonly until: string }): Promise<void> {
  const latest = now().toISOString();
  const seen_at = until < latest ? until : latest;
  await setNoticesSeen(db, actor.user_id, seen_at);
  bus.broadcast(subjects.ui, { user_id: actor.user_id, event: "notices_seen", data: { seen_at } } satisfies UiEvent);
}
