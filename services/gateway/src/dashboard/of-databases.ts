import { failedBackups } from "../catalog/failures.ts";
import { scheduleTimes } from "../catalog/objectives.ts";
import type { Scope } from "../catalog/scope.ts";
import { listTroubled, listUnproved, type DatabaseStanding } from "../catalog/standings.ts";
import type { Deps } from "../jobs/deps.ts";
import { limitOf } from "../objectives/limit.ts";
import { attentionOf, ofDatabase, type Attention, type AttentionKind, type AttentionSeverity } from "./attention.ts";

const LISTED = 50;
const FAILED_SINCE_MS = 30 * 86_400_000;

const TROUBLES: Record<Exclude<DatabaseStanding["state"], "met">, readonly [AttentionKind, AttentionSeverity]> = {
  never: ["never_backed_up", "critical"], missed: ["objective_missed", "critical"], at_risk: ["objective_at_risk", "warning"], unplanned: ["unplanned", "warning"],
};

/** Databases without a backup that is recent enough, or whose last one failed: one item for each, of which the failure says most. */
export async function attentionOfDatabases({ db, now }: Pick<Deps, "db" | "now">, scope: Scope): Promise<Attention[]> {
  const failures = await failedBackups(db, scope, new Date(now().getTime() - FAILED_SINCE_MS).toISOString(), LISTED);
  const troubled = await listTroubled(db, scope, LISTED);
  const limits = await limitsOf({ db, now }, troubled);
  const standings = new Map(troubled.map((row) => [row.database_id, row]));
  const failed = failures.map((row) => attentionOf("backup_failed", "critical", row.at, row.database_id, {
    ...ofDatabase(row), backup_id: row.backup_id, error_code: row.error_code, error_msg: row.error_msg,
    newest_at: standings.get(row.database_id)?.newest_at ?? null, limit_s: limits.get(row.database_id) ?? null,
  }));
  const told = new Set(failures.map(({ database_id }) => database_id));
  const rest = troubled.filter(({ database_id }) => !told.has(database_id)).flatMap((row) => {
    if (row.state === "met") return [];
    const [kind, severity] = TROUBLES[row.state];
    const since = row.state === "never" ? row.created_at : row.state_since;
    return [attentionOf(kind, severity, since, row.database_id, { ...ofDatabase(row), newest_at: row.newest_at, limit_s: limits.get(row.database_id) ?? null })];
  });
  const unproved = (await listUnproved(db, scope, LISTED)).map((row) => attentionOf("unproved", "warning", row.state_since, row.database_id, ofDatabase(row)));
  return [...failed, ...rest, ...unproved];
}

/** What each is held to, in seconds. */
async function limitsOf({ db, now }: Pick<Deps, "db" | "now">, rows: readonly DatabaseStanding[]): Promise<Map<number, number>> {
  const schedules = Map.groupBy(await scheduleTimes(db, rows.map(({ database_id }) => database_id)), ({ database_id }) => database_id);
  return new Map(rows.flatMap((row) => {
    const limit = limitOf(row, schedules.get(row.database_id) ?? [], now());
    return limit === undefined ? [] : [[row.database_id, limit.limit_s] as const];
  }));
}
