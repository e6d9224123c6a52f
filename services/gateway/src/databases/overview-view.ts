import type { Progress } from "@safebase/contracts";
import type { Newest, OverviewRow, Result, Size, Stored } from "../catalog/database-overview.ts";
import type { Limit } from "../objectives/limit.ts";

/** A database with how its backups stand. */
export type DatabaseOverview = ReturnType<typeof overviewView>;

interface Details {
  readonly results: readonly Result[]; readonly sizes: readonly Size[]; readonly stored: Stored | undefined; readonly newest: Newest | undefined; readonly verified: Newest | undefined;
  readonly limit: Limit | undefined; readonly schedules: number; readonly next_run_at: string | null; readonly open: Result | undefined; readonly progress: Progress | null;
}

export function overviewView(row: OverviewRow, { results, sizes, stored, newest, verified, limit, schedules, next_run_at, open, progress }: Details) {
  return {
    id: row.id, user_id: row.user_id, user_email: row.user_email, name: row.name, type: row.type, host: row.host, port: row.port, db_name: row.db_name,
    server_id: row.server_id, missing_since: row.missing_since, created_at: row.created_at, state: row.standing,
    objective: { state: row.objective_state, state_since: row.state_since, limit_s: limit?.limit_s ?? null, due_at: dueAt(row.newest_at, limit) },
    results: results.map(({ id, status, created_at }) => ({ id, status, created_at })), sizes: sizes.map(({ at, size_bytes }) => ({ at, size: size_bytes })),
    newest: newestView(newest), newest_verified: newestView(verified), backups: stored?.count ?? 0, stored_bytes: stored?.size_bytes ?? 0,
    schedules, next_run_at, running: open === undefined ? null : { id: open.id, job_id: open.job_id, status: open.status, progress },
  };
}

function newestView(row: Newest | undefined) {
  return row === undefined ? null : { id: row.id, at: row.at, size: row.size_bytes, verified_at: row.verified_at, pinned: row.pinned === 1 };
}

/** Until when the next backup has to be there: what waits for its first, or follows its schedules, has the time from when one could be expected. */
function dueAt(newest_at: string | null, limit: Limit | undefined): string | null {
  if (limit === undefined) return null;
  const from = newest_at === null || (limit.automatic && limit.since > newest_at) ? limit.since : newest_at;
  return new Date(Date.parse(from) + limit.limit_s * 1000).toISOString();
}
