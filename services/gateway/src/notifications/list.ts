import { listNotifications as query, type NotificationFilter } from "../catalog/notifications.ts";
import { paginate, type Page } from "../catalog/page.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { seenBy } from "./seen.ts";
import { notificationView } from "./view.ts";

export type NotificationQuery = NotificationFilter & Page;

/** What one's own channels were told; all channels, those of the configuration too, for an admin who asks for all. */
export async function listNotifications(deps: Pick<Core, "db">, actor: Actor, { page, per_page, ...filter }: NotificationQuery) {
  const { rows, total } = await query(deps.db, seenBy(actor), filter, { limit: per_page, offset: (page - 1) * per_page });
  return { notifications: rows.map(notificationView), pagination: paginate({ page, per_page }, total) };
}
