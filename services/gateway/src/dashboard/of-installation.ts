import { firstAccountAt } from "../catalog/users.ts";
import { listStorageStatus } from "../catalog/storage-status.ts";
import type { StorageRow } from "../catalog/storages-schema.ts";
import { groupsOf, listWatched, type Watched } from "../catalog/watched.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { hearingOf } from "../notices/hearing.ts";
import { lastStoredAt } from "../recovery/backup-catalog.ts";
import { usedPercent } from "../storages/share.ts";
import { LOST } from "../watch/verdict.ts";
import { attentionOf, type Attention } from "./attention.ts";

/** It is backed up every night: two in a row were missed. */
const CATALOG_OVERDUE_MS = 50 * 3_600_000;
/** From here on the next backup may not fit. */
const FULL_PERCENT = 98;

type Stand = Pick<Deps, "db" | "now" | "config">;

/** What the actor's work stands on: executors, scheduler, notifier, storages; and for an admin the catalog's own backup. */
export async function attentionOfInstallation(deps: Stand, actor: Pick<Actor, "role" | "scope" | "user_id">, storages: readonly StorageRow[], schedules: { enabled: number; paused: boolean }): Promise<Attention[]> {
  const watched = await listWatched(deps.db);
  const everything = actor.role === "admin" || hearingOf(actor) === "all";
  const groups = everything ? undefined : await groupsOf(deps.db, actor.scope);
  return [
    ...watched.filter(({ state }) => state === LOST).flatMap((row) => ofPart(row, groups, schedules.enabled > 0 || everything)),
    ...(schedules.paused && schedules.enabled > 0 ? [attentionOf("schedules_paused", "warning", null, "all", { count: schedules.enabled })] : []),
    ...await ofStorages(deps, actor, storages, watched),
    ...(actor.role === "admin" ? await ofCatalog(deps) : []),
  ];
}

/** `groups`: those whose executors he needs; undefined for all. */
function ofPart({ key, since }: Watched, groups: readonly string[] | undefined, scheduled: boolean): Attention[] {
  const [part = "", name = ""] = key.split(/:(.*)/s);
  if (part === "scheduler") return scheduled ? [attentionOf("scheduler_lost", "critical", since, "all")] : [];
  if (part === "notifier") return [attentionOf("notifier_lost", "critical", since, "all")];
  if (part === "executors") return groups?.includes(name) === false ? [] : [attentionOf("executors_lost", "critical", since, name, { executor: { group: name, id: null } })];
  return part === "executor" && groups === undefined ? [attentionOf("executor_lost", "warning", since, name, { executor: { group: null, id: name } })] : [];
}

async function ofStorages({ db, config }: Stand, actor: Pick<Actor, "role" | "user_id">, storages: readonly StorageRow[], watched: readonly Watched[]): Promise<Attention[]> {
  const byName = new Map(storages.map((row) => [row.name, row]));
  return (await listStorageStatus(db)).flatMap((status) => {
    const row = byName.get(status.storage);
    if (row === undefined) return [];
    const place = `${status.executor_group}:${status.storage}`;
    const sinceOf = (what: string): string => watched.find(({ key }) => key === `${what}:${place}`)?.since ?? status.checked_at;
    const known = { storage: { id: row.id, name: row.name }, executor: { group: status.executor_group, id: null } };
    const sees = actor.role === "admin" || row.user_id === actor.user_id;
    if (status.error_code !== null) {
      return [attentionOf("storage_unreachable", "critical", sinceOf("storage_up"), place, { ...known, error_code: status.error_code, error_msg: sees ? status.error_msg : null })];
    }
    const used_percent = usedPercent(status);
    if (used_percent === null || used_percent <= config.storage_alert_percent) return [];
    return [attentionOf("storage_full", used_percent >= FULL_PERCENT ? "critical" : "warning", sinceOf("storage"), place, { ...known, used_percent: Math.round(10 * used_percent) / 10 })];
  });
}

async function ofCatalog({ db, now }: Stand): Promise<Attention[]> {
  const stored_at = await lastStoredAt(db);
  const since = stored_at ?? await firstAccountAt(db);
  if (since === undefined || now().getTime() - Date.parse(since) < CATALOG_OVERDUE_MS) return [];
  return [attentionOf("catalog_backup_overdue", "critical", since, "all", { newest_at: stored_at ?? null })];
}
