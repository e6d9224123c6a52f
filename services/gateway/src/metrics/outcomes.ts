import { COPY_STATES, ENGINE_TYPES, ERROR_CODES, JOB_KINDS, TRIGGERS, type EngineType } from "@safebase/contracts";
import { Counter, Histogram, type Registry } from "prom-client";
import { isFinal } from "../catalog/jobs.ts";
import { endedBy, type Ended } from "../catalog/metrics.ts";
import { STATUSES, type Job } from "../catalog/schema.ts";
import type { Db } from "../catalog/scope.ts";

/** Counts how jobs ended, in the gateway that wrote it down. */
export interface OutcomeMetrics {
  /** Jobs that have ended just now; after the commit. */
  count(jobs: readonly Job[]): Promise<void>;
  /** Backups that retention has removed just now; after the commit. */
  countExpired(engine: EngineType, backups: number): void;
}

const ENDS = STATUSES.filter(isFinal);
const COUNTED = JOB_KINDS.filter((kind) => kind !== "delete" && kind !== "copy");
const MOVING = COUNTED.filter((kind) => kind !== "check");
/** A check that was completed is counted by what it found. */
const CHECKED = [...COPY_STATES, ...ENDS.filter((status) => status !== "completed")];
const DURATION_BUCKETS_S = [1, 5, 15, 60, 300, 900, 3_600, 4 * 3_600, 12 * 3_600];
const SIZE_BUCKETS_BYTES = [1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

/** Registers what Prometheus is told of jobs that ended. */
export function createOutcomeMetrics(registry: Registry, db: Db): OutcomeMetrics {
  const meters = { ...registerCounters(registry), ...registerHistograms(registry) };
  startAtZero(meters);
  return {
    count: async (jobs) => {
      for (const job of jobs) {
        const ended = await endedBy(db, job);
        if (ended !== undefined) countEnded(meters, job, ended);
      }
    },
    countExpired: (engine, backups) => meters.expired.inc({ engine }, backups),
  };
}

function registerCounters(registry: Registry) {
  const registers = [registry];
  return {
    backups: new Counter({ name: "safebase_backups_total", help: "Backups that ended, by how", labelNames: ["status", "engine", "trigger"], registers }),
    restores: new Counter({ name: "safebase_restores_total", help: "Restores that ended, by how", labelNames: ["status", "engine"], registers }),
    verifications: new Counter({ name: "safebase_verifications_total", help: "Test restores that ended, by how", labelNames: ["status", "engine"], registers }),
    checks: new Counter({ name: "safebase_checks_total", help: "Checks of stored backups that ended, by what they found: good, damaged, missing; or failed, canceled", labelNames: ["result", "engine"], registers }),
    copies: new Counter({ name: "safebase_copies_total", help: "Copies of backups to one more storage that ended, by how: one that failed is tried again", labelNames: ["status", "engine"], registers }),
    failures: new Counter({ name: "safebase_job_failures_total", help: "Jobs that failed, by the error's code", labelNames: ["kind", "code"], registers }),
    bytes: new Counter({
      name: "safebase_bytes_processed_total", help: "Bytes of dumps, before compression, that completed jobs made or loaded", labelNames: ["kind", "engine"], registers,
    }),
    expired: new Counter({ name: "safebase_backups_expired_total", help: "Backups that retention removed", labelNames: ["engine"], registers }),
  };
}

function registerHistograms(registry: Registry) {
  const duration = (what: string, name: string) => new Histogram({
    name: `safebase_${name}_duration_seconds`, help: `From the start of a completed ${what} to its end`, labelNames: ["engine"], buckets: DURATION_BUCKETS_S, registers: [registry],
  });
  return {
    backup_seconds: duration("backup", "backup"), restore_seconds: duration("restore", "restore"), verify_seconds: duration("test restore", "verification"),
    size_bytes: new Histogram({
      name: "safebase_backup_size_bytes", help: "What a completed backup takes in its storage", labelNames: ["engine"], buckets: SIZE_BUCKETS_BYTES, registers: [registry],
    }),
  };
}

type Meters = ReturnType<typeof registerCounters> & ReturnType<typeof registerHistograms>;

/** Every series is there from the start, with 0: else the first failure after a start would be no increase. */
function startAtZero({ backups, restores, verifications, checks, copies, failures, bytes, expired, ...histograms }: Meters): void {
  for (const engine of ENGINE_TYPES) {
    expired.inc({ engine }, 0);
    for (const histogram of Object.values(histograms)) histogram.zero({ engine });
    for (const kind of MOVING) bytes.inc({ kind, engine }, 0);
    for (const result of CHECKED) checks.inc({ result, engine }, 0);
    for (const status of ENDS) {
      restores.inc({ status, engine }, 0);
      verifications.inc({ status, engine }, 0);
      copies.inc({ status, engine }, 0);
      for (const trigger of TRIGGERS) backups.inc({ status, engine, trigger }, 0);
    }
  }
  for (const kind of COUNTED) for (const code of ERROR_CODES) failures.inc({ kind, code }, 0);
}

function countEnded(meters: Meters, { kind }: Job, ended: Ended): void {
  const { status, engine, trigger, error_code } = ended;
  if (kind === "copy") return meters.copies.inc({ status, engine });
  if (kind === "backup") meters.backups.inc({ status, engine, trigger: trigger ?? "manual" });
  else if (kind === "restore") meters.restores.inc({ status, engine });
  else if (kind === "check") meters.checks.inc({ result: ended.result ?? status, engine });
  else meters.verifications.inc({ status, engine });
  if (status === "failed") meters.failures.inc({ kind, code: error_code ?? "internal" });
  if (status === "completed" && kind !== "check") measure(meters, kind, ended);
}

function measure(meters: Meters, kind: Job["kind"], { engine, started_at, finished_at, size_bytes, raw_size_bytes }: Ended): void {
  const seconds = kind === "backup" ? meters.backup_seconds : kind === "restore" ? meters.restore_seconds : meters.verify_seconds;
  if (started_at !== null && finished_at !== null) seconds.observe({ engine }, Math.max(0, Date.parse(finished_at) - Date.parse(started_at)) / 1000);
  if (kind === "backup" && size_bytes !== null) meters.size_bytes.observe({ engine }, size_bytes);
  meters.bytes.inc({ kind, engine }, raw_size_bytes ?? size_bytes ?? 0);
}
