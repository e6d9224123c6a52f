import type { Dashboard } from "./dashboard.ts";
import { graph, stat, table, type Text } from "./panels.ts";

const STATES: Readonly<Record<string, Text>> = {
  0: { text: "nothing asked", color: "text" }, 1: { text: "met", color: "green" }, 2: { text: "at risk", color: "orange" }, 3: { text: "missed", color: "red" },
};

const objectives = (objective: string, state: string): string => `max(safebase_objectives{objective="${objective}", state="${state}"})`;
const ofDatabase = (series: string): string => `max by (database_id, database) (${series})`;

/** Are we safe? */
export const fleet: Dashboard = {
  uid: "safebase-fleet", title: "SafeBase / Fleet", description: "Are we safe? Every database: is its newest backup new enough, and proved to restore?",
  variables: [
    { name: "engine", label: "Engine", query: "label_values(safebase_databases, engine)" },
    { name: "database", label: "Database", query: 'label_values(safebase_database_last_success_timestamp_seconds{engine=~"$engine"}, database)' },
  ],
  rows: [
    {
      title: "Are we safe?",
      panels: [
        stat({ title: "Backup missed", description: "Databases whose newest backup is older than their objective allows, or that have none. Must be 0.", unit: "none", expr: objectives("backup", "missed"), thresholds: { warn: 1, bad: 1 } }),
        stat({ title: "Backup at risk", description: "Databases for which more than 80 % of the allowed time has passed.", unit: "none", expr: objectives("backup", "at_risk"), thresholds: { warn: 1, bad: 1_000_000 } }),
        stat({ title: "Backup met", description: "Databases whose newest backup is new enough.", unit: "none", expr: objectives("backup", "met") }),
        stat({ title: "Nothing asked", description: "Databases that are held to nothing: no schedule and no limit. Nobody would notice that they are not backed up.", unit: "none", expr: objectives("backup", "none"), thresholds: { warn: 1, bad: 1_000_000 } }),
        stat({ title: "Proof missed", description: "Databases of which no new enough backup is proved to restore. Must be 0.", unit: "none", expr: objectives("verification", "missed"), thresholds: { warn: 1, bad: 1 } }),
        stat({ title: "Proof met", description: "Databases of which a new enough backup was restored for a test and held what it should.", unit: "none", expr: objectives("verification", "met") }),
        stat({ title: "Databases", description: "Registered databases of the chosen engines.", unit: "none", expr: 'sum(max by (engine) (safebase_databases{engine=~"$engine"}))' }),
        stat({ title: "Backups that succeed", description: "Of the backups that ended in the last 24 hours, completed or failed.", unit: "percentunit", expr: 'sum(increase(safebase_backups_total{status="completed", engine=~"$engine"}[1d])) / (sum(increase(safebase_backups_total{status=~"completed|failed", engine=~"$engine"}[1d])) > 0)', thresholds: { warn: 1, bad: 0.95 } }),
        stat({ title: "Backups failed", description: "In the last 24 hours. Why is on the dashboard Jobs.", unit: "none", expr: 'sum(increase(safebase_backups_total{status="failed", engine=~"$engine"}[1d]))', thresholds: { warn: 1, bad: 1_000_000 } }),
        stat({ title: "Executors alive", description: "Of the group that has the fewest. At 0 nothing is backed up there.", unit: "none", expr: "min(max by (executor_group) (safebase_executors_alive))", thresholds: { warn: 1, bad: 0.5 } }),
        stat({ title: "Notifications given up", description: "In the last 24 hours: somebody was not told. Must be 0.", unit: "none", expr: "sum(max by (channel_type) (safebase_notifications_dead))", thresholds: { warn: 1, bad: 1 } }),
        stat({ title: "Storage free", description: "Of the storage that has the least left.", unit: "percentunit", expr: "min(storage:safebase_storage_free:ratio)", thresholds: { warn: 0.2, bad: 0.1 } }),
      ],
    },
    {
      title: "Alerts",
      panels: [table({
        title: "Alerts that fire", description: "Of SafeBase's rules. What to do about each is in docs/operations.md.", unit: "none", height: 6,
        queries: [{ expr: 'max by (alertname, severity, database, engine, executor_group, channel_type, storage, service) (ALERTS{alertname=~"Safebase.*", alertstate="firing"})' }],
        columns: [
          { of: "alertname", title: "Alert" }, { of: "severity", title: "Severity" }, { of: "database", title: "Database" }, { of: "engine", title: "Engine" },
          { of: "executor_group", title: "Group" }, { of: "channel_type", title: "Channel" }, { of: "storage", title: "Storage" }, { of: "service", title: "Service" },
        ],
      })],
    },
    {
      title: "Over time",
      panels: [
        graph({ title: "Objectives", description: "How many databases' objectives stand how. Missed and at risk should be flat at 0.", unit: "none", queries: [{ expr: 'max by (objective, state) (safebase_objectives{state!="none"})', legend: "{{objective}} {{state}}" }] }),
        graph({ title: "The oldest newest backups", description: "The ten databases whose newest backup is the oldest: what would be lost now.", unit: "s", queries: [{ expr: 'topk(10, database:safebase_backup_age_seconds:max{engine=~"$engine", database=~"$database"})', legend: "{{database}}" }] }),
        graph({ title: "Allowed age used up", description: "The ten objectives that are the nearest to being missed: at 100 % they are.", unit: "percentunit", width: 24, queries: [{ expr: 'topk(10, max by (database, objective) (safebase_objective_age_seconds{engine=~"$engine", database=~"$database"} / safebase_objective_limit_seconds))', legend: "{{database}} {{objective}}" }], thresholds: { warn: 0.8, bad: 1 } }),
      ],
    },
    {
      title: "Every database",
      panels: [table({
        title: "One by one", description: "The newest backup and the newest proved one of each. A dash: there is none, or nothing is asked.", unit: "none", height: 14,
        queries: [
          { expr: ofDatabase('safebase_objective_state{objective="backup", engine=~"$engine", database=~"$database"}') },
          { expr: `time() - ${ofDatabase('safebase_database_last_success_timestamp_seconds{engine=~"$engine", database=~"$database"} > 0')}` },
          { expr: ofDatabase('safebase_objective_limit_seconds{objective="backup", engine=~"$engine", database=~"$database"}') },
          { expr: ofDatabase('safebase_objective_state{objective="verification", engine=~"$engine", database=~"$database"}') },
          { expr: `time() - ${ofDatabase('safebase_database_last_verified_timestamp_seconds{engine=~"$engine", database=~"$database"} > 0')}` },
          { expr: ofDatabase('safebase_objective_limit_seconds{objective="verification", engine=~"$engine", database=~"$database"}') },
        ],
        columns: [
          { of: "database_id", title: "Id" }, { of: "database", title: "Database" }, { of: "A", title: "Backup", texts: STATES }, { of: "B", title: "Newest backup", unit: "s" },
          { of: "C", title: "Allowed age", unit: "s" }, { of: "D", title: "Proof", texts: STATES }, { of: "E", title: "Newest proved", unit: "s" }, { of: "F", title: "Allowed age of the proved", unit: "s" },
        ],
      })],
    },
  ],
};
