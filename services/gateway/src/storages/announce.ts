import { subjects, type UiEvent } from "@safebase/contracts";
import type { Core } from "../jobs/deps.ts";

/** Shows its owner's browsers, and admins who look at everybody's things, that a storage came, changed or went. After the commit; nobody waits for it. */
export function announceStorage({ bus }: Pick<Core, "bus">, { id, user_id }: { readonly id: number; readonly user_id: number | null }): void {
  const event: UiEvent = { user_id, event: "storage", data: { id } };
  bus.broadcast(subjects.ui, event);
}
