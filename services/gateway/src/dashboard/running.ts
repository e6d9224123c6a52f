import { openWork } from "../catalog/open-work.ts";
import type { Scope } from "../catalog/scope.ts";
import type { Deps } from "../jobs/deps.ts";

const LISTED = 30;

/** Everything that runs or waits, with how far it is. */
export async function runningJobs({ db, progress }: Pick<Deps, "db"> & { readonly progress: Pick<Deps["progress"], "of"> }, scope: Scope) {
  const { rows, total } = await openWork(db, scope, LISTED);
  const jobs = rows.map(({ user_id, user_email, database_id, database_name, database_type, ...row }) => ({
    ...row, owner: { id: user_id, email: user_email },
    database: database_id === null || database_name === null || database_type === null ? null : { id: database_id, name: database_name, type: database_type },
    progress: row.status === "running" ? progress.of(row.id) : null,
  }));
  return { jobs, total };
}
