import type { RetentionPolicy } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { insertDatabase } from "../catalog/databases.ts";
import { insertObjectives } from "../catalog/objectives.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { requireUsableKey } from "../keys/require.ts";
import { announceDatabase } from "./announce.ts";
import { plainConnection, sealConnection, type ConnectionInput } from "./input.ts";
import { retentionColumn, viewDatabase, type DatabaseView } from "./view.ts";

export type CreateDatabaseInput = ConnectionInput & { readonly name: string; readonly retention?: RetentionPolicy | null | undefined; readonly encryption_key_id?: number | null | undefined };

/** Registers a database of the actor's own. Nothing is asked of its server: that is what a test is for. */
export async function createDatabase(deps: Core, actor: Actor, input: CreateDatabaseInput): Promise<DatabaseView> {
  const connection = sealConnection(deps.secrets, plainConnection(input));
  const now = deps.now().toISOString();
  const encryption_key_id = input.encryption_key_id ?? null;
  const row = await deps.db.transaction().execute(async (tx) => {
    if (encryption_key_id !== null) await requireUsableKey(tx, actor.user_id, encryption_key_id);
    const inserted = await insertDatabase(tx, {
      ...connection, name: input.name, user_id: actor.user_id, executor_group: deps.config.executor_group,
      retention: retentionColumn(input.retention ?? null), encryption_key_id, created_at: now, updated_at: now, deleted_at: null,
    });
    await insertObjectives(tx, inserted, now);
    await recordAudit(tx, {
      actor, action: "database.create", object: { type: "database", id: inserted.id },
      detail: { name: inserted.name, type: inserted.type, host: inserted.host, port: inserted.port, db_name: inserted.db_name, encryption_key_id },
    });
    return inserted;
  });
  const view = viewDatabase(row);
  announceDatabase(deps, view);
  return view;
}
