import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { unregisterDatabase } from "../catalog/databases.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { announceUnregistered } from "./announce.ts";
import { noSuchDatabase, requireDatabase } from "./find.ts";

/** Unregisters a database and ends its schedules; its backups stay. */
export async function deleteDatabase(deps: Deps, actor: Actor, input: { readonly id: number }): Promise<void> {
  const { id, name, user_id } = await requireDatabase(deps, actor, input.id);
  await deps.db.transaction().execute(async (tx) => {
    const { outcome, schedule_ids } = await unregisterDatabase(tx, id, deps.now().toISOString());
    if (outcome === "missing") throw noSuchDatabase();
    if (outcome === "busy") throw new SafebaseError("conflict", `${name} has jobs that wait or run`, { hint: "wait for them or cancel them first" });
    if (outcome === "verifies") {
      throw new SafebaseError("conflict", `schedule ${schedule_ids.join(", ")} has its backups verified on the server of ${name}`, { hint: "set another verify_database_id there first" });
    }
    await recordAudit(tx, { actor, action: "database.delete", object: { type: "database", id }, detail: { name, schedule_ids } });
  });
  deps.dispatcher.schedulesChanged();
  announceUnregistered(deps, user_id, id);
}
