import { RetentionPolicy, type EngineType, type SslMode } from "@safebase/contracts";
import type { Database } from "../catalog/schema.ts";
import { namesOf } from "../storages/named.ts";

/** A registered database as it is shown: whether it has a password, never which. */
export interface DatabaseView {
  id: number; user_id: number; name: string; type: EngineType; host: string; port: number; username: string; has_password: boolean;
  db_name: string; ssl_mode: SslMode; ssl_ca: string | null; executor_group: string;
  /** Of backups that no schedule with a retention of its own made; null keeps all. */
  retention: RetentionPolicy | null;
  /** What its next backups are encrypted with. */
  encryption_key_id: number | null;
  /** The server that it was registered with, and since when that does not have it any more. */
  server_id: number | null; missing_since: string | null;
  /** Where its backups go; null: where the installation says. */
  storages: string[] | null; effective_storages: string[]; created_at: string; updated_at: string;
}

export function viewDatabase(row: Database, default_storages: readonly string[]): DatabaseView {
  const storages = namesOf(row.storages);
  return {
    id: row.id, user_id: row.user_id, name: row.name, type: row.type, host: row.host, port: row.port, username: row.username,
    has_password: row.password_sealed !== null, db_name: row.db_name, ssl_mode: row.ssl_mode, ssl_ca: row.ssl_ca,
    executor_group: row.executor_group, retention: retentionOf(row.retention), encryption_key_id: row.encryption_key_id,
    server_id: row.server_id, missing_since: row.missing_since,
    storages, effective_storages: storages ?? [...default_storages], created_at: row.created_at, updated_at: row.updated_at,
  };
}

/** A policy as the catalog holds it. */
export function retentionOf(json: string | null): RetentionPolicy | null {
  return json === null ? null : RetentionPolicy.parse(JSON.parse(json));
}

export function retentionColumn(policy: RetentionPolicy | null): string | null {
  return policy === null ? null : JSON.stringify(policy);
}
