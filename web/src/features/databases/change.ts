import type { RetentionPolicy } from "@safebase/contracts";
import { ApiError } from "../../api/client.ts";
import type { Database } from "../../api/types.ts";
import { connectionOf, type ConnectionValues } from "./connection.ts";
import { shownConnection } from "./connection-string.ts";

/** What of a database is set beside its connection. */
export interface Settings { readonly retention: RetentionPolicy | null; readonly encryption_key_id: number | null; readonly storages: readonly string[] | null }

/** A registered connection as it is typed; its password is not known here. */
export function valuesOf(database: Database): ConnectionValues {
  const { name, type, host, port, username, db_name, ssl_mode, ssl_ca } = database;
  const fields = { type, host, port: String(port), username, password: "", db_name, ssl_mode, ssl_ca: ssl_ca ?? "" };
  return { ...fields, name, executor_group: database.executor_group, url: shownConnection(fields) };
}

/** What is to be sent: only what differs, so that nothing is asked for anew that stays. */
export function changeOf(database: Database, typed: ConnectionValues, settings: Settings) {
  const moved = !same(connectionOf(typed), connectionOf(valuesOf(database)));
  const unsigned = database.ssl_ca !== null && typed.ssl_ca.trim() === "";
  return {
    ...(typed.name.trim() === database.name ? {} : { name: typed.name.trim() }),
    ...(moved && database.server_id === null ? { ...connectionOf(typed), ...(unsigned ? { ssl_ca: null } : {}) } : {}),
    ...(typed.executor_group === database.executor_group || database.server_id !== null ? {} : { executor_group: typed.executor_group }),
    ...(same(settings.retention, database.retention) ? {} : { retention: settings.retention }),
    ...(settings.encryption_key_id === database.encryption_key_id ? {} : { encryption_key_id: settings.encryption_key_id }),
    ...(same(settings.storages, database.storages) ? {} : { storages: settings.storages === null ? null : [...settings.storages] }),
  };
}

/** What was refused of a field that is no line of text, such as retention.daily. */
export function refusedAt(error: unknown, field: keyof Settings): string | undefined {
  return error instanceof ApiError && error.code === "bad_request" && new RegExp(`^${field}\\b`).test(error.message) ? error.message : undefined;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
