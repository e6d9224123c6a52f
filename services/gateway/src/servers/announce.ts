import { subjects, type UiEvent } from "@safebase/contracts";
import { findServer } from "../catalog/servers.ts";
import type { Core } from "../jobs/deps.ts";
import { serverView } from "./view.ts";

/** Shows browsers how a server stands; one that is gone as `{id, deleted: true}`. After the commit; nobody waits for it. */
export async function announceServer(core: Pick<Core, "db" | "bus">, userId: number, id: number): Promise<void> {
  const row = await findServer(core.db, id, "all");
  const event: UiEvent = { user_id: userId, event: "server", data: row === undefined ? { id, deleted: true } : { ...serverView(row) } };
  core.bus.broadcast(subjects.ui, event);
}
