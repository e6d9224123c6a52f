import { LOCAL_STORAGE, SafebaseError } from "@safebase/contracts";
import { recordAudit } from "../audit/record.ts";
import { REGISTRATION } from "../auth/registration.ts";
import { resumeSchedules } from "../catalog/schedules.ts";
import { putSetting } from "../catalog/settings.ts";
import type { Db } from "../catalog/scope.ts";
import type { Actor, Core, Deps } from "../jobs/deps.ts";
import { DEFAULT_STORAGES, defaultStorages, storagesColumn } from "../storages/named.ts";
import { requireAdmin } from "../users/list.ts";
import { getSettings, SCHEDULES_PAUSED, schedulesPaused, type SettingsView } from "./get.ts";

export interface SettingsUpdate {
  readonly schedules_paused?: boolean | undefined;
  /** Names of storages that are for everybody; null: the local one. */
  readonly default_storages?: readonly string[] | null | undefined;
  readonly registration?: "open" | "closed" | undefined;
}

/** What is not named stays. For admins. What would have run during a pause is not caught up on. */
export async function updateSettings(deps: Deps, actor: Actor, input: SettingsUpdate): Promise<SettingsView> {
  requireAdmin(actor);
  const at = deps.now().toISOString();
  const paused = await deps.db.transaction().execute(async (tx) => {
    if (input.default_storages !== undefined) await setDefaultStorages(tx, actor, input.default_storages, at);
    if (input.registration !== undefined) await setRegistration(tx, deps, actor, input.registration, at);
    return input.schedules_paused !== undefined && await pauseSchedules(tx, actor, input.schedules_paused, at);
  });
  if (paused) deps.dispatcher.schedulesChanged();
  return getSettings(deps, actor);
}

/** False when they were so before. */
async function pauseSchedules(tx: Db, actor: Actor, paused: boolean, at: string): Promise<boolean> {
  if (await schedulesPaused(tx) === paused) return false;
  await putSetting(tx, SCHEDULES_PAUSED, String(paused), at);
  if (!paused) await resumeSchedules(tx, at);
  await recordAudit(tx, { actor, action: paused ? "schedules.pause" : "schedules.resume" });
  return true;
}

async function setDefaultStorages(tx: Db, actor: Actor, names: readonly string[] | null, at: string): Promise<void> {
  await putSetting(tx, DEFAULT_STORAGES, await storagesColumn(tx, null, names ?? [LOCAL_STORAGE], DEFAULT_STORAGES), at);
  await recordAudit(tx, { actor, action: "settings.default_storages", detail: { default_storages: await defaultStorages(tx) } });
}

async function setRegistration(tx: Db, { config }: Pick<Core, "config">, actor: Actor, registration: "open" | "closed", at: string): Promise<void> {
  if (registration === "open" && config.registration === "closed") {
    throw new SafebaseError("conflict", "registration: the configuration closes it", { hint: "start SafeBase without SAFEBASE_REGISTRATION=closed" });
  }
  await putSetting(tx, REGISTRATION, registration, at);
  await recordAudit(tx, { actor, action: "settings.registration", detail: { registration } });
}
