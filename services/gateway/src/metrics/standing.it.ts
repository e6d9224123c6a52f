import { join } from "node:path";
import { BUCKETS, NOTICE_KINDS, type ExecutorHeartbeat } from "@safebase/contracts";
import { beat, startHeartbeat } from "@safebase/runtime";
import { tempDir, until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackup } from "../backups/create.ts";
import { databaseFacts } from "../catalog/metrics.ts";
import { openCatalog } from "../catalog/open.ts";
import type { Backup, Database, NotificationStatus, ObjectiveState } from "../catalog/schema.ts";
import { startRig, type Rig } from "../jobs/rig-fixture.ts";
import { backUpCatalog } from "../recovery/backup-catalog.ts";
import { valueOf } from "./page-fixture.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe.each(["sqlite", "postgresql"] as const)("how things stand, on %s", (dialect) => {
  let rig: Rig;
  beforeEach(async () => { rig = await startRig(dialect); });
  afterEach(() => rig[Symbol.asyncDispose]());

  const page = () => rig.metrics.metrics();
  const value = async (series: string) => valueOf(await page(), series);
  const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
  const around = (expected: number): unknown => expect.closeTo(expected, -2); // within 50 seconds

  async function addBackup(database: Database, taken_at: string, more: Partial<Backup> = {}): Promise<void> {
    await rig.db.insertInto("backups").values({
      user_id: database.user_id, database_id: database.id, schedule_id: null, planned_at: null, trigger: "manual", type: database.type, format: "sql", compression: "zstd", stem: "s", filename: null, filepath: null, status: "completed", size_bytes: 1, raw_size_bytes: 1, sha256: null, server: null, tool: null, contents: null,
      warnings: null, error_code: null, error_msg: null, error_hint: null, created_at: taken_at, started_at: taken_at, finished_at: taken_at, updated_at: taken_at,
      deleted_at: null, purged_at: null, ...more,
    }).execute();
  }

  async function addObjective({ id, user_id }: Database, kind: "backup" | "verification", state: ObjectiveState, max_age_s: number): Promise<void> {
    const at = ago(0);
    await rig.db.insertInto("objectives").values({ user_id, database_id: id, kind, max_age_s, state, state_since: at, created_at: at, updated_at: at })
      .onConflict((conflict) => conflict.columns(["database_id", "kind"]).doUpdateSet({ max_age_s, state })).execute();
  }

  test("each database: its newest backup and newest proved one, how its objectives stand", async () => {
    const database = await rig.database("mariadb");
    const other = await rig.database("postgresql");
    await addBackup(database, ago(5 * HOUR_MS), { verified_at: ago(HOUR_MS) });
    await addBackup(database, ago(2 * HOUR_MS));
    await addBackup(database, ago(MINUTE_MS), { deleted_at: ago(0) });
    await addBackup(database, ago(MINUTE_MS), { status: "failed" });
    await addObjective(database, "backup", "met", 86_400);
    await addObjective(database, "verification", "at_risk", 18_000);
    await addObjective(other, "backup", "missed", 3_600);
    const text = await page();
    const of = (name: string, labels: string, id = database.id) => valueOf(text, `${name}{database_id="${id}",database="My shop",${labels}}`);
    expect(of("safebase_database_last_success_timestamp_seconds", 'engine="mariadb"')).toEqual(around(Date.now() / 1000 - 7_200));
    expect(of("safebase_database_last_verified_timestamp_seconds", 'engine="mariadb"')).toEqual(around(Date.now() / 1000 - 18_000));
    expect(of("safebase_database_last_success_timestamp_seconds", 'engine="postgresql"', other.id)).toBe(0); // never
    expect(of("safebase_objective_state", 'engine="mariadb",objective="backup"')).toBe(1);
    expect(of("safebase_objective_state", 'engine="mariadb",objective="verification"')).toBe(2);
    expect(of("safebase_objective_state", 'engine="postgresql",objective="backup"', other.id)).toBe(3);
    expect(of("safebase_objective_limit_seconds", 'engine="mariadb",objective="backup"')).toBe(86_400);
    expect(of("safebase_objective_age_seconds", 'engine="mariadb",objective="backup"')).toEqual(around(7_200));
    expect(of("safebase_objective_age_seconds", 'engine="postgresql",objective="backup"', other.id)).toBeUndefined();
    expect(valueOf(text, 'safebase_objectives{objective="backup",state="missed"}')).toBe(1);
    expect(valueOf(text, 'safebase_databases{engine="mariadb"}')).toBe(1);
    await rig.db.updateTable("databases").set({ deleted_at: ago(0) }).where("id", "=", other.id).execute();
    expect(await page()).not.toContain(`database_id="${other.id}"`);
  });

  test("where there are more databases than are listed, those that miss an objective come first", async () => {
    for (const _ of [1, 2]) await rig.database("mysql");
    const missing = await rig.database("mysql");
    await addObjective(missing, "backup", "missed", 3_600);
    expect((await databaseFacts(rig.db, 1)).map(({ id }) => id)).toEqual([missing.id]);
    expect(await databaseFacts(rig.db, 9)).toHaveLength(3);
  });

  test("the queue of each group: what waits for an executor, not what waits for its time", async () => {
    await using gateway = rig.gateway();
    const database = await rig.database("postgresql");
    expect(await value('safebase_queue_oldest_age_seconds{executor_group="default"}')).toBe(0);
    const { job_id } = await createBackup(gateway, rig.ann, { database_id: database.id });
    await rig.db.updateTable("jobs").set({ created_at: ago(HOUR_MS), not_before: ago(HOUR_MS / 2) }).where("id", "=", job_id).execute();
    expect(await value('safebase_queue_jobs{executor_group="default"}')).toBe(1);
    expect(await value('safebase_queue_oldest_age_seconds{executor_group="default"}')).toEqual(around(1_800));
    await until("it to be given out", async () => await value('safebase_queue_turn_jobs{executor_group="default"}') === 0);
    await gateway[Symbol.asyncDispose]();
    await rig.db.updateTable("jobs").set({ published_at: null }).where("id", "=", job_id).execute();
    expect(await value('safebase_queue_turn_jobs{executor_group="default"}')).toBe(1);
    await rig.db.updateTable("jobs").set({ not_before: ago(-HOUR_MS) }).where("id", "=", job_id).execute();
    expect(await value('safebase_queue_jobs{executor_group="default"}')).toBe(0);
    expect(await value('safebase_jobs_pending{kind="backup"}')).toBe(1);
  });

  test("who lives: services, and executors of each group that is needed", async () => {
    await rig.db.updateTable("databases").set({ executor_group: "branch" }).where("id", "=", (await rig.database("mysql")).id).execute();
    expect(await value('safebase_executors_alive{executor_group="branch"}')).toBe(0);
    expect(await value('safebase_heartbeats{part="scheduler"}')).toBe(0);
    const heartbeat: ExecutorHeartbeat = { executor_id: "one", host: "h", group: "branch", version: "1", clients: [], running_jobs: [], at: ago(0) };
    await using _executor = beat(rig.core.bus, BUCKETS.executors, "branch.one", async () => heartbeat);
    {
      await using _one = startHeartbeat(rig.core.bus, "scheduler");
      await using _two = startHeartbeat(rig.core.bus, "scheduler");
      await until("two schedulers", async () => await value('safebase_heartbeats{part="scheduler"}') === 2);
      await until("an executor", async () => await value('safebase_executors_alive{executor_group="branch"}') === 1);
    }
    expect(await value('safebase_heartbeats{part="scheduler"}')).toBe(0); // they said good-bye
    await rig.nats.stop();
    await until("a gap where NATS is asked", async () => await value('safebase_heartbeats{part="scheduler"}') === undefined);
    expect(await value('safebase_databases{engine="mysql"}')).toBe(1);
  });

  test("notifications that are open, and those given up lately", async () => {
    const add = async (status: NotificationStatus, at: string, last_tried_at: string | null = at): Promise<void> => {
      const notice_id = `${status} ${at} ${last_tried_at}`;
      await rig.db.insertInto("notices").values({ id: notice_id, kind: NOTICE_KINDS[0], severity: null, user_id: null, database_id: null, payload: "{}", created_at: at }).execute();
      await rig.db.insertInto("notifications").values({
        notice_id, channel_id: 1, channel_name: "x", channel_type: "slack", user_id: null, status, created_at: at, finished_at: status === "dead" ? at : null, published_at: at,
        group_id: null, group_size: null, answer: null, error: null, last_tried_at, next_try_at: null,
      }).execute();
    };
    expect(await value('safebase_notifications_open{channel_type="slack",status="retrying"}')).toBe(0);
    await add("retrying", ago(3 * HOUR_MS));
    await add("retrying", ago(MINUTE_MS));
    await add("dead", ago(HOUR_MS));
    await add("dead", ago(25 * HOUR_MS));
    await add("dead", ago(HOUR_MS), ago(2 * HOUR_MS)); // its channel was removed then, untried or between two tries
    await add("dead", ago(HOUR_MS), null);
    await add("delivered", ago(HOUR_MS));
    expect(await value('safebase_notifications_open{channel_type="slack",status="retrying"}')).toBe(2);
    expect(await value('safebase_notifications_oldest_age_seconds{channel_type="slack"}')).toEqual(around(10_800));
    expect(await value('safebase_notifications_dead{channel_type="slack"}')).toBe(1);
    expect(await value('safebase_notifications_dead{channel_type="email"}')).toBe(0);
    expect(await value("safebase_notifications_unpublished")).toBe(0);
  });

  test("when the catalog itself was last stored: not when that was last tried", async () => {
    await using dir = await tempDir("catalog");
    const url = `sqlite:${join(dir.path, "catalog.db")}`;
    await using _catalog = await openCatalog(url);
    const backUp = (at: string, catalog_url: string) =>
      backUpCatalog({ ...rig.core, config: { ...rig.core.config, data_dir: dir.path, catalog_url }, now: () => new Date(at) }, { kick: () => { /* nobody listens */ } });
    const series = "safebase_catalog_backup_last_success_timestamp_seconds";
    await backUp("2026-01-01T01:43:00Z", "sqlite::memory:"); // fails
    expect(await value(series)).toBeUndefined();
    await backUp("2026-01-02T01:43:00Z", url);
    await backUp("2026-01-03T01:43:00Z", "sqlite::memory:");
    expect(await value(series)).toBe(Date.parse("2026-01-02T01:43:00Z") / 1000);
  });

  test("how full storages are, and which have no end", async () => {
    const checked_at = ago(MINUTE_MS);
    await rig.db.insertInto("storage_status").values([
      { storage: "local", executor_group: "default", used_bytes: 5e12, free_bytes: 3, total_bytes: 9e12, checked_at },
      { storage: "s3", executor_group: "default", used_bytes: 7, free_bytes: null, total_bytes: null, checked_at },
      { storage: "off", executor_group: "default", used_bytes: null, free_bytes: null, total_bytes: null, checked_at, error_code: "storage_failed", error_msg: "it is down" },
    ]).execute();
    expect(await value('safebase_storage_up{storage="s3",executor_group="default"}')).toBe(1);
    expect(await value('safebase_storage_up{storage="off",executor_group="default"}')).toBe(0);
    expect(await value('safebase_storage_used_bytes{storage="off",executor_group="default"}')).toBeUndefined();
    expect(await value('safebase_storage_used_bytes{storage="local",executor_group="default"}')).toBe(5e12);
    expect(await value('safebase_storage_free_bytes{storage="local",executor_group="default"}')).toBe(3);
    expect(await value('safebase_storage_total_bytes{storage="s3",executor_group="default"}')).toBeUndefined();
    expect(await value('safebase_storage_checked_timestamp_seconds{storage="s3",executor_group="default"}')).toBe(Date.parse(checked_at) / 1000);
  });
});
