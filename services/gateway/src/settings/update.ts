import { recordAudit } from "../audit/record.ts";
import { resumeSchedules } from "../catalog/schedules.ts";
import { putSetting } from "../catalog/settings.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { requireAdmin } from "../users/list.ts";
import { getSettings, SCHEDULES_PAUSED, schedulesPaused, type SettingsView } from "./get.ts";

export interface SettingsUpdate { readonly schedules_paused?: boolean | undefined }

/** What is not named stays. For admins. What would have run during a pause is not caught up on. */
export async function updateSettings(deps: Deps, actor: Actor, input: SettingsUpdate): Promise<SettingsView> {
  requireAdmin(actor);
  const { schedules_paused } = input;
  const changed = await deps.db.transaction().execute(async (tx) => {
    if (schedules_paused === undefined || await schedulesPaused(tx) === schedules_paused) return false;
    const at = deps.now().toISOString();
    await putSetting(tx, SCHEDULES_PAUSED, String(schedules_paused), at);
    if (!schedules_paused) await resumeSchedules(tx, at);
    await recordAudit(tx, { actor, action: schedules_paused ? "schedules.pause" : "schedules.resume" });
    return true;
  });
  if (changed) deps.dispatcher.schedulesChanged();
  return getSettings(deps, actor);
}
