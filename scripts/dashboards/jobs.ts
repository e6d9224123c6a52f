import type { Dashboard } from "./dashboard.ts";
import { graph, stat, table, type Panel } from "./panels.ts";

const ENGINE = 'engine=~"$engine"';

/** Half of them, and nearly all. The window is long because jobs are rare. */
function quantiles(title: string, description: string, metric: string, unit: string): Panel {
  const of = (q: number): string => `histogram_quantile(${q}, sum by (le, engine) (rate(${metric}_bucket{${ENGINE}}[6h])))`;
  return graph({ title, description, unit, queries: [{ expr: of(0.5), legend: "{{engine}} median" }, { expr: of(0.95), legend: "{{engine}} 95 %" }] });
}

/** What is slow or failing, and why? */
export const jobs: Dashboard = {
  uid: "safebase-jobs", title: "SafeBase / Jobs", description: "What is slow or failing, and why?",
  variables: [
    { name: "engine", label: "Engine", query: "label_values(safebase_databases, engine)" },
    { name: "executor_group", label: "Executor group", query: "label_values(safebase_queue_jobs, executor_group)" },
  ],
  rows: [
    {
      title: "Now",
      panels: [
        stat({ title: "Running", description: "Jobs that executors run.", unit: "none", expr: "sum(max by (kind) (safebase_jobs_running))" }),
        stat({ title: "Pending", description: "Jobs that have not begun: in the queue, or waiting for their time or another job.", unit: "none", expr: "sum(max by (kind) (safebase_jobs_pending))" }),
        stat({ title: "Longest wait", description: "Since when the oldest job could have run that no executor has taken.", unit: "s", expr: 'max(safebase_queue_oldest_age_seconds{executor_group=~"$executor_group"})', thresholds: { warn: 300, bad: 900 } }),
        stat({ title: "Failed", description: "Jobs of all kinds that failed in the last 24 hours.", unit: "none", expr: "sum(increase(safebase_job_failures_total[1d]))", thresholds: { warn: 1, bad: 1_000_000 } }),
        stat({ title: "Test restores failed", description: "In the last 24 hours: backups that do not restore. Must be 0.", unit: "none", expr: `sum(increase(safebase_verifications_total{status="failed", ${ENGINE}}[1d]))`, thresholds: { warn: 1, bad: 1 } }),
        stat({ title: "Lateness of schedules", description: "Of 99 % of the planned times in the last hour, until NATS had them.", unit: "s", expr: "histogram_quantile(0.99, sum by (le) (rate(safebase_scheduler_lateness_seconds_bucket[1h])))", thresholds: { warn: 2, bad: 5 } }),
      ],
    },
    {
      title: "What fails, and why",
      panels: [
        graph({ title: "Backups by outcome", description: "How many ended how, in each hour before.", unit: "none", queries: [{ expr: `sum by (status, engine) (increase(safebase_backups_total{${ENGINE}}[1h]))`, legend: "{{engine}} {{status}}" }] }),
        graph({ title: "Failures by reason", description: "The error codes of failed jobs, in each hour before. unreachable, auth_failed and tls_failed are the database's side; storage_full and storage_failed the storage's.", unit: "none", queries: [{ expr: "sum by (kind, code) (increase(safebase_job_failures_total[1h])) > 0", legend: "{{kind}} {{code}}" }] }),
        table({
          title: "Reasons of the last day", description: "Which error code made how many jobs fail. The sentence of each is in the list of backups, restores or verifications.", unit: "none", height: 7, width: 12,
          queries: [{ expr: "sort_desc(round(sum by (kind, code) (increase(safebase_job_failures_total[1d]))) > 0)" }],
          columns: [{ of: "kind", title: "Job" }, { of: "code", title: "Reason" }, { of: "Value", title: "Failures" }],
        }),
        graph({ title: "Backups that succeed", description: "Of those that ended in the day before, completed or failed.", unit: "percentunit", height: 7, queries: [{ expr: `engine:safebase_backups_success:ratio_increase1d{${ENGINE}}`, legend: "{{engine}}" }], thresholds: { warn: 1, bad: 0.95 } }),
        graph({ title: "Restores by outcome", description: "How many ended how, in each hour before.", unit: "none", queries: [{ expr: `sum by (status, engine) (increase(safebase_restores_total{${ENGINE}}[1h]))`, legend: "{{engine}} {{status}}" }] }),
        graph({ title: "Test restores by outcome", description: "How many ended how, in each hour before. A failed one means a backup that does not restore.", unit: "none", queries: [{ expr: `sum by (status, engine) (increase(safebase_verifications_total{${ENGINE}}[1h]))`, legend: "{{engine}} {{status}}" }] }),
        graph({ title: "Checks by what they found", description: "How many stored backups were read back in each day before. What is damaged or missing cannot be restored.", unit: "none", queries: [{ expr: `sum by (result, engine) (increase(safebase_checks_total{${ENGINE}}[1d]))`, legend: "{{engine}} {{result}}" }] }),
        graph({ title: "Copies by outcome", description: "How many copies of backups to one more storage ended how, in each hour before. One that failed is tried again, ever more rarely.", unit: "none", queries: [{ expr: `sum by (status, engine) (increase(safebase_copies_total{${ENGINE}}[1h]))`, legend: "{{engine}} {{status}}" }] }),
      ],
    },
    {
      title: "What is slow",
      panels: [
        quantiles("Duration of backups", "From start to manifest. A jump without a jump in size: look at the database's load and the network.", "safebase_backup_duration_seconds", "s"),
        quantiles("Size of backups", "What a backup takes in its storage. A sudden drop deserves a look: is all data still there?", "safebase_backup_size_bytes", "bytes"),
        quantiles("Duration of restores", "From start to the target being in its place: how long you would wait.", "safebase_restore_duration_seconds", "s"),
        quantiles("Duration of test restores", "They take the time of a restore; when the executors have no time for backups, test less often.", "safebase_verification_duration_seconds", "s"),
        graph({ title: "Bytes processed", description: "Of dumps, before compression, counted when a job completes.", unit: "Bps", queries: [{ expr: `sum by (kind, engine) (rate(safebase_bytes_processed_total{${ENGINE}}[$__rate_interval]))`, legend: "{{kind}} {{engine}}" }] }),
        graph({ title: "Expired backups", description: "Backups that retention removed, in each hour before.", unit: "none", queries: [{ expr: `sum by (engine) (increase(safebase_backups_expired_total{${ENGINE}}[1h]))`, legend: "{{engine}}" }] }),
      ],
    },
    {
      title: "What waits",
      panels: [
        graph({
          title: "Queue", description: "Jobs that wait for an executor of their group, and those of them that others go before.", unit: "none",
          queries: [
            { expr: 'max by (executor_group) (safebase_queue_jobs{executor_group=~"$executor_group"})', legend: "{{executor_group}}" },
            { expr: 'max by (executor_group) (safebase_queue_turn_jobs{executor_group=~"$executor_group"})', legend: "{{executor_group}} in turn" },
          ],
        }),
        graph({ title: "Longest wait by group", description: "Age of the oldest of them. Grows steadily: no executor, or too few slots.", unit: "s", queries: [{ expr: 'max by (executor_group) (safebase_queue_oldest_age_seconds{executor_group=~"$executor_group"})', legend: "{{executor_group}}" }], thresholds: { warn: 300, bad: 900 } }),
        graph({
          title: "Slots of executors", description: "How many jobs run, and how many could. At the limit for long: more executors, or a higher SAFEBASE_EXECUTOR_CONCURRENCY.", unit: "none",
          queries: [
            { expr: 'sum by (executor_group) (safebase_executor_running_jobs{executor_group=~"$executor_group"})', legend: "{{executor_group}} running" },
            { expr: 'sum by (executor_group) (safebase_executor_slots{executor_group=~"$executor_group"})', legend: "{{executor_group}} slots" },
          ],
        }),
        graph({ title: "Planned times", description: "Due events that the scheduler emitted, in time or to catch up on what fell due while it was away.", unit: "none", queries: [{ expr: "sum by (trigger) (increase(safebase_scheduler_due_total[1h]))", legend: "{{trigger}}" }] }),
      ],
    },
  ],
};
