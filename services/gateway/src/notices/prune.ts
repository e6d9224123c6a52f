import { pause } from "@safebase/runtime";
import { pruneNotices } from "../catalog/notices.ts";
import { pruneNotifications } from "../catalog/notifications.ts";
import type { Core } from "../jobs/deps.ts";

const KEPT_DAYS = 90;
const AT_ONCE = 500;

/** Forgets what was told long ago, in small steps: notifications that are over first, then the notices that nothing speaks of any more. */
export async function forgetOldNotices(core: Pick<Core, "db" | "now">, signal: AbortSignal): Promise<void> {
  const before = new Date(core.now().getTime() - KEPT_DAYS * 86_400_000).toISOString();
  for (const step of [pruneNotifications, pruneNotices]) {
    while (!signal.aborted && await step(core.db, before, AT_ONCE) > 0) await pause(50, signal);
  }
}

const EVERY_MS = 3600_000;

/** Does so at the start and every hour, until disposal. */
export function keepNoticesPruned(core: Pick<Core, "db" | "now" | "log">): AsyncDisposable {
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await forgetOldNotices(core, stopping.signal).catch((err: unknown) => core.log.warn({ err }, "old notices could not be removed, it is tried again"));
      await pause(EVERY_MS, stopping.signal);
    }
  };
  const running = loop();
  return { [Symbol.asyncDispose]: () => { stopping.abort(); return running; } };
}
