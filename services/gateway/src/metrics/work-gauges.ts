import { JOB_KINDS } from "@safebase/contracts";
import { age_s, type Facts } from "./facts.ts";
import type { Gauges, Sample } from "./read-gauge.ts";

/** What waits, runs, or is stuck; how full the storages are; and when SafeBase itself was backed up. */
export const workGauges: Gauges<Facts> = {
  safebase_jobs_pending: { help: "Jobs that are pending", read: (facts) => ofKinds(facts, "pending") },
  safebase_jobs_running: { help: "Jobs that are running", read: (facts) => ofKinds(facts, "running") },
  safebase_queue_jobs: {
    help: "Jobs that wait for an executor of their group, or for their turn, and for nothing else",
    read: (facts) => groupsOf(facts).map((executor_group) => ({ labels: { executor_group }, value: waiting(facts, executor_group).reduce((total, each) => total + each.waiting, 0) })),
  },
  safebase_queue_turn_jobs: {
    help: "Of these, those whose turn has not come: no executor has been given them yet",
    read: (facts) => groupsOf(facts).map((executor_group) => ({ labels: { executor_group }, value: waiting(facts, executor_group).reduce((total, each) => total + each.in_turn, 0) })),
  },
  safebase_queue_oldest_age_seconds: {
    help: "Since when the oldest of these could have run; 0 when none waits",
    read: (facts) => groupsOf(facts).map((executor_group) => ({
      labels: { executor_group }, value: Math.max(0, ...waiting(facts, executor_group).map(({ waiting_since }) => age_s(facts, waiting_since))),
    })),
  },
  safebase_schedules_enabled: { help: "Schedules that are to run", read: ({ schedules }) => [{ labels: {}, value: schedules.enabled }] },
  safebase_schedules_paused: { help: "1 while all schedules are paused", read: ({ schedules }) => [{ labels: {}, value: schedules.paused ? 1 : 0 }] },
  safebase_storage_up: { help: "1 when executors reached the storage as they last looked, else 0", read: (facts) => ofStorages(facts, ({ error_code }) => (error_code === null ? 1 : 0)) },
  safebase_storage_used_bytes: { help: "What a storage holds", read: (facts) => ofStorages(facts, ({ used_bytes }) => used_bytes) },
  safebase_storage_free_bytes: { help: "What a storage has left; missing where it has no end", read: (facts) => ofStorages(facts, ({ free_bytes }) => free_bytes) },
  safebase_storage_total_bytes: { help: "What a storage can hold, with all that is not ours; missing where it has no end", read: (facts) => ofStorages(facts, ({ total_bytes }) => total_bytes) },
  safebase_storage_checked_timestamp_seconds: { help: "When an executor last looked how full a storage is", read: (facts) => ofStorages(facts, ({ checked_at }) => Date.parse(checked_at) / 1000) },
  safebase_catalog_backup_last_success_timestamp_seconds: {
    help: "When SafeBase's own catalog was last backed up to one storage at least; missing before the first time",
    read: ({ catalog_stored_at }) => (catalog_stored_at === undefined ? [] : [{ labels: {}, value: Date.parse(catalog_stored_at) / 1000 }]),
  },
};

/** Groups that databases or jobs need, whether they have executors or not. */
export function groupsOf({ jobs, database_counts }: Pick<Facts, "jobs" | "database_counts">): string[] {
  return [...new Set([...database_counts, ...jobs].map(({ executor_group }) => executor_group))].sort();
}

function ofKinds({ jobs }: Facts, status: "pending" | "running"): Sample[] {
  return JOB_KINDS.map((kind) => ({
    labels: { kind }, value: jobs.filter((each) => each.kind === kind && each.status === status).reduce((total, each) => total + each.jobs, 0),
  }));
}

function waiting({ jobs }: Facts, executor_group: string): Facts["jobs"] {
  return jobs.filter((each) => each.executor_group === executor_group && each.waiting > 0);
}

function ofStorages({ storages }: Facts, valueOf: (storage: Facts["storages"][number]) => number | null): Sample[] {
  return storages.flatMap((each) => {
    const value = valueOf(each);
    return value === null ? [] : [{ labels: { storage: each.storage, executor_group: each.executor_group }, value }];
  });
}
