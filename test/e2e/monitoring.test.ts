import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { subjects, type Tick } from "@safebase/contracts";
import { Bus, createLog } from "@safebase/runtime";
import { freePort, startNats, startPrometheus, startWebhook, until, type PrometheusServer, type WebhookFixture } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { selectorsOf, withVariables } from "./promql.ts";
import { dropLater, filledDatabase, startSystem, type System } from "./system.ts";

const DASHBOARDS_DIR = resolve(import.meta.dirname, "../../deploy/grafana/dashboards");

interface Rule { type: "alerting" | "recording"; name: string; query: string; health: string; lastError?: string }
interface Panel { title: string; targets?: { expr: string }[] }
interface Dashboard { title: string; panels: Panel[]; templating: { list: { name: string; type: string; definition?: string }[] } }

const dashboards = readdirSync(DASHBOARDS_DIR).map((name) => JSON.parse(readFileSync(join(DASHBOARDS_DIR, name), "utf8")) as Dashboard);
const expressions = dashboards.flatMap(({ title, panels }) => panels.flatMap((panel) => (panel.targets ?? []).map(({ expr }) => [`${title}: ${panel.title}`, expr] as const)));

// One system, one Prometheus and one small workload for all that is looked at here.
const stack = new AsyncDisposableStack();
let system: System;
let prometheus: PrometheusServer;
let receiver: WebhookFixture;
let nats_url: string;

beforeAll(async () => {
  receiver = stack.use(await startWebhook());
  nats_url = stack.use(await startNats()).url;
  system = stack.use(await startSystem({ SAFEBASE_NATS_URL: nats_url, SAFEBASE_ALERT_WEBHOOK_URL: receiver.url, SAFEBASE_ALERT_GROUP_S: "0" }));
  prometheus = stack.use(await startPrometheus([new URL(system.url).host]));
  await prometheus.scraped(); // before anything happens: what happens then is an increase
  await work();
  await until("the scheduler's first minute", async () => (await increased("safebase_scheduler_due_total")) && (await prometheus.query('safebase_scheduler_last_tick_timestamp_seconds{tick="objectives"}')).length > 0,
    { timeout_ms: 90_000 });
}, 240_000);
afterAll(() => stack.disposeAsync());

const increased = async (counter: string): Promise<boolean> => Number((await prometheus.query(`sum(increase(${counter}[5m]))`))[0]?.value[1] ?? 0) > 0;

/** A bit of everything: a backup, proved and restored, one that fails, a schedule, an objective for each kind, a message. */
async function work(): Promise<void> {
  const { admin } = system;
  const server = inject("postgres");
  const database = stack.use(await filledDatabase(server, admin));
  await admin.call("POST", "/api/schedules", { database_id: database.id, name: "each minute", cron: "* * * * *" });
  const { objectives } = await admin.call<{ objectives: { id: number; database_id: number }[] }>("GET", `/api/objectives?database_id=${database.id}`);
  expect(objectives).toHaveLength(2);
  for (const { id } of objectives) await admin.call("PUT", `/api/objectives/${id}`, { max_age_s: 86_400 });
  await checkStorages();
  await admin.call("POST", "/api/recovery/backup");
  const backup = await admin.backedUp(database.id);
  const copy = `${database.db_name}_copy`;
  stack.use(dropLater(server, copy));
  await admin.restored(backup.id, copy, { target: { db_name: copy } });
  await admin.call("POST", `/api/backups/${backup.id}/verify`, {});
  await until("the backup to be proved", () => increased('safebase_verifications_total{status="completed"}'), { timeout_ms: 60_000 });
  await admin.call("POST", `/api/databases/${database.id}/test`);
  const nowhere = await admin.addDatabase({ ...server, port: await freePort() }, "nowhere");
  expect(await admin.ended("backup", (await admin.backUp(nowhere)).id)).toMatchObject({ status: "failed", error_code: "unreachable" });
  await receiver.waitForRequest(({ body }) => body.includes("backup_failed"), 30_000);
}

/** Asks how full the storages are, as the scheduler does every five minutes. */
async function checkStorages(): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  await using bus = await Bus.connect({ url: nats_url, name: "test", lease_ttl_ms: 60_000, log: createLog("test", "silent") }, signal);
  const tick: Tick = { name: "storage_check", planned_at: new Date().toISOString() };
  await bus.publish(subjects.tick(tick.name), tick, { signal });
}

/** Waits until it answers something. */
async function answered(expression: string): Promise<void> {
  await until(`an answer to ${expression}`, async () => (await prometheus.query(expression)).length > 0, { timeout_ms: 20_000 });
}

describe("dashboards", () => {
  it.each(expressions)("%s shows something: %s", async (_title, expression) => {
    await answered(withVariables(expression));
  });

  it("offer values for each of their variables", async () => {
    for (const { name, definition = "" } of dashboards.flatMap(({ templating }) => templating.list.filter(({ type }) => type === "query"))) {
      const [, series, label] = /^label_values\((.*), (\w+)\)$/.exec(withVariables(definition)) ?? [];
      const found = await prometheus.query(series!);
      expect(found.map(({ metric }) => metric[label!]), name).toContainEqual(expect.stringMatching(/./));
    }
  });

  it("use every metric of ours that is not for alerts alone", async () => {
    const names = await prometheus.api<string[]>("label/__name__/values");
    const used = new Set([...expressions.map(([, expression]) => expression), ...(await rules()).map(({ query }) => query)].flatMap(selectorsOf).map((selector) => selector.split("{")[0]));
    const shown = names.filter((name) => /^(safebase|http)_/.test(name)).map((name) => name.replace(/_(sum|count|bucket)$/, ""));
    const missing = new Set(shown.filter((name) => ![name, `${name}_bucket`, `${name}_count`].some((each) => used.has(each))));
    expect([...missing]).toEqual(["safebase_scheduler_timers"]);
  });
});

async function rules(): Promise<Rule[]> {
  return (await prometheus.api<{ groups: { rules: Rule[] }[] }>("rules")).groups.flatMap((group) => group.rules);
}

describe("rules", () => {
  it("are all evaluated without an error", async () => {
    await until("every rule to have been evaluated", async () => (await rules()).every(({ health }) => health !== "unknown"));
    expect((await rules()).filter(({ health }) => health !== "ok")).toEqual([]);
    expect(await rules()).toHaveLength(35);
  });

  it("ask for what is there: every selector of every rule, and every recorded series", async () => {
    for (const { type, name, query } of await rules()) {
      // There was no fault of our own, so no series of one; that there would be one is told by the label's being there.
      for (const selector of selectorsOf(query)) await answered(selector.replaceAll('status=~"5.."', 'status!=""'));
      if (type === "recording") await answered(name);
    }
  });

  it("fire for what went wrong, and for nothing else", async () => {
    await answered('ALERTS{alertname="SafebaseBackupFailed", alertstate="firing", engine="postgresql", trigger="manual"}');
    const alerts = await prometheus.query('count by (alertname) (ALERTS{alertname!~"SafebaseStorage.*"})'); // how full the disk is, is this machine's affair
    expect(alerts.map(({ metric }) => metric["alertname"])).toEqual(["SafebaseBackupFailed"]);
  });
});

describe("what was scraped", () => {
  const value = async (expression: string): Promise<number> => Number((await prometheus.query(expression))[0]?.value[1]);

  it("counts what happened", async () => {
    expect(await value('safebase_backups_total{status="failed", engine="postgresql", trigger="manual"}')).toBe(1);
    expect(await value('safebase_job_failures_total{kind="backup", code="unreachable"}')).toBe(1);
    expect(await value('safebase_restores_total{status="completed", engine="postgresql"}')).toBe(1);
    expect(await value('safebase_verifications_total{status="completed", engine="postgresql"}')).toBe(1);
    expect(await value('safebase_notifications_total{channel_type="webhook", outcome="delivered"}')).toBeGreaterThan(0);
    expect(await value('safebase_executor_probes_total{outcome="ok"}')).toBeGreaterThan(0);
    expect(await value('safebase_storage_transferred_bytes_total{storage="local", operation="put", service="executor"}')).toBeGreaterThan(1_000);
    expect(await value('safebase_storage_operation_duration_seconds_count{storage="local", operation="get", outcome="ok", service="executor"}')).toBeGreaterThan(0);
    expect(await value("safebase_bytes_processed_total{kind=\"verify\", engine=\"postgresql\"}")).toBeGreaterThan(1_000);
  });

  it("names the service of each series, and describes each metric once, in docs/metrics.md too", async () => {
    const services = await prometheus.query("count by (service) (safebase_build_info)");
    expect(new Set(services.map(({ metric }) => metric["service"]))).toEqual(new Set(["executor", "gateway", "notifier", "scheduler"]));
    expect((await prometheus.query("nodejs_eventloop_lag_p99_seconds")).map(({ metric }) => metric["service"])).toEqual(["standalone"]);
    const page = await (await fetch(`${system.url}/metrics`)).text();
    const described = [...page.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name);
    expect(new Set(described).size).toBe(described.length);
    const documented = [...readFileSync(resolve(DASHBOARDS_DIR, "../../../docs/metrics.md"), "utf8").matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    expect(new Set(documented)).toEqual(new Set(described.filter((name) => /^(safebase|http)_/.test(name!))));
  });
});
