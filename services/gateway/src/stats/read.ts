import { listBackups } from "../backups/list.ts";
import { listSchedules } from "../catalog/schedules.ts";
import type { Status } from "../catalog/schema.ts";
import { STATUSES } from "../catalog/schema.ts";
import { countBackups, countDatabases, openJobs, type BackupCount } from "../catalog/stats.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { scheduleViews } from "../schedules/view.ts";
import { currentSettings } from "../settings/get.ts";

const RECENT_DAYS = 30;
const SHOWN = 10;

/** How things stand: what there is, how the last month went, what runs and what comes next. */
export async function readStats(deps: Deps, actor: Actor) {
  const { db } = deps;
  const since = new Date(deps.now().getTime() - RECENT_DAYS * 86_400_000).toISOString();
  const [databases, all, recent, last, jobs, schedules] = await Promise.all([
    countDatabases(db, actor.scope), countBackups(db, actor.scope), countBackups(db, actor.scope, since),
    listBackups(deps, actor, { page: 1, per_page: SHOWN }), openJobs(db, actor.scope, 100), listSchedules(db, actor.scope, {}),
  ]);
  return {
    databases,
    backups: {
      total: sum(all), by_status: byStatus(all), by_type: byType(all),
      stored_bytes: all.filter(({ status }) => status === "completed").reduce((bytes, row) => bytes + row.size_bytes, 0),
      success_rate_30d: successRate(recent),
    },
    last_backups: last.backups,
    open_jobs: jobs,
    next_runs: scheduleViews(schedules, deps.now(), await currentSettings(db)).filter((view) => view.next_run_at !== null)
      .map(({ id, name, database_id, database_name, next_run_at }) => ({ schedule_id: id, name, database_id, database_name, at: next_run_at as string }))
      .sort((a, b) => a.at.localeCompare(b.at)).slice(0, SHOWN),
  };
}

function sum(rows: readonly BackupCount[]): number {
  return rows.reduce((total, row) => total + row.count, 0);
}

function byStatus(rows: readonly BackupCount[]): Record<Status, number> {
  return Object.fromEntries(STATUSES.map((status) => [status, sum(rows.filter((row) => row.status === status))])) as Record<Status, number>;
}

function byType(rows: readonly BackupCount[]): { type: BackupCount["type"]; count: number; stored_bytes: number }[] {
  return [...new Set(rows.map((row) => row.type))].sort().map((type) => {
    const own = rows.filter((row) => row.type === type);
    return { type, count: sum(own), stored_bytes: own.filter(({ status }) => status === "completed").reduce((bytes, row) => bytes + row.size_bytes, 0) };
  });
}

/** Of the backups that ended by themselves; null when there was none. */
function successRate(rows: readonly BackupCount[]): number | null {
  const { completed, failed } = byStatus(rows);
  return completed + failed === 0 ? null : completed / (completed + failed);
}
