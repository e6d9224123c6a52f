import { subjects, type UiEvent } from "@safebase/contracts";
import type { NotificationRow } from "../catalog/notifications.ts";
import type { Core } from "../jobs/deps.ts";
import { notificationView } from "./view.ts";

/** Shows browsers what has become of a notification. After the commit; nobody waits for it. */
export function announceNotification(core: Pick<Core, "bus">, row: NotificationRow): void {
  const event: UiEvent = { user_id: row.user_id, event: "notification", data: { ...notificationView(row) } };
  core.bus.broadcast(subjects.ui, event);
}
