import { countUnread } from "../catalog/notices.ts";
import { findUser } from "../catalog/users.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { hearingOf } from "./hearing.ts";

/** More are not counted: the reader does not care how many more. */
const COUNTED = 100;

/** How many warnings and alarms came since the reader last looked, up to a hundred, and when that was. */
export async function unreadNotices({ db }: Pick<Core, "db">, actor: Actor): Promise<{ unread: number; seen_at: string | null }> {
  const user = await findUser(db, actor.user_id);
  const seen_at = user?.notices_seen_at ?? null;
  return { unread: await countUnread(db, hearingOf(actor), seen_at ?? user?.created_at ?? "", COUNTED), seen_at };
}
