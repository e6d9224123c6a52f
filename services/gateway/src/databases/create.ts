import type { RetentionPolicy } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { insertDatabase } from "../catalog/databases.ts";
import { insertObjectives } from "../catalog/objectives.ts";
import type { Database, NewDatabase } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { requireGroup } from "../executors/groups/require.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { requireUsableKey } from "../keys/require.ts";
import { defaultStorages, namesOf, storagesColumn } from "../storages/named.ts";
import { announceDatabase } from "./announce.ts";
import { plainConnection, sealConnection, type ConnectionInput } from "./input.ts";
import { retentionColumn, viewDatabase, type DatabaseView } from "./view.ts";

export type CreateDatabaseInput = ConnectionInput & { readonly name: string; readonly retention?: RetentionPolicy | null | undefined; readonly encryption_key_id?: number | null | undefined;
  /** Names; null: where the installation says. */
  readonly storages?: readonly string[] | null | undefined;
  /** Whose executors reach it; default: the installation's own. */
  readonly executor_group?: string | undefined };

/** Registers a database of the actor's own. Nothing is asked of its server: that is what a test is for. */
export async function createDatabase(deps: Core, actor: Actor, input: CreateDatabaseInput): Promise<DatabaseView> {
  const connection = sealConnection(deps.secrets, plainConnection(input));
  const { encryption_key_id = null, storages = null, executor_group = deps.config.executor_group } = input;
  const row = await deps.db.transaction().execute(async (tx) => {
    await requireGroup(tx, deps.config, actor, executor_group);
    return addDatabase(tx, deps, actor, {
      ...connection, name: input.name, user_id: actor.user_id, executor_group, retention: retentionColumn(input.retention ?? null), encryption_key_id, storages,
    });
  });
  const view = viewDatabase(row, await defaultStorages(deps.db));
  announceDatabase(deps, view);
  return view;
}

type NewRow = Omit<NewDatabase, "storages" | "created_at" | "updated_at" | "deleted_at"> & { readonly storages: readonly string[] | null };

/** The same as part of a transaction, for any owner. Browsers are to be told after the commit. */
export async function addDatabase(tx: Db, deps: Core, actor: Actor, { storages: wanted, ...row }: NewRow): Promise<Database> {
  const now = deps.now().toISOString();
  const { encryption_key_id = null } = row;
  if (encryption_key_id !== null) await requireUsableKey(tx, row.user_id, encryption_key_id);
  const storages = wanted === null ? null : await storagesColumn(tx, row.user_id, wanted);
  const inserted = await insertDatabase(tx, { ...row, storages, created_at: now, updated_at: now, deleted_at: null });
  await insertObjectives(tx, inserted, now);
  const { id, name, type, host, port, db_name, server_id, executor_group } = inserted;
  await recordAudit(tx, {
    actor, action: "database.create", object: { type: "database", id },
    detail: { name, type, host, port, db_name, executor_group, encryption_key_id, storages: namesOf(storages), ...(server_id === null ? {} : { server_id }) },
  });
  return inserted;
}
