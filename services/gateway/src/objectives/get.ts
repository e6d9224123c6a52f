import { findObjective, scheduleTimes } from "../catalog/objectives.ts";
import type { Actor, Deps } from "../jobs/deps.ts";
import { missing } from "../jobs/missing.ts";
import { objectiveView, type ObjectiveView } from "./view.ts";

export async function getObjective(deps: Pick<Deps, "db" | "now">, actor: Pick<Actor, "scope">, input: { id: number }): Promise<ObjectiveView> {
  const row = await findObjective(deps.db, input.id, actor.scope);
  if (row === undefined) throw missing("objective", input.id);
  return objectiveView(row, await scheduleTimes(deps.db, [row.database_id]), deps.now());
}
