import { SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { unregisterDatabase } from "../catalog/databases.ts";
import type { Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { deleteSchedulesOf } from "../catalog/schedules.ts";
import { databasesOfServer, deleteServer as remove, lockServer } from "../catalog/servers.ts";
import { announceDatabase, announceUnregistered } from "../databases/announce.ts";
import { getDatabase } from "../databases/get.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { announceServer } from "./announce.ts";

/**
 * Ends the following of a server. Its databases stay as they are, with their schedules; with `databases` they are
 * unregistered with it, all or none. Backups stay in any case.
 */
export async function deleteServer(deps: Deps, actor: Actor, { id, databases = false }: { readonly id: number; readonly databases?: boolean }): Promise<void> {
  const { owner_id, registered } = await deps.db.transaction().execute(async (tx) => {
    const server = await lockServer(tx, id, actor.scope);
    if (server === undefined) throw missing("server", id);
    const found = await databasesOfServer(tx, id);
    if (databases) await unregisterAll(tx, found, deps.now().toISOString());
    await remove(tx, id);
    await recordAudit(tx, { actor, action: "server.delete", object: { type: "server", id }, detail: { name: server.name, unregistered: databases ? found.map((database) => database.id) : [] } });
    return { owner_id: server.user_id, registered: found };
  });
  if (databases) deps.dispatcher.schedulesChanged();
  for (const database of registered) {
    if (databases) announceUnregistered(deps, owner_id, database.id);
    else announceDatabase(deps, await getDatabase(deps, actor, { id: database.id }));
  }
  await announceServer(deps, owner_id, id);
}

/** Their schedules first, for these may have backups verified on another one of them. */
async function unregisterAll(tx: Db, registered: readonly Database[], at: string): Promise<void> {
  await deleteSchedulesOf(tx, registered.map(({ id }) => id));
  for (const { id, name } of registered) {
    const { outcome, schedule_ids } = await unregisterDatabase(tx, id, at);
    if (outcome === "busy") throw new SafebaseError("conflict", `${name} has jobs that wait or run`, { hint: "wait for them or cancel them first, or leave the databases registered" });
    if (outcome === "verifies") throw new SafebaseError("conflict", `schedule ${schedule_ids.join(", ")} has its backups verified on the server of ${name}`, { hint: "set another verify_database_id there first" });
  }
}
