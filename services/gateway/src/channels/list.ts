import * as catalog from "../catalog/channels.ts";
import { newestOfChannels } from "../catalog/notifications.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { seenBy } from "../notifications/seen.ts";
import { notificationView, type NotificationView } from "../notifications/view.ts";
import { channelView, type ChannelView } from "./view.ts";

/** A channel, whose it is (null: the configuration's), and what it was told last. */
export type ListedChannel = ChannelView & { readonly user_email: string | null; readonly newest: NotificationView | null };

/** One's own channels; everybody's and those of the configuration for an admin who asks for all. */
export async function listChannels(deps: Pick<Core, "db" | "secrets">, actor: Actor): Promise<ListedChannel[]> {
  const rows = await catalog.listChannels(deps.db, actor.scope);
  const [owners, told] = await Promise.all([catalog.ownersOfChannels(deps.db, actor.scope), newestOfChannels(deps.db, seenBy(actor), rows.map(({ id }) => id))]);
  const newest = new Map(told.map((row) => [row.channel_id, notificationView(row)]));
  return rows.map((row) => ({ ...channelView(row, deps.secrets), user_email: owners.get(row.id) ?? null, newest: newest.get(row.id) ?? null }));
}
