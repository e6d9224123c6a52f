import * as catalog from "../catalog/channels.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { channelView, type ChannelView } from "./view.ts";

/** One's own channels; everybody's and those of the configuration for an admin who asks for all. */
export async function listChannels(deps: Pick<Core, "db" | "secrets">, actor: Actor): Promise<ChannelView[]> {
  return (await catalog.listChannels(deps.db, actor.scope)).map((row) => channelView(row, deps.secrets));
}
