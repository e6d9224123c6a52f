import { freshDatabase, until } from "@safebase/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Json } from "../client.ts";
import { listen, type EventStream, type Heard } from "./events.ts";
import { dropLater, filledDatabase, startSystem, type System } from "./system.ts";

let system: System;
beforeAll(async () => { system = await startSystem(); });
afterAll(() => system[Symbol.asyncDispose]());

/** What is said at least every second may come a little late on a machine that does other things, too. */
const LATEST_MS = 1_400;
const BULK_ROWS = { postgresql: 1_600_000, mariadb: 1_000_000 }; // what takes each some seconds

test.each([inject("postgres"), inject("mariadb")])("a backup and a restore on $engine of some seconds tell how far they are, every second, and their end", async (server) => {
  await using database = await freshDatabase(server, "bulk");
  await database.connection.query(server.engine === "postgresql"
    ? `CREATE UNLOGGED TABLE bulk AS SELECT i, repeat(md5(i::text), 16) AS t FROM generate_series(1, ${BULK_ROWS.postgresql}) AS i`
    : `CREATE TABLE bulk AS SELECT seq, repeat(md5(seq), 16) AS t FROM seq_1_to_${BULK_ROWS.mariadb}`);
  const database_id = await system.admin.addDatabase(server, database.db_name);
  await using stream = await listen(system.admin);

  const ordered = await system.admin.backUp(database_id);
  const backup = await heardEnd(stream, "backup", ordered.id);
  expect(backup.data).toMatchObject({ status: "completed", error_msg: null });
  const raw_size = Number(backup.data["raw_size"]);
  const dumped = expectSteady(stream, "backup", ordered.id, ordered.job_id);
  expect(dumped.at(-1)!.data).toMatchObject({ backup_id: ordered.id, restore_id: null, kind: "backup", phase: "dump" });
  const bytes = dumped.map(({ data }) => Number(data["bytes_in"]));
  expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
  expect(bytes.at(-1)).toBeGreaterThan(raw_size / 4);
  expect(bytes.at(-1)).toBeLessThanOrEqual(raw_size);
  expect(Math.max(...dumped.map(({ data }) => Number(data["rate_bytes_per_s"])))).toBeGreaterThan(1e6);

  const restore = await system.admin.restore(ordered.id, `${database.db_name}_copy`, { target: { db_name: `${database.db_name}_copy` } });
  await using _dropped = dropLater(server, `${database.db_name}_copy`);
  expect((await heardEnd(stream, "restore", restore.id)).data).toMatchObject({ status: "completed", error_msg: null });
  const loaded = expectSteady(stream, "restore", restore.id, restore.job_id);
  expect(loaded.some(({ data }) => data["phase"] === "load" && Number(data["bytes_in"]) > 0 && Number(data["total_bytes"]) === Number(backup.data["size"]))).toBe(true);
});

test("every user hears of what is his, and of nothing else", async () => {
  const [ann, ben] = [await system.newUser("ann@events.example"), await system.newUser("ben@events.example")];
  await using anns = await listen(ann);
  await using bens = await listen(ben);
  await using all = await listen(system.admin, "/api/events?scope=all");
  await using database = await filledDatabase(inject("postgres"), ann, "ann", 10);
  const { id } = await ann.backedUp(database.id);
  const schedule = await ann.call<{ schedule: { id: number } }>("POST", "/api/schedules", { database_id: database.id, cron: "0 3 * * *" });
  await ann.call("DELETE", `/api/backups/${id}`);
  const kinds = ({ heard }: EventStream) => [...new Set(heard.map(({ event }) => event).filter((event) => event !== "progress"))].sort();
  await until("ann to hear all of it", () => anns.heard.some(({ event, data }) => event === "backup" && data["deleted"] === true));
  expect(kinds(anns).filter((kind) => kind !== "objective")).toEqual(["backup", "database", "notice", "schedule"]);
  await until("the admin to hear it, too", () => all.heard.some(({ event, data }) => event === "backup" && data["deleted"] === true));
  expect(anns.heard.some(({ event, data }) => event === "schedule" && data["id"] === schedule.schedule.id)).toBe(true);
  await ben.addDatabase(inject("postgres"), "bens"); // heard after whatever may have been before
  await until("ben to hear of his", () => bens.heard.length > 0);
  expect(bens.heard.map(({ event, data }) => [event, data["db_name"]])).toEqual([["database", "bens"]]);
  expect((await ben.ask("GET", "/api/events?scope=all")).status).toBe(403);
});

function heardEnd(stream: EventStream, kind: "backup" | "restore", id: number): Promise<Heard> {
  const over = (data: Json): boolean => data["id"] === id && ["completed", "failed", "canceled"].includes(String(data["status"]));
  return until(`the end of ${kind} ${id}`, () => stream.heard.find(({ event, data }) => event === kind && over(data)), { timeout_ms: 90_000 });
}

/** The progress of a job, which came in steady steps from its start to its end. */
function expectSteady(stream: EventStream, kind: "backup" | "restore", id: number, job_id: number): Heard[] {
  const progress = stream.heard.filter(({ event, data }) => event === "progress" && data["job_id"] === job_id);
  const own = stream.heard.filter(({ event, data }) => event === kind && data["id"] === id && data["status"] !== "pending");
  expect(own.map(({ data }) => data["status"])).toEqual(["running", "completed"]);
  const times = [own[0]!.at_ms, ...progress.map(({ at_ms }) => at_ms), own[1]!.at_ms];
  expect(times.at(-1)! - times[0]!, `${kind} is to last long enough to be watched`).toBeGreaterThan(1_200);
  const gaps = times.slice(1).map((at_ms, index) => Math.round(at_ms - times[index]!));
  expect(Math.max(...gaps), `between two events of the ${kind}: ${gaps.join(", ")} ms`).toBeLessThan(LATEST_MS);
  return progress;
}
