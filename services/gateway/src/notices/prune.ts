import { pause } from "@safebase/runtime";
import { pruneNotices } from "../catalog/notices.ts";
import { pruneNotifications } from "../catalog/notifications.ts";
import type { Core } from "../jobs/deps.ts";
import { everyHour } from "../jobs/hourly.ts";

const KEPT_DAYS = 90;
const AT_ONCE = 500;

/** Forgets what was told long ago, in small steps: notifications that are over first, then the notices that nothing speaks of any more. */
export async function forgetOldNotices(core: Pick<Core, "db" | "now">, signal: AbortSignal): Promise<void> {
  const before = new Date(core.now().getTime() - KEPT_DAYS * 86_400_000).toISOString();
  for (const step of [pruneNotifications, pruneNotices]) {
    while (!signal.aborted && await step(core.db, before, AT_ONCE) > 0) await pause(50, signal);
  }
}

/** Does so at the start and every hour, until disposal. */
export function keepNoticesPruned(core: Pick<Core, "db" | "now" | "log">): AsyncDisposable {
  return everyHour(core, "old notices could not be removed, it is tried again", (signal) => forgetOldNotices(core, signal));
}
