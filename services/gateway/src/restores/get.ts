import { findRestore } from "../catalog/restores.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { restoreView, type RestoreView } from "./view.ts";

/** One restore, with its progress while it runs. */
export async function getRestore(deps: Pick<Deps, "db" | "progress" | "now">, actor: Pick<Actor, "scope">, input: { id: number }): Promise<RestoreView> {
  const row = await findRestore(deps.db, input.id, actor.scope);
  if (row === undefined) throw missing("restore", input.id);
  return restoreView(row, row.status === "running" ? deps.progress.of(row.job_id) : null, deps.now());
}
