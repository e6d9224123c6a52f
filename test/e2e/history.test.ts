import { freshDatabase, until } from "@safebase/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Json, Shown } from "../client.ts";
import { dropLater, filledDatabase, startSystem, type System } from "./system.ts";

const postgres = inject("postgres");
const mariadb = inject("mariadb");

let system: System;
beforeAll(async () => { system = await startSystem(); });
afterAll(() => system[Symbol.asyncDispose]());

interface Page { backups: Shown[]; pagination: { page: number; per_page: number; total: number; pages: number } }

test("backups are listed in pages, newest first, and by status, type and database; stats add them up", async () => {
  const user = await system.newUser("lists@example.org");
  await using one = await filledDatabase(postgres, user, "one", 10);
  await using two = await filledDatabase(mariadb, user, "two", 10);
  const gone = await user.addDatabase(postgres, "not there");
  const made: Shown[] = [];
  for (const id of [one.id, two.id, one.id, one.id]) made.push(await user.backedUp(id));
  const failed = await user.ended("backup", (await user.backUp(gone)).id);
  const list = (query = "") => user.call<Page>("GET", `/api/backups${query}`);
  const ids = ({ backups }: Page) => backups.map(({ id }) => id);

  const newestFirst = [failed.id, ...made.map(({ id }) => id).toReversed()];
  expect(ids(await list())).toEqual(newestFirst);
  expect((await list("?page=2&per_page=2")).pagination).toEqual({ page: 2, per_page: 2, total: 5, pages: 3 });
  expect((await Promise.all([1, 2, 3, 4].map((page) => list(`?page=${page}&per_page=2`)))).flatMap(ids)).toEqual(newestFirst);
  expect(ids(await list("?status=failed"))).toEqual([failed.id]);
  expect(ids(await list("?type=mariadb"))).toEqual([made[1]!.id]);
  expect(ids(await list(`?database_id=${one.id}&status=completed`))).toEqual([made[3]!.id, made[2]!.id, made[0]!.id]);
  expect(ids(await user.call<Page>("GET", `/api/backups/database/${one.id}?per_page=1`))).toEqual([made[3]!.id]);

  const bytes = (backups: Shown[]) => backups.reduce((sum, { size }) => sum + size, 0);
  expect(await user.call("GET", "/api/stats")).toMatchObject({
    databases: 3, open_jobs: [], last_backups: newestFirst.map((id) => ({ id })),
    backups: {
      total: 5, by_status: { pending: 0, running: 0, completed: 4, failed: 1, canceled: 0 }, stored_bytes: bytes(made), success_rate_30d: 0.8,
      by_type: [{ type: "mariadb", count: 1, stored_bytes: made[1]!.size }, { type: "postgresql", count: 4, stored_bytes: bytes(made) - made[1]!.size }],
    },
  });
});

test("every effect is in the audit log, with who, what, when and from where", async () => {
  const from = new Date().toISOString();
  const user = await system.newUser("audited@example.org");
  await using database = await filledDatabase(postgres, user, "audited", 10);
  await using other = await freshDatabase(postgres, "other");
  const call = (method: string, path: string, body?: Json) => user.call<Record<string, { id: number }>>(method, path, body);
  await user.call("POST", `/api/databases/${database.id}/test`);
  const other_id = await user.addDatabase(postgres, other.db_name);
  await call("PUT", `/api/databases/${other_id}`, { name: "renamed" });
  const backup = await user.backedUp(database.id);
  await (await user.fetch("GET", `/api/backups/${backup.id}/download`)).bytes();
  await using _dropped = dropLater(postgres, "audited copy");
  const restore = await user.restored(backup.id, "audited copy", { target: { db_name: "audited copy" } });
  const delayed = await user.restore(backup.id, database.db_name, { delay_s: 60 });
  await call("POST", `/api/jobs/${delayed.job_id}/cancel`);
  const { schedule } = await call("POST", "/api/schedules", { database_id: database.id, cron: "0 3 * * *" });
  await call("PUT", `/api/schedules/${schedule!.id}`, { enabled: false });
  await call("DELETE", `/api/schedules/${schedule!.id}`);
  await call("DELETE", `/api/backups/${backup.id}`);
  await call("DELETE", `/api/databases/${other_id}`);
  await call("POST", "/auth/logout");
  const to = new Date().toISOString();

  const { entries } = await system.admin.call<{ entries: Json[] }>("GET", "/api/audit?scope=all&per_page=200");
  const own = entries.filter(({ actor }) => actor === "audited@example.org").toReversed();
  expect(own.map(({ action, object_type, object_id }) => [action, object_type, object_id])).toEqual([
    ["auth.register", "user", own[0]!["object_id"]],
    ["database.create", "database", database.id], ["database.test", "database", database.id],
    ["database.create", "database", other_id], ["database.update", "database", other_id],
    ["backup.create", "backup", backup.id], ["backup.download", "backup", backup.id],
    ["restore.create", "restore", restore.id], ["restore.create", "restore", delayed.id], ["job.cancel", "job", delayed.job_id],
    ["schedule.create", "schedule", schedule!.id], ["schedule.update", "schedule", schedule!.id], ["schedule.delete", "schedule", schedule!.id],
    ["backup.delete", "backup", backup.id], ["database.delete", "database", other_id], ["auth.logout", null, null],
  ]);
  for (const entry of own) {
    expect(entry).toMatchObject({ ip: "127.0.0.1", outcome: "ok", user_id: own[0]!["user_id"] });
    expect(String(entry["at"]) >= from && String(entry["at"]) <= to, `${String(entry["action"])} at ${String(entry["at"])}`).toBe(true);
  }
  const filtered = await system.admin.call<{ entries: Json[]; pagination: Json }>("GET", `/api/audit?scope=all&action=backup.download&object_id=${backup.id}`);
  expect(filtered).toMatchObject({ entries: [{ action: "backup.download", detail: { form: "stored" } }], pagination: { total: 1 } });
});

// The slowest test of all: cron knows no time between minutes.
test("a schedule backs up when its minute comes, once, and never again once it is ended", { timeout: 120_000 }, async () => {
  await using database = await filledDatabase(postgres, system.admin, "scheduled", 10);
  const now = new Date(await until("not to be too near to a minute's end", () => new Date().getUTCSeconds() < 56 && Date.now(), { timeout_ms: 6_000 }));
  const minute = new Date(Math.ceil((now.getTime() + 1) / 60_000) * 60_000);
  const cron = `${minute.getUTCMinutes()} ${minute.getUTCHours()} * * *`;
  const { schedule } = await system.admin.call<{ schedule: { id: number; next_runs: string[]; next_run_at: string } }>("POST", "/api/schedules",
    { database_id: database.id, name: "soon", cron, compression: "gzip" });
  const day_ms = 86_400_000;
  expect(schedule.next_runs).toEqual([0, 1, 2, 3, 4].map((days) => new Date(minute.getTime() + days * day_ms).toISOString()));
  expect(schedule.next_run_at).toBe(minute.toISOString());
  expect(await system.admin.call("GET", "/api/stats")).toMatchObject({ next_runs: [{ schedule_id: schedule.id, at: minute.toISOString() }] });

  const made = () => system.admin.call<Page>("GET", `/api/backups/database/${database.id}`).then(({ backups }) => backups);
  const [backup] = await until("the backup of the schedule", async () => {
    const backups = await made();
    return backups[0]?.status === "completed" && backups;
  }, { timeout_ms: 75_000, every_ms: 250 });
  expect(backup).toMatchObject({ trigger: "scheduled", schedule_id: schedule.id, planned_at: minute.toISOString(), compression: "gzip", error_msg: null });
  expect(Date.parse((backup as unknown as { created_at: string }).created_at) - minute.getTime()).toBeLessThan(5_000);
  expect(await made()).toHaveLength(1);
  await system.admin.call("DELETE", `/api/schedules/${schedule.id}`);
  expect(await system.admin.call("GET", "/api/schedules")).toMatchObject({ schedules: [] });
  expect(await made()).toHaveLength(1); // the backups stay
  const { entries } = await system.admin.call<{ entries: Json[] }>("GET", "/api/audit?scope=all&action=backup.create&object_type=schedule");
  expect(entries).toMatchObject([{ actor: "scheduler", object_id: schedule.id, ip: null, detail: { planned_at: minute.toISOString() } }]);
});
