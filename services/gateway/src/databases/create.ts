import type { RetentionPolicy } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { insertDatabase } from "../catalog/databases.ts";
import { insertObjectives } from "../catalog/objectives.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { announceDatabase } from "./announce.ts";
import { plainConnection, sealConnection, type ConnectionInput } from "./input.ts";
import { retentionColumn, viewDatabase, type DatabaseView } from "./view.ts";

export type CreateDatabaseInput = ConnectionInput & { readonly name: string; readonly retention?: RetentionPolicy | null | undefined };

/** Registers a database of the actor's own. Nothing is asked of its server: that is what a test is for. */
export async function createDatabase(deps: Core, actor: Actor, input: CreateDatabaseInput): Promise<DatabaseView> {
  const connection = sealConnection(deps.secrets, plainConnection(input));
  const now = deps.now().toISOString();
  const row = await deps.db.transaction().execute(async (tx) => {
    const inserted = await insertDatabase(tx, {
      ...connection, name: input.name, user_id: actor.user_id, executor_group: deps.config.executor_group,
      retention: retentionColumn(input.retention ?? null), created_at: now, updated_at: now, deleted_at: null,
    });
    await insertObjectives(tx, inserted, now);
    await recordAudit(tx, {
      actor, action: "database.create", object: { type: "database", id: inserted.id },
      detail: { name: inserted.name, type: inserted.type, host: inserted.host, port: inserted.port, db_name: inserted.db_name },
    });
    return inserted;
  });
  const view = viewDatabase(row);
  announceDatabase(deps, view);
  return view;
}
