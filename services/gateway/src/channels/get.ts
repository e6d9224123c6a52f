import type { Actor, Core } from "../jobs/deps.ts";
import { requireChannel } from "./find.ts";
import { channelView, type ChannelView } from "./view.ts";

export async function getChannel(deps: Pick<Core, "db" | "secrets">, actor: Actor, { id }: { readonly id: number }): Promise<ChannelView> {
  return channelView(await requireChannel(deps.db, actor, id), deps.secrets);
}
