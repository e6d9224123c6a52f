import { listStorageStatus } from "../catalog/storage-status.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { usedPercent } from "./share.ts";

/** The storages as they were last seen. How many bytes they hold, of everybody together, is for admins. */
export async function listStorages(deps: Pick<Core, "db" | "config">, actor: Pick<Actor, "role">) {
  const isAdmin = actor.role === "admin";
  return (await listStorageStatus(deps.db)).map((status) => {
    const used_percent = usedPercent(status);
    return {
      storage: status.storage, group: status.executor_group, used_percent: used_percent === null ? null : Math.round(10 * used_percent) / 10,
      nearly_full: used_percent !== null && used_percent > deps.config.storage_alert_percent,
      used_bytes: isAdmin ? status.used_bytes : null, free_bytes: isAdmin ? status.free_bytes : null, total_bytes: isAdmin ? status.total_bytes : null,
      checked_at: status.checked_at,
    };
  });
}
