import { recordAudit } from "../audit/record.ts";
import { insertServer } from "../catalog/servers.ts";
import { sealConnection } from "../databases/input.ts";
import { requireGroup } from "../executors/groups/require.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { requireUsableKey } from "../keys/require.ts";
import { plainServerOf, type ServerConnection } from "./connection.ts";
import { getServer, type ServerDetails } from "./get.ts";
import { settingsColumns, type ServerSettings } from "./settings.ts";
import { syncServer } from "./sync.ts";

export type CreateServerInput = ServerConnection & ServerSettings & { readonly name: string; /** Whose executors reach it; default: the installation's own. */ readonly executor_group?: string | undefined };

/** Registers a server of the actor's own, and the databases that are on it now. One that cannot be asked is registered all the same. */
export async function createServer(deps: Deps, actor: Actor, input: CreateServerInput): Promise<ServerDetails> {
  const connection = sealConnection(deps.secrets, plainServerOf(input));
  const { executor_group = deps.config.executor_group } = input;
  const at = deps.now().toISOString();
  const { id } = await deps.db.transaction().execute(async (tx) => {
    await requireGroup(tx, deps.config, actor, executor_group);
    const given = await settingsColumns(tx, actor.user_id, input, connection.type, deps.now());
    const settings = { include: JSON.stringify(["*"]), exclude: "[]", retention: null, encryption_key_id: null, storages: null, schedule: null, ...given };
    if (settings.encryption_key_id !== null) await requireUsableKey(tx, actor.user_id, settings.encryption_key_id);
    const server = await insertServer(tx, {
      ...connection, ...settings, name: input.name, user_id: actor.user_id, executor_group,
      synced_at: null, succeeded_at: null, problem: null, created_at: at, updated_at: at,
    });
    const { name, type, host, port, include, exclude, encryption_key_id } = server;
    await recordAudit(tx, { actor, action: "server.create", object: { type: "server", id: server.id }, detail: { name, type, host, port, executor_group, include, exclude, encryption_key_id } });
    return server;
  });
  await syncServer(deps, id, { by: actor, quiet: true });
  return getServer(deps, actor, { id });
}
