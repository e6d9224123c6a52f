import { open } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { connect, fillRealistic, fingerprint, freshDatabase, type Fingerprint, type ServerInfo } from "@safebase/testing";
import type { Api, Ended } from "./api.ts";
import type { Step } from "./table.ts";

export interface DemoOptions {
  readonly api: Api;
  readonly artifacts_dir: string;
  readonly rows: number;
  readonly report: (step: Step) => void;
}

/** What a step found, and what the following ones need of it. */
interface Found<T> {
  readonly check: string;
  readonly size_bytes?: number;
  readonly value: T;
}

const VIEWS: Record<ServerInfo["engine"], string> = { postgresql: '"big spenders" CASCADE', mysql: "a_view_on_view, `big spenders`", mariadb: "a_view_on_view, `big spenders`" };

/** The main job on one server: fill, register, back up, damage, restore, compare; then a restore that must be refused. */
export async function mainJob(server: ServerInfo, options: DemoOptions): Promise<void> {
  const { api } = options;
  const step = stepper(`${server.engine} ${server.version}`, options.report);
  await using database = await freshDatabase(server, "shop");
  const { db_name } = database;
  const look = (name = db_name): Promise<Fingerprint> => lookAt(server, name);

  const before = await step("fill with a realistic schema", async () => {
    await fillRealistic(database.connection, { rows: options.rows });
    const value = await look();
    return { check: describe(value), value };
  });
  const database_id = await step("register and test", () => register(api, server, db_name));
  const backup = await step("back up", async () => {
    const asked = await api.call<{ backup: Ended }>("POST", `/api/backups/database/${database_id}`, {});
    const value = completed(await api.ended(`/api/backups/${asked.backup.id}`, "backup"));
    return { check: value.filename, size_bytes: value.size, value };
  });
  await step("damage", async () => {
    for (const sql of [`DROP VIEW ${VIEWS[server.engine]}`, "DELETE FROM order_lines", "UPDATE customers SET name = 'overwritten' WHERE id % 3 = 0"]) {
      await database.connection.query(sql);
    }
    return { check: holds(!same(await look(), before), "differs from before, as it should"), value: null };
  });
  await step("restore in place", async () => {
    const done = completed(await restore(api, backup.id, db_name));
    return { check: done.safety_backup_id ? `completed, after safety backup ${done.safety_backup_id}` : "completed, swapped in at once", value: null };
  });
  await step("compare", async () => ({ check: holds(same(await look(), before), "identical: schema and every row"), value: null }));
  await step("restore as a new database", async () => {
    const copy = `${db_name}_copy`;
    completed(await restore(api, backup.id, copy, { db_name: copy }));
    return { check: holds(same(await look(copy), before), "identical: schema and every row"), value: null };
  });
  await step("restore an altered artifact", async () => {
    await flipByte(join(options.artifacts_dir, backup.filepath), Math.floor(backup.size / 2));
    const refused = await restore(api, backup.id, db_name);
    return { check: holds(refused.status === "failed" && same(await look(), before), "refused, the target is untouched"), value: null };
  });
}

function stepper(database: string, report: DemoOptions["report"]) {
  return async <T>(step: string, act: () => Promise<Found<T>>): Promise<T> => {
    const from_ms = performance.now();
    const { value, ...shown } = await act();
    report({ database, step, time_ms: performance.now() - from_ms, ...shown });
    return value;
  };
}

async function register(api: Api, server: ServerInfo, db_name: string): Promise<Found<number>> {
  const { engine, host, port, username, password } = server;
  const { database } = await api.call<{ database: { id: number } }>("POST", "/api/databases", {
    name: `demo ${engine}`, type: engine, host, port, username, password, db_name,
  });
  const report = await api.call<{ ok: boolean; server: string; tables: number; client: { name: string; version: string } }>("POST", `/api/databases/${database.id}/test`);
  return { check: holds(report.ok, `${report.server}, ${report.tables} tables, by ${report.client.name} ${report.client.version}`), value: database.id };
}

async function restore(api: Api, backupId: number, confirm: string, target?: { db_name: string }): Promise<Ended> {
  const asked = await api.call<{ restore: Ended }>("POST", `/api/backups/${backupId}/restore`, { confirm, delay_s: 0, ...(target === undefined ? {} : { target }) });
  return api.ended(`/api/restores/${asked.restore.id}`, "restore");
}

/** In a session of its own: the swap ends those that are open, and a fingerprint changes its session's settings. */
async function lookAt(server: ServerInfo, db_name: string): Promise<Fingerprint> {
  await using connection = await connect(server, db_name);
  return await fingerprint(connection); // awaited: the session ends with this block
}

function describe({ tables, views, triggers, routines }: Fingerprint): string {
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  const count = (things: object, name: string): string => `${Object.keys(things).length} ${name}`;
  return [count(tables, "tables"), `${rows} rows`, count(views, "views"), count(triggers, "triggers"), count(routines, "routines")].join(", ");
}

const same = (a: Fingerprint, b: Fingerprint): boolean => isDeepStrictEqual(a, b);

function holds(condition: boolean, sentence: string): string {
  if (!condition) throw new Error(`the demo expected: ${sentence}`);
  return `✓ ${sentence}`;
}

function completed(thing: Ended): Ended {
  if (thing.status !== "completed") throw new Error(`${thing.status}: ${thing.error_msg}`);
  return thing;
}

async function flipByte(path: string, offset: number): Promise<void> {
  await using file = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, offset);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, offset);
}
