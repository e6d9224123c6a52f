import { type Config, type Secrets } from "@safebase/runtime";
import type { CopyTotal } from "../catalog/storage-copies.ts";
import type { StorageStatus } from "../catalog/schema.ts";
import type { StorageRow } from "../catalog/storages-schema.ts";
import type { Watched } from "../catalog/watched.ts";
import type { Actor } from "../jobs/deps.ts";
import { openConfig, shownConfig } from "./config.ts";
import { usedPercent } from "./share.ts";

/** What is known of storages besides what they are. */
export interface Around { readonly statuses: readonly StorageStatus[]; readonly totals: readonly CopyTotal[]; readonly watched: readonly Watched[] }

type Stand = { readonly config: Pick<Config, "storage_alert_percent">; readonly secrets: Secrets };

/** A storage as the API shows it: how it is reached to those who may change it, the names of its secrets, never the secrets. */
export type StorageView = ReturnType<typeof storageView>;

export function storageView(row: StorageRow, deps: Stand, actor: Pick<Actor, "user_id" | "role">, { statuses, totals, watched }: Around) {
  const sees = actor.role === "admin" || row.user_id === actor.user_id;
  const config = sees ? openConfig(deps.secrets, row) : null;
  const { count = 0, bytes = 0 } = totals.find(({ storage }) => storage === row.name) ?? {};
  return {
    id: row.id, user_id: row.user_id, name: row.name, type: row.type, target: row.target,
    ...(config === null ? { config: { type: row.type }, secret_fields: [] } : shownConfig(config)),
    shared: row.shared === 1, encryption_key_id: row.encryption_key_id, copies: { count, bytes },
    status: statuses.filter(({ storage }) => storage === row.name).map((status) => ({ ...statusView(status, deps.config.storage_alert_percent, sees), since: since(watched, status) })),
    created_at: row.created_at, updated_at: row.updated_at,
  };
}

/** Since when executors of a group reach a storage, or do not: see check.ts. */
function since(watched: readonly Watched[], { storage, executor_group }: StorageStatus): string | null {
  return watched.find(({ key }) => key === `storage_up:${executor_group}:${storage}`)?.since ?? null;
}

/** A storage as executors of one group last saw it. How many bytes it holds, of everybody together, is for those who may change it. */
function statusView(status: StorageStatus, alert_percent: number, sees: boolean) {
  const used_percent = usedPercent(status);
  return {
    group: status.executor_group, used_percent: used_percent === null ? null : Math.round(10 * used_percent) / 10,
    nearly_full: used_percent !== null && used_percent > alert_percent,
    used_bytes: sees ? status.used_bytes : null, free_bytes: sees ? status.free_bytes : null, total_bytes: sees ? status.total_bytes : null,
    checked_at: status.checked_at, reachable: status.error_code === null,
    error_code: status.error_code, error_msg: sees ? status.error_msg : null, error_hint: sees ? status.error_hint : null,
  };
}
