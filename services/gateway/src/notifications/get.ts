import { findNotification } from "../catalog/notifications.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { seenBy } from "./seen.ts";
import { notificationView, type NotificationView } from "./view.ts";

export async function getNotification(deps: Pick<Core, "db">, actor: Actor, { id }: { readonly id: number }): Promise<NotificationView> {
  const row = await findNotification(deps.db, id, seenBy(actor));
  if (row === undefined) throw missing("notification", id);
  return notificationView(row);
}
