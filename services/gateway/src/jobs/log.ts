import { auditAbout } from "../catalog/audit.ts";
import { findBackup } from "../catalog/backups.ts";
import { readLog, type LogRow } from "../catalog/job-log.ts";
import { findJob } from "../catalog/jobs.ts";
import type { Actor, Deps } from "./deps.ts";
import { AUDITED, logLines, type LogLine } from "./log-view.ts";
import { missing } from "./missing.ts";

type Core = Pick<Deps, "db">;

/** What happened to a backup and to everything that was done with it, in order. */
export async function backupLog(deps: Core, actor: Pick<Actor, "scope">, { id }: { readonly id: number }): Promise<LogLine[]> {
  if (await findBackup(deps.db, id, actor.scope) === undefined) throw missing("backup", id);
  const rows = await readLog(deps.db, actor.scope, { backup_id: id });
  return withAudit(deps, rows, [{ type: "backup", ids: [id] }]);
}

/** What happened to one job, in order. */
export async function jobLog(deps: Core, actor: Pick<Actor, "scope">, { id }: { readonly id: number }): Promise<LogLine[]> {
  const job = await findJob(deps.db, id, actor.scope);
  if (job === undefined) throw missing("job", id);
  return withAudit(deps, await readLog(deps.db, actor.scope, { job_id: id }), []);
}

async function withAudit(deps: Core, rows: readonly LogRow[], about: readonly { type: string; ids: readonly number[] }[]): Promise<LogLine[]> {
  const ids = (of: (row: LogRow) => number | null): number[] => [...new Set(rows.map(of))].filter((id) => id !== null);
  const audit = await auditAbout(deps.db, AUDITED, [
    ...about, { type: "job", ids: ids((row) => row.job_id) }, { type: "restore", ids: ids((row) => row.restore_id) },
    { type: "verification", ids: ids((row) => row.verification_id) }, { type: "check", ids: ids((row) => row.check_id) },
  ]);
  return logLines(rows, audit);
}
