import { ENGINE_TYPES, JOB_KINDS, TRIGGERS, type EngineType } from "@safebase/contracts";
import type { Log } from "@safebase/runtime";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { anyBackup } from "../catalog/backups.ts";
import { isFinal } from "../catalog/jobs.ts";
import { countUnpublished } from "../catalog/notices.ts";
import { anyRestore } from "../catalog/restores.ts";
import type { Backup, Job, Restore } from "../catalog/schema.ts";
import { STATUSES } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";
import { countOpenJobs } from "../catalog/stats.ts";

/** Counts how jobs ended, in the gateway that wrote it down. */
export interface OutcomeMetrics {
  /** Jobs that have ended just now; after the commit. */
  count(jobs: readonly Job[]): Promise<void>;
  /** Backups that retention has removed just now; after the commit. */
  countExpired(engine: EngineType, backups: number): void;
}

const ENDS = STATUSES.filter(isFinal);
const DURATION_BUCKETS_S = [1, 5, 15, 60, 300, 900, 3_600, 4 * 3_600, 12 * 3_600];
const SIZE_BUCKETS_BYTES = [1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

/** Registers what Prometheus is told of jobs. Gauges are read from the catalog when they are asked for. */
export function createJobMetrics(registry: Registry, db: Db, log: Log): OutcomeMetrics {
  registerGauges(registry, db, log);
  const meters = registerOutcomes(registry);
  return {
    count: async (jobs) => {
      for (const job of jobs) {
        if (job.kind === "backup" && job.backup_id !== null) countBackup(meters, await anyBackup(db, job.backup_id));
        if (job.kind === "restore" && job.restore_id !== null) {
          const restore = await anyRestore(db, job.restore_id);
          countRestore(meters, restore, await anyBackup(db, restore.backup_id));
        }
      }
    },
    countExpired: (engine, backups) => meters.expired.inc({ engine }, backups),
  };
}

type Meters = ReturnType<typeof registerOutcomes>;

/** Every series is there from the start, with 0: else the first failure after a start would be no increase. */
function registerOutcomes(registry: Registry) {
  const registers = [registry];
  const backups = new Counter({ name: "safebase_backups_total", help: "Backups that ended, by how", labelNames: ["status", "engine", "trigger"], registers });
  const restores = new Counter({ name: "safebase_restores_total", help: "Restores that ended, by how", labelNames: ["status", "engine"], registers });
  const duration_seconds = new Histogram({
    name: "safebase_backup_duration_seconds", help: "From the start of a completed backup to its end", labelNames: ["engine"], buckets: DURATION_BUCKETS_S, registers,
  });
  const size_bytes = new Histogram({
    name: "safebase_backup_size_bytes", help: "What a completed backup takes in its storage", labelNames: ["engine"], buckets: SIZE_BUCKETS_BYTES, registers,
  });
  const expired = new Counter({ name: "safebase_backups_expired_total", help: "Backups that retention removed", labelNames: ["engine"], registers });
  for (const engine of ENGINE_TYPES) {
    expired.inc({ engine }, 0);
    for (const status of ENDS) {
      restores.inc({ status, engine }, 0);
      for (const trigger of TRIGGERS) backups.inc({ status, engine, trigger }, 0);
    }
  }
  return { backups, restores, expired, duration_seconds, size_bytes };
}

function countBackup(meters: Meters, { status, type: engine, trigger, started_at, finished_at, size_bytes }: Backup): void {
  meters.backups.inc({ status, engine, trigger });
  if (status !== "completed") return;
  if (started_at !== null && finished_at !== null) meters.duration_seconds.observe({ engine }, Math.max(0, Date.parse(finished_at) - Date.parse(started_at)) / 1000);
  if (size_bytes !== null) meters.size_bytes.observe({ engine }, size_bytes);
}

function countRestore(meters: Meters, { status }: Restore, { type: engine }: Backup): void {
  meters.restores.inc({ status, engine });
}

function registerGauges(registry: Registry, db: Db, log: Log): void {
  /** A catalog that does not answer leaves a gap; the other metrics are shown all the same. */
  const reading = (read: (gauge: Gauge) => Promise<void>) => async function collect(this: Gauge): Promise<void> {
    try {
      await read(this);
    } catch (err) {
      this.reset();
      this.remove({}); // reset leaves a 0 where there are no labels
      log.warn({ err }, "the catalog does not answer: a metric is left out");
    }
  };
  for (const status of ["pending", "running"] as const) {
    registry.registerMetric(new Gauge({
      name: `safebase_jobs_${status}`, help: `Jobs that are ${status}`, labelNames: ["kind"], registers: [],
      collect: reading(async (gauge) => {
        const counts = await countOpenJobs(db, status);
        for (const kind of JOB_KINDS) gauge.set({ kind }, counts.get(kind) ?? 0);
      }),
    }));
  }
  registry.registerMetric(new Gauge({
    name: "safebase_notifications_unpublished", help: "Notifications that NATS has not taken yet", registers: [],
    collect: reading(async (gauge) => gauge.set(await countUnpublished(db))),
  }));
}
