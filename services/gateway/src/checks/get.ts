import { findCheck } from "../catalog/checks.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { checkView, type CheckView } from "./view.ts";

/** One check, with its progress while it runs. */
export async function getCheck(deps: Pick<Deps, "db" | "progress">, actor: Pick<Actor, "scope">, input: { id: number }): Promise<CheckView> {
  const row = await findCheck(deps.db, input.id, actor.scope);
  if (row === undefined) throw missing("check", input.id);
  return checkView(row, row.status === "running" ? deps.progress.of(row.job_id) : null);
}
