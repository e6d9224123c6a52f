import { VERSION } from "@safebase/runtime";
import { registrationOpen } from "../auth/registration.ts";
import { findSetting } from "../catalog/settings.ts";
import type { Db } from "../catalog/scope.ts";
import type { Actor, Core } from "../jobs/deps.ts";
import { defaultStorages } from "../storages/named.ts";
import { requireAdmin } from "../users/list.ts";

export const SCHEDULES_PAUSED = "schedules_paused";

/** What our own work asks for. */
export interface CurrentSettings {
  /** No schedule runs. */
  readonly schedules_paused: boolean;
  /** Where backups go of which nothing else was said. */
  readonly default_storages: string[];
}

/** What holds for the whole installation. */
export interface SettingsView extends CurrentSettings {
  /** Who may make himself an account. */
  readonly registration: "open" | "closed";
  /** The configuration closes it. */
  readonly registration_fixed: boolean;
  readonly version: string;
}

/** For admins. */
export async function getSettings(deps: Pick<Core, "db" | "config">, actor: Actor): Promise<SettingsView> {
  requireAdmin(actor);
  const { db, config } = deps;
  return {
    ...await currentSettings(db),
    registration: await registrationOpen(deps) ? "open" : "closed", registration_fixed: config.registration === "closed", version: VERSION,
  };
}

/** The same without asking who asks. */
export async function currentSettings(db: Db): Promise<CurrentSettings> {
  return { schedules_paused: await schedulesPaused(db), default_storages: await defaultStorages(db) };
}

export async function schedulesPaused(db: Db): Promise<boolean> {
  return await findSetting(db, SCHEDULES_PAUSED) === "true";
}
