import { Cron } from "croner";
import type { ScheduleView } from "./view.ts";

const SHOWN = 5;

const NICKNAMES: Record<string, string> = {
  "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
};

/** The five fields that a nickname such as @daily stands for; anything else as it is. */
export function expandNickname(cron: string): string {
  const name = cron.trim().toLowerCase();
  return Object.hasOwn(NICKNAMES, name) ? NICKNAMES[name] as string : cron;
}

/** A schedule with its next times; none while it is disabled. */
export function withNextRuns<View extends Pick<ScheduleView, "cron" | "timezone" | "enabled">>(view: View, now: Date): View & { next_runs: string[] } {
  const runs = view.enabled ? new Cron(view.cron, { timezone: view.timezone, paused: true }).nextRuns(SHOWN, now) : [];
  return { ...view, next_runs: runs.map((run) => run.toISOString()) };
}
