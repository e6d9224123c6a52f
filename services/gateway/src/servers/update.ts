import { recordAudit } from "../audit/record.ts";
import type { Server } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { changeDatabasesOfServer, databasesOfServer, lockServer, updateServer as change } from "../catalog/servers.ts";
import { announceDatabase } from "../databases/announce.ts";
import { movesPlace, PASSWORD_BOUND } from "../databases/moved.ts";
import { viewDatabase } from "../databases/view.ts";
import { refuseElsewhere, requireGroup } from "../executors/groups/require.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { requireUsableKey } from "../keys/require.ts";
import { defaultStorages } from "../storages/named.ts";
import { announceServer } from "./announce.ts";
import { connectionChange, type ServerConnectionChange } from "./connection.ts";
import { getServer, type ServerDetails } from "./get.ts";
import { settingsColumns, type ServerSettings } from "./settings.ts";

/** What is left out stays. */
export type ServerUpdate = ServerConnectionChange & ServerSettings & { readonly id: number; readonly name?: string | undefined; readonly left_out?: readonly string[] | undefined; readonly executor_group?: string | undefined };

/**
 * Changes a server, and in the same transaction the connections of all its databases. Patterns count from the next sync
 * on, and what new databases get for those: nothing that is registered goes by this.
 */
export async function updateServer(deps: Core, actor: Actor, { id, name, left_out, include, exclude, retention, encryption_key_id, storages, schedule, executor_group, ...connection }: ServerUpdate): Promise<ServerDetails> {
  const settings = { include, exclude, retention, encryption_key_id, storages, schedule };
  const { server, touched } = await deps.db.transaction().execute(async (tx) => {
    const before = await lockServer(tx, id, actor.scope);
    if (before === undefined) throw missing("server", id);
    if (encryption_key_id !== undefined && encryption_key_id !== null && encryption_key_id !== before.encryption_key_id) await requireUsableKey(tx, before.user_id, encryption_key_id);
    const place = { ...connectionChange(deps, before, connection), ...(executor_group === undefined ? {} : { executor_group }) };
    await checkGroup(tx, deps, actor, before, place);
    const at = deps.now().toISOString();
    const after = await change(tx, id, {
      ...place, ...await settingsColumns(tx, before.user_id, settings, before.type, deps.now()), ...(Object.keys(place).length === 0 ? {} : asksAnew(before)), updated_at: at,
      ...(name === undefined ? {} : { name }), ...(left_out === undefined ? {} : { left_out: JSON.stringify([...new Set(left_out)]) }),
    });
    const changed = changedFields(before, after);
    const touches = changed.some((field) => field === "name" || field === "password" || field === "executor_group" || PASSWORD_BOUND.some((bound) => bound === field));
    if (touches) await changeDatabasesOfServer(tx, before, { name: after.name, connection: placeOf(after), at });
    const databases = touches ? await databasesOfServer(tx, id) : [];
    await recordAudit(tx, { actor, action: "server.update", object: { type: "server", id }, detail: { changed, databases: databases.length } });
    return { server: after, touched: databases };
  });
  const default_storages = await defaultStorages(deps.db);
  for (const database of touched) announceDatabase(deps, viewDatabase(database, default_storages));
  await announceServer(deps, server.user_id, id);
  return getServer(deps, actor, { id });
}

/** Whoever moves it, or its group, has that group's executors connect to where he says. */
async function checkGroup(tx: Db, { config }: Core, actor: Actor, before: Server, place: Partial<Server>): Promise<void> {
  const { executor_group = before.executor_group } = place;
  if (executor_group !== before.executor_group) await requireGroup(tx, config, actor, executor_group);
  else if (movesPlace(before, place)) await refuseElsewhere(tx, config, actor, executor_group);
}

/** What a sync finds that has begun before is not this server's any more. */
function asksAnew({ sync_begun }: Server): Pick<Server, "sync_begun" | "sync_applied"> {
  return { sync_begun: sync_begun + 1, sync_applied: sync_begun + 1 };
}

function placeOf({ host, port, username, password_sealed, ssl_mode, ssl_ca, executor_group }: Server) {
  return { host, port, username, password_sealed, ssl_mode, ssl_ca, executor_group };
}

function changedFields(before: Server, after: Server): string[] {
  const fields = ["name", ...PASSWORD_BOUND, "executor_group", "include", "exclude", "left_out", "retention", "encryption_key_id", "storages", "schedule"] as const;
  const changed: string[] = fields.filter((field) => before[field] !== after[field]);
  return before.password_sealed === after.password_sealed ? changed : [...changed, "password"];
}
