import { findSetting } from "../catalog/settings.ts";
import type { Db } from "../catalog/scope.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { requireAdmin } from "../users/list.ts";

export const SCHEDULES_PAUSED = "schedules_paused";

/** What holds for the whole installation. */
export interface SettingsView {
  /** No schedule runs. */
  readonly schedules_paused: boolean;
}

/** For admins. */
export async function getSettings(deps: Pick<Core, "db">, actor: Actor): Promise<SettingsView> {
  requireAdmin(actor);
  return { schedules_paused: await schedulesPaused(deps.db) };
}

export async function schedulesPaused(db: Db): Promise<boolean> {
  return await findSetting(db, SCHEDULES_PAUSED) === "true";
}
