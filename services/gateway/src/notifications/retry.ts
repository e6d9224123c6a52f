import { SafebaseError } from "@safebase/contracts";
import { lockChannel } from "../catalog/channels.ts";
import { findNotification, revive } from "../catalog/notifications.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { announceNotification } from "./announce.ts";
import { getNotification } from "./get.ts";
import { seenBy } from "./seen.ts";
import { notificationView, type NotificationView } from "./view.ts";

/** Tries a notification again that was given up. */
export async function retryNotification(deps: Deps, actor: Actor, { id }: { readonly id: number }): Promise<NotificationView> {
  const before = await getNotification(deps, actor, { id });
  await deps.db.transaction().execute(async (tx) => {
    const channel = await lockChannel(tx, before.channel.id, "all");
    if (channel === undefined) throw new SafebaseError("conflict", `channel ${before.channel.name} was removed`);
    if (channel.enabled !== 1) throw new SafebaseError("conflict", `channel ${before.channel.name} is disabled`, { hint: "enable it first" });
    if (await revive(tx, id) === undefined) throw new SafebaseError("conflict", `notification ${id} is ${before.status}: only a dead one is tried again`);
    await auditDone(tx, deps, actor, "notification.retry", { type: "notification", id }, { channel_id: channel.id, kind: before.notice.kind });
  });
  deps.dispatcher.kick();
  const row = await findNotification(deps.db, id, seenBy(actor));
  if (row === undefined) throw missing("notification", id);
  announceNotification(deps, row);
  return notificationView(row);
}
