import { findSetting } from "../catalog/settings.ts";
import type { Db } from "../catalog/scope.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { defaultStorages } from "../storages/named.ts";
import { requireAdmin } from "../users/list.ts";

export const SCHEDULES_PAUSED = "schedules_paused";

/** What holds for the whole installation. */
export interface SettingsView {
  /** No schedule runs. */
  readonly schedules_paused: boolean;
  /** Where backups go of which nothing else was said. */
  readonly default_storages: string[];
}

/** For admins. */
export async function getSettings(deps: Pick<Core, "db">, actor: Actor): Promise<SettingsView> {
  requireAdmin(actor);
  return currentSettings(deps.db);
}

/** The same for our own work. */
export async function currentSettings(db: Db): Promise<SettingsView> {
  return { schedules_paused: await schedulesPaused(db), default_storages: await defaultStorages(db) };
}

export async function schedulesPaused(db: Db): Promise<boolean> {
  return await findSetting(db, SCHEDULES_PAUSED) === "true";
}
