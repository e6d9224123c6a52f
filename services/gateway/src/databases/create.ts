import type { RetentionPolicy } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { insertDatabase } from "../catalog/databases.ts";
import { insertObjectives } from "../catalog/objectives.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { requireUsableKey } from "../keys/require.ts";
import { defaultStorages, namesOf, storagesColumn } from "../storages/named.ts";
import { announceDatabase } from "./announce.ts";
import { plainConnection, sealConnection, type ConnectionInput } from "./input.ts";
import { retentionColumn, viewDatabase, type DatabaseView } from "./view.ts";

export type CreateDatabaseInput = ConnectionInput & { readonly name: string; readonly retention?: RetentionPolicy | null | undefined; readonly encryption_key_id?: number | null | undefined;
  /** Names; null: where the installation says. */
  readonly storages?: readonly string[] | null | undefined };

/** Registers a database of the actor's own. Nothing is asked of its server: that is what a test is for. */
export async function createDatabase(deps: Core, actor: Actor, input: CreateDatabaseInput): Promise<DatabaseView> {
  const connection = sealConnection(deps.secrets, plainConnection(input));
  const now = deps.now().toISOString();
  const { encryption_key_id = null, storages: wanted = null } = input;
  const row = await deps.db.transaction().execute(async (tx) => {
    if (encryption_key_id !== null) await requireUsableKey(tx, actor.user_id, encryption_key_id);
    const storages = wanted === null ? null : await storagesColumn(tx, actor.user_id, wanted);
    const inserted = await insertDatabase(tx, {
      ...connection, name: input.name, user_id: actor.user_id, executor_group: deps.config.executor_group,
      retention: retentionColumn(input.retention ?? null), encryption_key_id, storages, created_at: now, updated_at: now, deleted_at: null,
    });
    await insertObjectives(tx, inserted, now);
    await recordAudit(tx, {
      actor, action: "database.create", object: { type: "database", id: inserted.id },
      detail: { name: inserted.name, type: inserted.type, host: inserted.host, port: inserted.port, db_name: inserted.db_name, encryption_key_id, storages: namesOf(storages) },
    });
    return inserted;
  });
  const view = viewDatabase(row, await defaultStorages(deps.db));
  announceDatabase(deps, view);
  return view;
}
