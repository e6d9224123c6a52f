import { insertAudit } from "../catalog/audit.ts";
import { lockBackup } from "../catalog/backups.ts";
import { longestUnseen, openCheckUsing, seenByDay } from "../catalog/checks.ts";
import type { Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { announceJobs } from "../jobs/announce.ts";
import type { Core } from "../jobs/deps.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { limitsOf } from "../backups/queue.ts";
import { queueCheck } from "./queue.ts";
import { checksDue } from "./rate.ts";

/** Ordered in one go; the next day goes on. */
const MOST_IN_A_DAY = 2_000;
const BATCH = 50;

/**
 * Orders the checks of the day: see `checksDue`. May be repeated: what is ordered is not ordered again. Executors get
 * them one after the other, see the dispatcher.
 */
export async function queueChecks(core: Core, dispatcher: Pick<Dispatcher, "kick">): Promise<void> {
  const every_days = core.config.check_every_days;
  if (every_days === 0) return;
  const due = checksDue(await seenByDay(core.db), every_days, core.now().toISOString().slice(0, 10));
  if (due > MOST_IN_A_DAY) core.log.warn({ due, most: MOST_IN_A_DAY }, "more checks are due than one day takes");
  const ids = await longestUnseen(core.db, Math.min(due, MOST_IN_A_DAY));
  for (let done = 0; done < ids.length; done += BATCH) {
    const jobs = await core.db.transaction().execute((tx) => queueAll(tx, core, ids.slice(done, done + BATCH)));
    dispatcher.kick();
    await announceJobs(core, jobs);
  }
  if (ids.length > 0) core.log.info({ checks: ids.length }, "checks of stored backups were ordered");
}

/** In the order of their ids, as everybody locks backups. */
async function queueAll(tx: Db, core: Core, ids: readonly number[]): Promise<Job[]> {
  const jobs: Job[] = [];
  const at = core.now().toISOString();
  for (const id of ids.toSorted((a, b) => a - b)) {
    const backup = await lockBackup(tx, id, "all");
    if (backup === undefined || await openCheckUsing(tx, id) !== undefined) continue; // deleted, or ordered meanwhile
    const { check, job } = await queueCheck(tx, backup, { trigger: "scheduled", ...limitsOf(core, {}), at });
    jobs.push(job);
    await insertAudit(tx, {
      at, user_id: backup.user_id, actor: "scheduler", action: "check.create", object_type: "check", object_id: check.id, ip: null, outcome: "ok",
      detail: JSON.stringify({ backup_id: id }),
    });
  }
  return jobs;
}
