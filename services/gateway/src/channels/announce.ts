import { subjects, type UiEvent } from "@safebase/contracts";
import type { Core } from "../jobs/deps.ts";
import type { ChannelView } from "./view.ts";

/** Shows browsers a channel that came, changed or, as `{id, deleted: true}`, went. After the commit; nobody waits for it. */
export function announceChannel({ bus }: Pick<Core, "bus">, channel: ChannelView | { readonly id: number; readonly user_id: number | null; readonly deleted: true }): void {
  const { user_id, ...rest } = channel;
  const event: UiEvent = { user_id, event: "channel", data: "deleted" in channel ? rest : { ...channel } };
  bus.broadcast(subjects.ui, event);
}
