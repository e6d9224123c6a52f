import { SafebaseError, type RetentionPolicy } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { updateDatabase as update, type DatabaseChange } from "../catalog/databases.ts";
import type { Database } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { refuseElsewhere, requireGroup } from "../executors/groups/require.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { requireUsableKey } from "../keys/require.ts";
import { defaultStorages, storagesColumn } from "../storages/named.ts";
import { announceDatabase } from "./announce.ts";
import { noSuchDatabase, requireDatabase } from "./find.ts";
import { movedFields, movesPlace, PASSWORD_BOUND, requirePasswordAgain } from "./moved.ts";
import { plainConnection, sealConnection, type ConnectionFields } from "./input.ts";
import { retentionColumn, viewDatabase, type DatabaseView } from "./view.ts";

/** Any of the fields; `url` stands for all of a connection string's. What is left out stays. */
export type DatabaseUpdate = { readonly id: number; readonly name?: string | undefined; readonly retention?: RetentionPolicy | null | undefined;
  readonly encryption_key_id?: number | null | undefined; readonly storages?: readonly string[] | null | undefined; readonly executor_group?: string | undefined } &
  ({ readonly url: string } | { readonly [Field in keyof ConnectionFields]?: ConnectionFields[Field] | undefined });

/**
 * Changes a registration. A stored password goes only to where its owner sent it: whoever changes the server, the
 * user or the TLS gives it again, else a stolen session could have it sent elsewhere.
 */
export async function updateDatabase(deps: Core, actor: Actor, { id, retention, encryption_key_id, storages, executor_group, ...input }: DatabaseUpdate): Promise<DatabaseView> {
  const before = await requireDatabase(deps, actor, id);
  const change: DatabaseChange = { ...connectionChange(deps, before, input), updated_at: deps.now().toISOString() };
  if (input.name !== undefined) change.name = input.name;
  if (retention !== undefined) change.retention = retentionColumn(retention);
  if (encryption_key_id !== undefined) change.encryption_key_id = encryption_key_id;
  if (executor_group !== undefined) change.executor_group = executor_group;
  const after = await deps.db.transaction().execute(async (tx) => {
    await checkGroup(tx, deps, actor, before, change);
    const newKey = encryption_key_id === before.encryption_key_id ? null : encryption_key_id ?? null;
    if (newKey !== null) await requireUsableKey(tx, before.user_id, newKey);
    if (storages !== undefined) change.storages = storages === null ? null : await storagesColumn(tx, before.user_id, storages);
    const row = await update(tx, id, change);
    if (row === undefined) throw noSuchDatabase();
    await recordAudit(tx, { actor, action: "database.update", object: { type: "database", id }, detail: { changed: changedFields(before, row), ...(retention === undefined ? {} : { retention }), ...(encryption_key_id === undefined ? {} : { encryption_key_id }), ...(storages === undefined ? {} : { storages }) } });
    return row;
  });
  const view = viewDatabase(after, await defaultStorages(deps.db));
  announceDatabase(deps, view);
  return view;
}

/** Whoever moves it, or its group, has that group's executors connect to where he says. */
async function checkGroup(tx: Db, { config }: Core, actor: Actor, before: Database, { executor_group = before.executor_group, ...change }: DatabaseChange): Promise<void> {
  if (executor_group !== before.executor_group) {
    if (before.server_id !== null) throw boundToServer(before.server_id);
    return requireGroup(tx, config, actor, executor_group);
  }
  if (movesPlace(before, change)) await refuseElsewhere(tx, config, actor, executor_group);
}

function connectionChange(deps: Core, before: Database, input: Omit<DatabaseUpdate, "id">): DatabaseChange {
  const { name: _, ...connection } = input as { name?: string; url?: string } & Partial<ConnectionFields>;
  if (Object.values(connection).every((value) => value === undefined)) return {};
  const given = connection.url === undefined ? connection : urlFields(before, connection.url);
  const kept = { type: before.type, host: before.host, port: before.port, username: before.username, db_name: before.db_name, ssl_mode: before.ssl_mode, ssl_ca: before.ssl_ca };
  const stated = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<ConnectionFields>;
  const plain = plainConnection({ ...kept, ...stated });
  const passwordGiven = "password" in stated;
  if (before.server_id !== null) {
    if (passwordGiven || movedFields(before, plain).length > 0 || plain.db_name !== before.db_name) throw boundToServer(before.server_id);
    return {};
  }
  requirePasswordAgain(before, plain, passwordGiven);
  const { password_sealed, ...rest } = sealConnection(deps.secrets, plain);
  return passwordGiven ? { ...rest, password_sealed } : rest;
}

function boundToServer(server_id: number): SafebaseError {
  return new SafebaseError("conflict", `its connection and its group are those of server ${server_id}`, { hint: `change it there, for all of its databases: PUT /api/servers/${server_id}` });
}

/** A connection string without a password keeps the stored one where that may stay. */
function urlFields(before: Database, url: string): Partial<ConnectionFields> {
  const { password, ...fields } = plainConnection({ url });
  return password === null ? { ...fields, ssl_ca: before.ssl_ca } : { ...fields, password, ssl_ca: before.ssl_ca };
}

function changedFields(before: Database, after: Database): string[] {
  const fields = ["name", ...PASSWORD_BOUND, "db_name", "executor_group", "retention", "encryption_key_id", "storages"] as const;
  const changed: string[] = fields.filter((field) => before[field] !== after[field]);
  return before.password_sealed === after.password_sealed ? changed : [...changed, "password"];
}
