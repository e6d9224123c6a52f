import { findJob } from "../catalog/jobs.ts";
import type { Actor, Deps } from "./deps.ts";
import { missing } from "./missing.ts";
import { jobView, type JobView } from "./view.ts";

export async function getJob(deps: Pick<Deps, "db" | "progress">, actor: Pick<Actor, "scope">, input: { id: number }): Promise<JobView> {
  const job = await findJob(deps.db, input.id, actor.scope);
  if (job === undefined) throw missing("job", input.id);
  return jobView(job, job.status === "running" ? deps.progress.of(job.id) : null);
}
