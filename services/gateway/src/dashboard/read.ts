import { countByDay, countStanding, movedByDay } from "../catalog/day-counts.ts";
import { newestNotices } from "../catalog/notices.ts";
import { listSchedules } from "../catalog/schedules.ts";
import { countStandings } from "../catalog/standings.ts";
import { listStorages } from "../catalog/storages.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { hearingOf } from "../notices/hearing.ts";
import { noticeView } from "../notices/view.ts";
import { schedulesPaused } from "../settings/get.ts";
import { inOrder } from "./attention.ts";
import { lastDays } from "./days.ts";
import { nextRuns } from "./next-runs.ts";
import { attentionOfDatabases } from "./of-databases.ts";
import { attentionOfInstallation } from "./of-installation.ts";
import { attentionOfWork } from "./of-work.ts";
import { runningJobs } from "./running.ts";
import { storedAtEnds, successRate } from "./usage.ts";
import { verdictOf } from "./verdict.ts";

const [YEAR_DAYS, USAGE_DAYS, RATE_DAYS] = [365, 90, 30];
const [ITEMS, RUNS, EVENTS] = [50, 6, 8];

type Stand = Pick<Deps, "db" | "now" | "config"> & { readonly progress: Pick<Deps["progress"], "of"> };

/** All that the dashboard shows: are we safe, what needs attention, how the year went, what is stored, what runs and what comes next. */
export async function readDashboard(deps: Stand, actor: Actor, { time_zone }: { time_zone: string }) {
  const { db } = deps;
  const now = deps.now();
  const paused = await schedulesPaused(db);
  const schedules = (await listSchedules(db, actor.scope, {})).filter(({ enabled }) => enabled === 1);
  const storages = await listStorages(db, actor.scope);
  const items = inOrder([
    ...await attentionOfDatabases(deps, actor.scope), ...await attentionOfWork(deps, actor.scope, storages),
    ...await attentionOfInstallation(deps, actor, storages, { enabled: schedules.length, paused }),
  ]);
  return {
    verdict: verdictOf(await countStandings(db, actor.scope), items), attention: { items: items.slice(0, ITEMS), total: items.length },
    ...await readFigures(deps, actor, time_zone, now), running: await runningJobs(deps, actor.scope),
    next_runs: paused ? [] : nextRuns(schedules, now, RUNS), events: (await newestNotices(db, hearingOf(actor), EVENTS)).map(noticeView),
  };
}

async function readFigures({ db }: Pick<Deps, "db">, { scope }: Pick<Actor, "scope">, time_zone: string, now: Date) {
  const days = lastDays(YEAR_DAYS, time_zone, now);
  const counts = await countByDay(db, scope, days);
  const { by_status, stored_bytes } = await countStanding(db, scope);
  const shown = days.slice(-USAGE_DAYS);
  const ends = storedAtEnds(stored_bytes, await movedByDay(db, scope, shown));
  return {
    totals: { by_status, stored_bytes, success_rate_30d: successRate(counts.slice(-RATE_DAYS)) },
    usage: shown.map(({ until }, index) => ({ at: index === shown.length - 1 ? now.toISOString() : until, bytes: ends[index] ?? 0 })),
    days: days.map((day, index) => ({ ...day, ...counts[index]! })),
  };
}
