import { deleteChannel as remove } from "../catalog/channels.ts";
import { endOpenOf } from "../catalog/notifications.ts";
import { auditDone } from "../jobs/audit.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { announceChannel } from "./announce.ts";
import { lockOwnChannel } from "./find.ts";

/** Removes a channel. What it was still to be told is given up, and stays on record. */
export async function deleteChannel(deps: Deps, actor: Actor, { id }: { readonly id: number }): Promise<void> {
  const { user_id } = await deps.db.transaction().execute(async (tx) => {
    const channel = await lockOwnChannel(tx, actor, id);
    await remove(tx, id);
    const ended = await endOpenOf(tx, id, "the channel was removed", deps.now().toISOString());
    await auditDone(tx, deps, actor, "channel.delete", { type: "channel", id }, { name: channel.name, type: channel.type, target: channel.target, notifications_ended: ended });
    return channel;
  });
  deps.dispatcher.channelsChanged();
  announceChannel(deps, { id, user_id, deleted: true });
}
