import type { Dashboard } from "./dashboard.ts";
import { graph, stat, table } from "./panels.ts";

const SERVICE = 'service=~"$service"';

/** Does SafeBase itself run well? */
export const services: Dashboard = {
  uid: "safebase-services", title: "SafeBase / Services", description: "Does SafeBase itself run well, and are people told?",
  variables: [
    { name: "service", label: "Service", query: "label_values(safebase_build_info, service)" },
    { name: "channel_type", label: "Channel", query: "label_values(safebase_notifications_total, channel_type)" },
  ],
  rows: [
    {
      title: "Alive?",
      panels: [
        stat({ title: "Pages that answer", description: "Of those that Prometheus scrapes, the share that answers. Must be 100 %.", unit: "percentunit", expr: 'avg(up{job=~"safebase.*"})', thresholds: { warn: 1, bad: 0.99 } }),
        stat({ title: "Gateways", description: "That gave a sign of life in the last 30 seconds.", unit: "none", expr: 'max(safebase_heartbeats{part="gateway"})', thresholds: { warn: 1, bad: 0.5 } }),
        stat({ title: "Schedulers", description: "That gave a sign of life in the last 30 seconds.", unit: "none", expr: 'max(safebase_heartbeats{part="scheduler"})', thresholds: { warn: 1, bad: 0.5 } }),
        stat({ title: "Notifiers", description: "That gave a sign of life in the last 30 seconds.", unit: "none", expr: 'max(safebase_heartbeats{part="notifier"})', thresholds: { warn: 1, bad: 0.5 } }),
        stat({ title: "Last tick", description: "Since the scheduler last asked for the minutely check of objectives.", unit: "s", expr: 'time() - max(safebase_scheduler_last_tick_timestamp_seconds{tick="objectives"})', thresholds: { warn: 120, bad: 300 } }),
        stat({ title: "Unknown schedules", description: "Enabled in the catalog, but not known to the scheduler: they do not run.", unit: "none", expr: "max(safebase_schedules_enabled) * (1 - max(safebase_schedules_paused)) - max(safebase_scheduler_schedules)", thresholds: { warn: 1, bad: 1 } }),
        stat({ title: "Schedules paused", description: "1 while all schedules are paused: nothing is backed up on schedule.", unit: "none", expr: "max(safebase_schedules_paused)", thresholds: { warn: 1, bad: 1 } }),
        stat({ title: "Catalog backed up", description: "Since SafeBase's own catalog was last stored, which is done every night. From 26 hours on it is overdue.", unit: "s", expr: "time() - max(safebase_catalog_backup_last_success_timestamp_seconds)", thresholds: { warn: 90_000, bad: 93_600 } }),
        table({
          title: "What runs", description: "Each service, its version and Node's. Versions should differ during an update only.", unit: "none", height: 6, width: 12,
          queries: [{ expr: `max by (service, version, node, instance) (safebase_build_info{${SERVICE}})` }],
          columns: [{ of: "service", title: "Service" }, { of: "version", title: "Version" }, { of: "node", title: "Node" }, { of: "instance", title: "Instance" }],
        }),
        graph({ title: "Executors alive", description: "In each group that databases need.", unit: "none", height: 6, queries: [{ expr: "max by (executor_group) (safebase_executors_alive)", legend: "{{executor_group}}" }] }),
      ],
    },
    {
      title: "NATS and processes",
      panels: [
        graph({ title: "Connected to NATS", description: "1 while a service is connected, 0 while it tries to.", unit: "none", queries: [{ expr: `min by (service, instance) (safebase_nats_connected{${SERVICE}})`, legend: "{{service}} {{instance}}" }] }),
        graph({ title: "NATS reconnects", description: "How often the connection was lost and came back, in each hour before. Once is a restart of NATS; often is the network or a NATS that dies.", unit: "none", queries: [{ expr: `sum by (service) (increase(safebase_nats_reconnects_total{${SERVICE}}[1h]))`, legend: "{{service}}" }] }),
        graph({ title: "Event loop lag", description: "99 % of the turns are quicker. High: the process has more to do than one core can.", unit: "s", queries: [{ expr: "max by (service, instance) (nodejs_eventloop_lag_p99_seconds)", legend: "{{service}} {{instance}}" }], thresholds: { warn: 0.1, bad: 0.5 } }),
        graph({ title: "Memory", description: "What each process holds, without the native programs that it runs. Must not grow with the size of databases.", unit: "bytes", queries: [{ expr: 'max by (service, instance) (process_resident_memory_bytes{job=~"safebase.*"})', legend: "{{service}} {{instance}}" }] }),
        graph({ title: "Processor", description: "Cores that each process uses, without the native programs that it runs.", unit: "none", queries: [{ expr: 'sum by (service, instance) (rate(process_cpu_seconds_total{job=~"safebase.*"}[$__rate_interval]))', legend: "{{service}} {{instance}}" }] }),
        graph({ title: "Uptime", description: "Since the process began. Drops to 0 tell of restarts.", unit: "s", queries: [{ expr: 'time() - max by (service, instance) (process_start_time_seconds{job=~"safebase.*"})', legend: "{{service}} {{instance}}" }] }),
      ],
    },
    {
      title: "REST API",
      panels: [
        graph({ title: "Requests by route", description: "Each second. The route none is what does not exist.", unit: "reqps", queries: [{ expr: "sum by (method, route) (rate(http_request_duration_seconds_count[$__rate_interval]))", legend: "{{method}} {{route}}" }] }),
        graph({ title: "Requests by status", description: "Each second. 5xx are our own faults, 401 and 429 may be somebody who guesses passwords.", unit: "reqps", queries: [{ expr: "sum by (status) (rate(http_request_duration_seconds_count[$__rate_interval]))", legend: "{{status}}" }] }),
        graph({ title: "Time to answer", description: "95 % of the answers of each route begin sooner. Asking an executor takes as long as the database server takes.", unit: "s", queries: [{ expr: "histogram_quantile(0.95, sum by (le, route) (rate(http_request_duration_seconds_bucket[5m])))", legend: "{{route}}" }] }),
        graph({ title: "Faults of our own", description: "The share of answers with a status of 500 or more.", unit: "percentunit", queries: [{ expr: "gateway:http_requests_5xx:ratio_rate5m", legend: "5xx" }], thresholds: { warn: 0.01, bad: 0.05 } }),
      ],
    },
    {
      title: "Are people told?",
      panels: [
        graph({ title: "Notifications by outcome", description: "Tries in each hour before. retrying is tried again, dead was given up.", unit: "none", queries: [{ expr: 'sum by (channel_type, outcome) (increase(safebase_notifications_total{channel_type=~"$channel_type"}[1h]))', legend: "{{channel_type}} {{outcome}}" }] }),
        graph({ title: "Open notifications", description: "Notices that a channel has not been told of yet.", unit: "none", queries: [{ expr: 'max by (channel_type, status) (safebase_notifications_open{channel_type=~"$channel_type"})', legend: "{{channel_type}} {{status}}" }] }),
        graph({ title: "Oldest open notification", description: "How long somebody has not been told of something.", unit: "s", queries: [{ expr: 'max by (channel_type) (safebase_notifications_oldest_age_seconds{channel_type=~"$channel_type"})', legend: "{{channel_type}}" }], thresholds: { warn: 300, bad: 1_800 } }),
        graph({ title: "Time to deliver", description: "95 % of the tries are over sooner, whether they succeed or not.", unit: "s", queries: [{ expr: 'histogram_quantile(0.95, sum by (le, channel_type) (rate(safebase_notification_delivery_duration_seconds_bucket{channel_type=~"$channel_type"}[1h])))', legend: "{{channel_type}}" }] }),
        stat({ title: "Given up", description: "In the last 24 hours. Must be 0.", unit: "none", expr: 'sum(max by (channel_type) (safebase_notifications_dead{channel_type=~"$channel_type"}))', thresholds: { warn: 1, bad: 1 } }),
        stat({ title: "Not handed to NATS", description: "Notifications that wait in the catalog for NATS to take them. Not 0 for long: NATS is away.", unit: "none", expr: "max(safebase_notifications_unpublished)", thresholds: { warn: 10, bad: 100 } }),
        stat({ title: "Being told", description: "Messages that gather notices, or are being delivered.", unit: "none", expr: "sum(safebase_notification_groups_open)" }),
      ],
    },
    {
      title: "Executors and storages",
      panels: [
        graph({ title: "Storage used", description: "What backups and their manifests take.", unit: "bytes", queries: [{ expr: "max by (storage, executor_group) (safebase_storage_used_bytes)", legend: "{{storage}} {{executor_group}}" }] }),
        graph({ title: "Storage free", description: "Share of the whole, also taken by what is not ours.", unit: "percentunit", queries: [{ expr: "storage:safebase_storage_free:ratio", legend: "{{storage}} {{executor_group}}" }], thresholds: { warn: 0.2, bad: 0.1 } }),
        graph({ title: "Free in three days", description: "If it goes on as in the last day. Below 0: it is full before.", unit: "bytes", queries: [{ expr: "max by (storage, executor_group) (predict_linear(safebase_storage_free_bytes[1d], 3 * 86400))", legend: "{{storage}} {{executor_group}}" }] }),
        graph({ title: "Storages reached", description: "1 while executors of the group reach the storage, 0 while they do not: backups that go there alone fail, others lack a copy.", unit: "none", queries: [{ expr: "max by (storage, executor_group) (safebase_storage_up)", legend: "{{storage}} {{executor_group}}" }] }),
        graph({ title: "Copies lost", description: "Copies of backups that are damaged or missing, and not made good yet. Must go back to 0 by itself.", unit: "none", queries: [{ expr: "max by (storage, state) (safebase_copies_lost)", legend: "{{storage}} {{state}}" }] }),
        graph({ title: "Storage operations by outcome", description: "What executors and gateways asked of each storage, in each hour before: ok, or the error's code. artifact_missing is asked for and not there; the other codes are the storage's.", unit: "none", queries: [{ expr: `sum by (storage, outcome) (increase(safebase_storage_operation_duration_seconds_count{${SERVICE}}[1h]))`, legend: "{{storage}} {{outcome}}" }] }),
        graph({ title: "Time of storage operations", description: "95 % are over sooner; without put and get, which last as long as what they carry.", unit: "s", queries: [{ expr: `histogram_quantile(0.95, sum by (le, storage, operation) (rate(safebase_storage_operation_duration_seconds_bucket{operation!~"put|get", ${SERVICE}}[1h])))`, legend: "{{storage}} {{operation}}" }] }),
        graph({ title: "Bytes to and from storages", description: "Counted when a transfer ends, so what takes long shows as a peak.", unit: "Bps", queries: [{ expr: `sum by (storage, operation) (rate(safebase_storage_transferred_bytes_total{${SERVICE}}[$__rate_interval]))`, legend: "{{storage}} {{operation}}" }] }),
        graph({ title: "Servers asked", description: "Connection tests and probes, by ok or the error's code, in each hour before.", unit: "none", queries: [{ expr: "sum by (outcome) (increase(safebase_executor_probes_total[1h])) > 0", legend: "{{outcome}}" }] }),
      ],
    },
  ],
};
