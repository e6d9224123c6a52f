import { subjects, type UiEvent } from "@safebase/contracts";
import type { Core } from "../jobs/deps.ts";
import type { DatabaseView } from "./view.ts";

/** Shows browsers a registration that came or changed. After the commit; nobody waits for it. */
export function announceDatabase(deps: Pick<Core, "bus">, database: DatabaseView): void {
  broadcast(deps, { user_id: database.user_id, event: "database", data: { ...database } });
}

/** The same for one that is gone, as `{id, deleted: true}`. */
export function announceUnregistered(deps: Pick<Core, "bus">, userId: number, id: number): void {
  broadcast(deps, { user_id: userId, event: "database", data: { id, deleted: true } });
}

function broadcast({ bus }: Pick<Core, "bus">, event: UiEvent): void {
  bus.broadcast(subjects.ui, event);
}
