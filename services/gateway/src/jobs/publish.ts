import { asSafebaseError } from "@safebase/contracts";
import type { Job } from "../catalog/schema.ts";
import { prepareQueueOnce } from "../executors/queues.ts";
import { sealedFor } from "../executors/sealed-for.ts";
import { announceEnded } from "./announce.ts";
import { buildCommand } from "./command.ts";
import type { Core } from "./deps.ts";
import { outcomeOfCleanUp } from "./gave-up.ts";
import { endJob } from "./outcome.ts";

/** Hands a job to its queue; no harm when it is there already. A job that cannot be done any more fails instead. */
export async function publish(core: Core, job: Job, cleanupOnly = false): Promise<void> {
  let command;
  try {
    command = sealedFor(core.secrets, job.executor_group, await buildCommand(core.db, job, cleanupOnly));
  } catch (cause) {
    const { code, message } = asSafebaseError(cause);
    if (code === "internal") throw cause;
    const at = core.now().toISOString();
    const outcome = outcomeOfCleanUp(job, { status: "failed", failure: { code, message } });
    const ended = await core.db.transaction().execute((tx) => endJob(tx, job, outcome, at));
    return announceEnded(core, ended);
  }
  await prepareQueueOnce(core, job.executor_group);
  const fresh = await core.bus.enqueue(command);
  core.log.info({ job_id: job.id, kind: job.kind, fresh, cleanup_only: cleanupOnly }, fresh ? "job queued" : "job was queued already");
}
