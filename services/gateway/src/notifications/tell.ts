import type { Notice, NoticeKind } from "@safebase/contracts";
import { enabledChannels } from "../catalog/channels.ts";
import { insertNotice } from "../catalog/notices.ts";
import { insertNotification } from "../catalog/notifications.ts";
import type { Channel } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { databasesOf, eventsOf } from "../channels/rules.ts";

/**
 * Puts a notice on record, and into the outbox of every channel that wants it: in the transaction that records what
 * it tells, so that nothing happens untold. The dispatcher is to be kicked after the commit: it shows the notice to
 * browsers, too.
 */
export async function tell(tx: Db, notice: Notice): Promise<void> {
  await insertNotice(tx, notice);
  for (const channel of await enabledChannels(tx)) if (wants(channel, notice)) await insertNotification(tx, notice, channel);
}

/** Does this channel's rule let the notice through? */
export function wants(channel: Pick<Channel, "user_id" | "all_users" | "events" | "database_ids">, notice: Notice): boolean {
  if (channel.user_id === null || channel.user_id !== notice.user_id) {
    if (channel.all_users !== 1 || (isPersonal(notice) && channel.user_id !== null)) return false;
  }
  const events = eventsOf(channel);
  if (!namesOf(notice.kind).some((name) => events.includes(name))) return false;
  return notice.database === null || (databasesOf(channel)?.includes(notice.database.id) ?? true);
}

/** Where somebody logs in from is his own affair, and that of whoever runs the installation. */
function isPersonal(notice: Notice): boolean {
  return notice.kind === "login_new_place";
}

/** A success after a failure is a success, too. */
function namesOf(kind: NoticeKind): NoticeKind[] {
  return kind === "backup_recovered" ? [kind, "backup_completed"] : [kind];
}
