import { subjects, type Notice, type NoticeKind, type UiEvent } from "@safebase/contracts";
import { z } from "zod";
import { enabledChannels } from "../catalog/channels.ts";
import { insertNotice, insertNotification } from "../catalog/notices.ts";
import type { Channel } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import type { Core } from "../jobs/deps.ts";

/**
 * Puts a notice on record, and into the outbox of every channel that wants it: in the transaction that records what
 * it tells, so that nothing happens untold. The dispatcher is to be kicked, and browsers shown, after the commit.
 */
export async function tell(tx: Db, notice: Notice): Promise<void> {
  await insertNotice(tx, notice);
  for (const channel of await enabledChannels(tx)) if (wants(channel, notice)) await insertNotification(tx, notice, channel);
}

/** Shows a notice to browsers of its owner at once; after the commit. */
export function showNotice(core: Pick<Core, "bus">, notice: Notice): void {
  if (notice.user_id === null) return;
  const event: UiEvent = { user_id: notice.user_id, event: "notice", data: { ...notice } };
  core.bus.broadcast(subjects.ui, event);
}

/** Does this channel's rule let the notice through? */
export function wants(channel: Pick<Channel, "user_id" | "all_users" | "events" | "database_ids">, notice: Notice): boolean {
  if (channel.all_users !== 1 && (notice.user_id === null || notice.user_id !== channel.user_id)) return false;
  const events = z.array(z.string()).parse(JSON.parse(channel.events));
  if (!namesOf(notice.kind).some((name) => events.includes(name))) return false;
  if (channel.database_ids === null || notice.database === null) return true;
  return z.array(z.int()).parse(JSON.parse(channel.database_ids)).includes(notice.database.id);
}

/** A success after a failure is a success, too. */
function namesOf(kind: NoticeKind): NoticeKind[] {
  return kind === "backup_recovered" ? [kind, "backup_completed"] : [kind];
}
