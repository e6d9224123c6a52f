import type { Failure } from "@safebase/contracts";
import type { ServerRow } from "../catalog/servers.ts";
import { retentionOf } from "../databases/view.ts";
import { namesOf } from "../storages/named.ts";
import { listOf, scheduleOf } from "./settings.ts";

/** A server as the API shows it: whether it has a password, never which. */
export type ServerView = ReturnType<typeof serverView>;

export function serverView(row: ServerRow) {
  return {
    id: row.id, user_id: row.user_id, name: row.name, type: row.type, host: row.host, port: row.port, username: row.username,
    has_password: row.password_sealed !== null, ssl_mode: row.ssl_mode, ssl_ca: row.ssl_ca, executor_group: row.executor_group,
    include: listOf(row.include), exclude: listOf(row.exclude), left_out: listOf(row.left_out),
    retention: retentionOf(row.retention), encryption_key_id: row.encryption_key_id, storages: namesOf(row.storages), schedule: scheduleOf(row.schedule),
    database_count: row.databases, missing_count: row.missing, last_sync: lastSync(row), created_at: row.created_at, updated_at: row.updated_at,
  };
}

function lastSync(row: ServerRow) {
  if (row.synced_at === null) return null;
  const problem = row.problem === null ? null : JSON.parse(row.problem) as Failure;
  return { at: row.synced_at, succeeded_at: row.succeeded_at, found: row.found, added: row.added, closed: listOf(row.closed), problem };
}
