import { nextPlanned } from "@safebase/runtime";
import {
  countStandings, lastResults, lastSizes, listOverview, newestOf, STANDINGS, storedOf, type OverviewFilter, type OverviewPart, type OverviewRow, type Standing,
} from "../catalog/database-overview.ts";
import { scheduleTimes, type ScheduleTimes } from "../catalog/objectives.ts";
import { paginate, type Page, type Pagination } from "../catalog/page.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { limitOf } from "../objectives/limit.ts";
import { schedulesPaused } from "../settings/get.ts";
import { noSuchDatabase } from "./find.ts";
import { overviewView, type DatabaseOverview } from "./overview-view.ts";

const RESULTS = 10;
const SIZES = 30;

export type OverviewInput = Page & Omit<OverviewFilter, "id"> & { readonly [Field in "state" | "sort" | "order"]?: OverviewPart[Field] | undefined };
export type StandingCounts = Record<Standing | "failed" | "running" | "all", number>;

type Asked = Pick<Deps, "db" | "now" | "progress">;

/** One page of the databases, each with all that a list shows of it, and how many there are of each state. */
export async function listDatabaseOverviews(
  deps: Asked, actor: Pick<Actor, "scope">, { page, per_page, q, type, state, sort = "name", order = "asc" }: OverviewInput,
): Promise<{ databases: DatabaseOverview[]; counts: StandingCounts; schedules_paused: boolean; pagination: Pagination }> {
  const counts = countsOf(await countStandings(deps.db, actor.scope, { q, type }));
  const rows = await listOverview(deps.db, actor.scope, { q, type }, { state, sort, order, limit: per_page, offset: (page - 1) * per_page });
  const { databases, schedules_paused } = await withDetails(deps, rows);
  return { databases, counts, schedules_paused, pagination: paginate({ page, per_page }, counts[state ?? "all"]) };
}

/** The same of one database. */
export async function getDatabaseOverview(deps: Asked, actor: Pick<Actor, "scope">, { id }: { readonly id: number }): Promise<DatabaseOverview> {
  const { databases } = await withDetails(deps, await listOverview(deps.db, actor.scope, { id }, { sort: "name", order: "asc", limit: 1, offset: 0 }));
  const [found] = databases;
  if (found === undefined) throw noSuchDatabase();
  return found;
}

function countsOf(rows: readonly { standing: Standing; count: number; failed: number; running: number }[]): StandingCounts {
  const sum = (field: "count" | "failed" | "running"): number => rows.reduce((total, row) => total + row[field], 0);
  const each = Object.fromEntries(STANDINGS.map((name) => [name, rows.find((row) => row.standing === name)?.count ?? 0])) as Record<Standing, number>;
  return { ...each, failed: sum("failed"), running: sum("running"), all: sum("count") };
}

async function withDetails(deps: Asked, rows: readonly OverviewRow[]): Promise<{ databases: DatabaseOverview[]; schedules_paused: boolean }> {
  const ids = rows.map(({ id }) => id);
  const [results, sizes, stored, newest, verified, plans, schedules_paused] = await Promise.all([
    lastResults(deps.db, ids, RESULTS).then(byDatabase), lastSizes(deps.db, ids, SIZES).then(byDatabase), storedOf(deps.db, ids).then(byDatabase),
    newestOf(deps.db, ids, false).then(byDatabase), newestOf(deps.db, ids, true).then(byDatabase), scheduleTimes(deps.db, ids).then(byDatabase), schedulesPaused(deps.db),
  ]);
  const now = deps.now();
  const next = nextRuns(now);
  const databases = rows.map((row) => {
    const schedules = plans.get(row.id) ?? [];
    const last = results.get(row.id) ?? [];
    const open = last.findLast(({ status }) => status === "running") ?? last.findLast(({ status }) => status === "pending");
    return overviewView(row, {
      results: last, sizes: sizes.get(row.id) ?? [], stored: stored.get(row.id)?.[0], newest: newest.get(row.id)?.[0], verified: verified.get(row.id)?.[0],
      limit: limitOf({ kind: "backup", enabled: row.enabled, max_age_s: row.max_age_s, created_at: row.objective_created_at }, schedules, now),
      schedules: schedules.length, next_run_at: schedules_paused ? null : next(schedules), open, progress: open === undefined ? null : deps.progress.of(open.job_id),
    });
  });
  return { databases, schedules_paused };
}

function byDatabase<Row extends { database_id: number }>(rows: readonly Row[]): Map<number, Row[]> {
  return Map.groupBy(rows, ({ database_id }) => database_id);
}

/** The first of the next runs of some schedules; most schedules share their times with others. */
function nextRuns(now: Date): (schedules: readonly ScheduleTimes[]) => string | null {
  const known = new Map<string, string | undefined>();
  const nextOf = (plan: ScheduleTimes): string | undefined => {
    const key = `${plan.cron} ${plan.timezone}`;
    if (!known.has(key)) known.set(key, nextPlanned(plan, now)?.toISOString());
    return known.get(key);
  };
  return (schedules) => schedules.flatMap((plan) => nextOf(plan) ?? []).toSorted()[0] ?? null;
}
